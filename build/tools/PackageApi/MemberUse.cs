using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace PackageApi;

/// <summary>One reference that a compiled assembly makes to a type or member of another.</summary>
/// <param name="From">The assembly that refers.</param>
/// <param name="To">The assembly referred to.</param>
/// <param name="Ids">The identifiers it may stand for: a property's accessor is listed as the property, a delegate's members as the delegate.</param>
public sealed record MemberUse(string From, string To, IReadOnlyList<string> Ids)
{
    /// <summary>Every reference to an assembly whose name is chosen.</summary>
    public static IReadOnlyList<MemberUse> Read(string file, Func<string, bool> chosen)
    {
        using var image = new PEReader(File.OpenRead(file));
        var reader = image.GetMetadataReader();
        var user = reader.GetString(reader.GetAssemblyDefinition().Name);
        var types = reader.TypeReferences.Select(handle => new MemberUse(user, AssemblyOf(reader, handle), ["T:" + Identifiers.NameOf(reader, handle)]));
        var members = from member in reader.MemberReferences.Select(reader.GetMemberReference)
                      let declaring = DeclaringType(reader, member.Parent)
                      where declaring.Kind == HandleKind.TypeReference
                      select new MemberUse(user, AssemblyOf(reader, (TypeReferenceHandle)declaring), IdsOf(reader, member));
        return [.. types.Concat(members).Where(use => chosen(use.To))];
    }

    /// <summary>The entry that the reference stands for, if the set has it.</summary>
    public ApiEntry? Find(ApiSet set)
    {
        var found = Ids.Select(set.Find).FirstOrDefault(entry => entry is not null);
        // Only a delegate stands for its members.
        return found is { Kind: 'T', IsDelegate: false } && Ids.Count > 1 ? null : found;
    }

    public override string ToString() => $"{From} uses {Ids[0]} of {To}";

    /// <summary>What a reference to a member may stand for; empty where the member is an array's.</summary>
    internal static IReadOnlyList<string> IdsOf(MetadataReader reader, MemberReference member)
    {
        var declaring = DeclaringType(reader, member.Parent);
        if (declaring.IsNil)
        {
            return [];
        }

        var type = declaring.Kind == HandleKind.TypeReference
            ? Identifiers.NameOf(reader, (TypeReferenceHandle)declaring)
            : Identifiers.NameOf(reader, (TypeDefinitionHandle)declaring);
        var name = reader.GetString(member.Name);
        return member.GetKind() == MemberReferenceKind.Field
            ? [$"F:{type}.{name}"]
            : Identifiers.OfMethod(type, name, member.DecodeMethodSignature(Identifiers.Instance, null));
    }

    /// <summary>The type that declares a member, which may be the assembly's own if it is generic; nil where the member is an array's.</summary>
    private static EntityHandle DeclaringType(MetadataReader reader, EntityHandle parent)
    {
        if (parent.Kind == HandleKind.TypeSpecification)
        {
            var signature = reader.GetBlobReader(reader.GetTypeSpecification((TypeSpecificationHandle)parent).Signature);
            if (signature.ReadSignatureTypeCode() != SignatureTypeCode.GenericTypeInstance)
            {
                return default;
            }

            // class or value type, then the generic type itself
            signature.ReadCompressedInteger();
            parent = signature.ReadTypeHandle();
        }

        return parent.Kind is HandleKind.TypeReference or HandleKind.TypeDefinition ? parent : default;
    }

    private static string AssemblyOf(MetadataReader reader, TypeReferenceHandle handle)
    {
        var scope = reader.GetTypeReference(handle).ResolutionScope;
        return scope.Kind switch
        {
            HandleKind.TypeReference => AssemblyOf(reader, (TypeReferenceHandle)scope),
            HandleKind.AssemblyReference => reader.GetString(reader.GetAssemblyReference((AssemblyReferenceHandle)scope).Name),
            _ => "",
        };
    }
}
