using System.Text;
using Microsoft.CodeAnalysis;

namespace PackageApi;

/// <summary>Renders what an assembly offers to others: public and protected types and members, one entry each.</summary>
public static class PublicSurface
{
    private static readonly SymbolDisplayFormat MemberFormat = new(
        SymbolDisplayGlobalNamespaceStyle.Omitted,
        SymbolDisplayTypeQualificationStyle.NameAndContainingTypes,
        SymbolDisplayGenericsOptions.IncludeTypeParameters | SymbolDisplayGenericsOptions.IncludeTypeConstraints | SymbolDisplayGenericsOptions.IncludeVariance,
        SymbolDisplayMemberOptions.IncludeAccessibility | SymbolDisplayMemberOptions.IncludeModifiers | SymbolDisplayMemberOptions.IncludeType
            | SymbolDisplayMemberOptions.IncludeParameters | SymbolDisplayMemberOptions.IncludeRef | SymbolDisplayMemberOptions.IncludeContainingType
            | SymbolDisplayMemberOptions.IncludeConstantValue,
        SymbolDisplayDelegateStyle.NameAndSignature,
        SymbolDisplayExtensionMethodStyle.StaticMethod,
        SymbolDisplayParameterOptions.IncludeType | SymbolDisplayParameterOptions.IncludeName | SymbolDisplayParameterOptions.IncludeDefaultValue
            | SymbolDisplayParameterOptions.IncludeParamsRefOut | SymbolDisplayParameterOptions.IncludeExtensionThis,
        SymbolDisplayPropertyStyle.NameOnly,
        SymbolDisplayLocalOptions.None,
        SymbolDisplayKindOptions.IncludeTypeKeyword | SymbolDisplayKindOptions.IncludeMemberKeyword,
        SymbolDisplayMiscellaneousOptions.UseSpecialTypes | SymbolDisplayMiscellaneousOptions.EscapeKeywordIdentifiers
            | SymbolDisplayMiscellaneousOptions.AllowDefaultLiteral);

    private static readonly SymbolDisplayFormat TypeFormat = MemberFormat
        .WithMemberOptions(SymbolDisplayMemberOptions.None)
        .WithKindOptions(SymbolDisplayKindOptions.None)
        .WithGenericsOptions(SymbolDisplayGenericsOptions.IncludeTypeParameters);

    private static readonly SymbolDisplayFormat VariantTypeFormat = TypeFormat
        .WithGenericsOptions(SymbolDisplayGenericsOptions.IncludeTypeParameters | SymbolDisplayGenericsOptions.IncludeVariance);

    /// <summary>The public surface of the assemblies, ordered by identifier.</summary>
    public static IReadOnlyList<ApiEntry> Of(AssemblySymbols symbols)
        => [.. symbols.Types.Where(IsReachable).SelectMany(EntriesOf).OrderBy(entry => entry.Id, StringComparer.Ordinal)];

    /// <summary>A type with its members; nested types come by themselves.</summary>
    private static IEnumerable<ApiEntry> EntriesOf(INamedTypeSymbol type)
    {
        yield return Entry(type, type.TypeKind == TypeKind.Delegate ? $"{AccessibilityOf(type)} {type.ToDisplayString(MemberFormat)}" : TypeLine(type));
        if (type.TypeKind == TypeKind.Delegate)
        {
            yield break;
        }

        foreach (var member in type.GetMembers().Where(member => IsVisible(member) && IsListed(member, type)))
        {
            yield return Entry(member, MemberLine(member, type));
        }
    }

    private static ApiEntry Entry(ISymbol symbol, string signature)
        => new(symbol.GetDocumentationCommentId()!, ObsoleteMark(symbol) + signature.ReplaceLineEndings(" ").Replace('\t', ' '), symbol.ContainingAssembly.Name);

    private static bool IsVisible(ISymbol symbol)
        => symbol.DeclaredAccessibility is Accessibility.Public or Accessibility.Protected or Accessibility.ProtectedOrInternal;

    /// <summary>Visible, and every type around it too.</summary>
    private static bool IsReachable(INamedTypeSymbol type)
        => IsVisible(type) && (type.ContainingType is null || IsReachable(type.ContainingType));

    /// <summary>Whether a base type can be named by others: it and its type arguments are reachable.</summary>
    private static bool IsNameable(INamedTypeSymbol type)
        => IsReachable(type) && type.TypeArguments.OfType<INamedTypeSymbol>().All(IsNameable);

    /// <summary>Accessors show in their property or event; what the compiler or the runtime adds is no part of the surface.</summary>
    private static bool IsListed(ISymbol member, INamedTypeSymbol type) => member switch
    {
        INamedTypeSymbol => false,
        IMethodSymbol { MethodKind: MethodKind.PropertyGet or MethodKind.PropertySet or MethodKind.EventAdd or MethodKind.EventRemove } => false,
        IMethodSymbol { MethodKind: MethodKind.StaticConstructor or MethodKind.Destructor or MethodKind.ExplicitInterfaceImplementation } => false,
        IMethodSymbol { MethodKind: MethodKind.Constructor, Parameters.Length: 0, IsImplicitlyDeclared: true } when type.TypeKind == TypeKind.Struct => false,
        not IFieldSymbol when type.TypeKind == TypeKind.Enum => false,
        _ => true,
    };

    private static string AccessibilityOf(ISymbol symbol) => symbol.DeclaredAccessibility == Accessibility.Public ? "public" : "protected";

    private static string ObsoleteMark(ISymbol symbol)
    {
        // The compiler marks ref structs and the like as obsolete for compilers that do not know them.
        var marks = symbol.GetAttributes().Where(attribute => attribute.AttributeClass!.Name == nameof(ObsoleteAttribute)
            && !(attribute.ConstructorArguments.FirstOrDefault().Value as string ?? "").StartsWith("Types with embedded references", StringComparison.Ordinal));
        return marks.Any() ? "[Obsolete] " : "";
    }

    private static string TypeLine(INamedTypeSymbol type)
    {
        var line = new StringBuilder(AccessibilityOf(type));
        if (type.TypeKind == TypeKind.Class)
        {
            line.Append(type.IsStatic ? " static" : type.IsAbstract ? " abstract" : type.IsSealed ? " sealed" : "");
        }

        line.Append(type is { TypeKind: TypeKind.Struct, IsReadOnly: true } ? " readonly" : "").Append(type.IsRefLikeType ? " ref" : "");
        line.Append(type.TypeKind switch
        {
            TypeKind.Class => " class ",
            TypeKind.Struct => " struct ",
            TypeKind.Interface => " interface ",
            TypeKind.Enum => " enum ",
            _ => throw new InvalidOperationException($"{type} is a {type.TypeKind}, which has no rendering."),
        });
        line.Append(type.ToDisplayString(VariantTypeFormat));
        if (BasesOf(type).ToArray() is { Length: > 0 } bases)
        {
            line.Append(" : ").AppendJoin(", ", bases);
        }

        var whole = type.ToDisplayString(MemberFormat);
        var constraints = whole.IndexOf(" where ", StringComparison.Ordinal);
        return line.Append(constraints < 0 ? "" : whole[constraints..]).ToString();
    }

    private static IEnumerable<string> BasesOf(INamedTypeSymbol type)
    {
        if (type.TypeKind == TypeKind.Enum)
        {
            return [type.EnumUnderlyingType!.ToDisplayString(TypeFormat)];
        }

        var interfaces = type.Interfaces.Where(IsNameable).Select(face => face.ToDisplayString(TypeFormat));
        return type.BaseType is { SpecialType: not (SpecialType.System_Object or SpecialType.System_ValueType) } parent
            ? interfaces.Prepend(parent.ToDisplayString(TypeFormat) + (IsNameable(parent) ? "" : "/*internal*/"))
            : interfaces;
    }

    private static string MemberLine(ISymbol member, INamedTypeSymbol type)
    {
        var line = WithoutContainingType(member.ToDisplayString(MemberFormat), member, type);
        return member is IPropertySymbol property ? $"{line} {{ {Accessor(property.GetMethod, property, "get")}{Accessor(property.SetMethod, property, "set")}}}" : line;
    }

    private static string Accessor(IMethodSymbol? accessor, IPropertySymbol property, string keyword)
    {
        if (accessor is null || !IsVisible(accessor))
        {
            return "";
        }

        return (accessor.DeclaredAccessibility == property.DeclaredAccessibility ? "" : "protected ") + (accessor.IsInitOnly ? "init" : keyword) + "; ";
    }

    /// <summary>Takes the containing type away where it stands before the member's own name, and nowhere else.</summary>
    private static string WithoutContainingType(string line, ISymbol member, INamedTypeSymbol type)
    {
        var prefix = type.ToDisplayString(VariantTypeFormat) + ".";
        var name = member switch
        {
            IMethodSymbol { MethodKind: MethodKind.Constructor } => type.Name + "(",
            IMethodSymbol { MethodKind: MethodKind.UserDefinedOperator or MethodKind.Conversion } => "",
            IPropertySymbol { IsIndexer: true } => "this[",
            _ => member.Name,
        };
        if (line.StartsWith(prefix + name, StringComparison.Ordinal))
        {
            return line[prefix.Length..];
        }

        var at = line.IndexOf(" " + prefix + name, StringComparison.Ordinal);
        return at < 0 ? line : line.Remove(at + 1, prefix.Length);
    }
}
