using System.Collections.Immutable;
using System.Reflection.Metadata;
using System.Text;

namespace PackageApi;

/// <summary>Writes types and methods of compiled metadata as documentation identifiers.</summary>
internal sealed class Identifiers : ISignatureTypeProvider<string, object?>
{
    public static Identifiers Instance { get; } = new();

    public static string NameOf(MetadataReader reader, TypeReferenceHandle handle)
    {
        var type = reader.GetTypeReference(handle);
        var outer = type.ResolutionScope.Kind == HandleKind.TypeReference
            ? NameOf(reader, (TypeReferenceHandle)type.ResolutionScope)
            : reader.GetString(type.Namespace);
        return Join(outer, reader.GetString(type.Name));
    }

    public static string NameOf(MetadataReader reader, TypeDefinitionHandle handle)
    {
        var type = reader.GetTypeDefinition(handle);
        var outer = type.GetDeclaringType() is { IsNil: false } declaring ? NameOf(reader, declaring) : reader.GetString(type.Namespace);
        return Join(outer, reader.GetString(type.Name));
    }

    /// <summary>What a method may be listed as: itself, the property or event whose accessor it is, or the delegate whose member it is.</summary>
    public static IReadOnlyList<string> OfMethod(string type, string name, MethodSignature<string> signature)
    {
        string Parameters(int count) => count == 0 ? "" : $"({string.Join(',', signature.ParameterTypes.Take(count))})";

        var arity = signature.GenericParameterCount == 0 ? "" : "``" + signature.GenericParameterCount;
        var conversion = name is "op_Implicit" or "op_Explicit" ? "~" + signature.ReturnType : "";
        var all = signature.ParameterTypes.Length;
        var method = $"M:{type}.{name.Replace('.', '#')}{arity}{Parameters(all)}{conversion}";
        return name.Split('_', 2) switch
        {
            ["get", var property] => [method, $"P:{type}.{property}{Parameters(all)}"],
            ["set", var property] => [method, $"P:{type}.{property}{Parameters(all - 1)}"],
            ["add" or "remove", var happening] => [method, $"E:{type}.{happening}"],
            [".ctor"] when signature.ParameterTypes is ["System.Object", "System.IntPtr"] => [method, $"T:{type}"],
            ["Invoke"] => [method, $"T:{type}"],
            _ => [method],
        };
    }

    public string GetPrimitiveType(PrimitiveTypeCode typeCode) => "System." + typeCode;

    public string GetTypeFromReference(MetadataReader reader, TypeReferenceHandle handle, byte rawTypeKind) => NameOf(reader, handle);

    public string GetTypeFromDefinition(MetadataReader reader, TypeDefinitionHandle handle, byte rawTypeKind) => NameOf(reader, handle);

    public string GetTypeFromSpecification(MetadataReader reader, object? genericContext, TypeSpecificationHandle handle, byte rawTypeKind)
        => reader.GetTypeSpecification(handle).DecodeSignature(this, genericContext);

    public string GetSZArrayType(string elementType) => elementType + "[]";

    public string GetArrayType(string elementType, ArrayShape shape) => $"{elementType}[{string.Join(',', Enumerable.Repeat("0:", shape.Rank))}]";

    public string GetByReferenceType(string elementType) => elementType + "@";

    public string GetPointerType(string elementType) => elementType + "*";

    public string GetPinnedType(string elementType) => elementType;

    public string GetModifiedType(string modifier, string unmodifiedType, bool isRequired) => unmodifiedType;

    public string GetFunctionPointerType(MethodSignature<string> signature) => "=FUNC";

    public string GetGenericMethodParameter(object? genericContext, int index) => "``" + index;

    public string GetGenericTypeParameter(object? genericContext, int index) => "`" + index;

    /// <summary>Outer`1.Inner`1 of two arguments is Outer{A}.Inner{B}: each level takes its own.</summary>
    public string GetGenericInstantiation(string genericType, ImmutableArray<string> typeArguments)
    {
        var name = new StringBuilder();
        var taken = 0;
        foreach (var level in genericType.Split('.'))
        {
            name.Append(name.Length > 0 ? "." : "");
            var tick = level.IndexOf('`');
            if (tick < 0)
            {
                name.Append(level);
                continue;
            }

            var count = int.Parse(level.AsSpan(tick + 1));
            name.Append(level.AsSpan(0, tick)).Append('{').AppendJoin(',', typeArguments.Skip(taken).Take(count)).Append('}');
            taken += count;
        }

        return name.ToString();
    }

    private static string Join(string outer, string name) => outer.Length == 0 ? name : $"{outer}.{name}";
}
