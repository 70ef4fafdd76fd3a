using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using Microsoft.CodeAnalysis;

namespace PackageApi;

/// <summary>
/// The public members of packages that nothing needs: no user refers to them, no overload of them or code reached from them does, and no user
/// has to implement them. Overrides, implementations of interfaces, constants and what is not public are taken as needed.
/// </summary>
public sealed class UnusedMembers
{
    private readonly ApiSet _surface;
    private readonly Dictionary<string, List<string>> _mentions = [];
    private readonly HashSet<string> _needed = [];
    private readonly Queue<string> _toFollow = [];

    private UnusedMembers(ApiSet surface) => _surface = surface;

    /// <param name="packages">The packages' assemblies.</param>
    /// <param name="users">The assemblies that use them.</param>
    /// <param name="references">Whatever else these mention.</param>
    public static IReadOnlyList<ApiEntry> Find(IReadOnlyCollection<string> packages, IReadOnlyCollection<string> users, IReadOnlyCollection<string> references)
    {
        var symbols = new AssemblySymbols(packages, references);
        var surface = new ApiSet(PublicSurface.Of(symbols));
        var search = new UnusedMembers(surface);
        var names = packages.Select(file => Path.GetFileNameWithoutExtension(file)).ToHashSet();

        foreach (var entry in users.SelectMany(file => MemberUse.Read(file, names.Contains)).Select(use => use.Find(surface)).OfType<ApiEntry>())
        {
            search.NeedWithOverloads(entry);
        }

        var userSymbols = new AssemblySymbols(users, [.. packages, .. references]);
        foreach (var member in ImplementedTypes.Of(userSymbols, names.Contains).SelectMany(surface.AbstractMembersOf))
        {
            search.Need(member.Id);
        }

        foreach (var id in symbols.Types.SelectMany(InterfaceImplementations))
        {
            search.Need(id);
        }

        foreach (var file in packages)
        {
            search.ReadCode(file);
        }

        search.Follow();
        var usedTypes = users.Concat(packages).SelectMany(TypeMentions.Read)
            .SelectMany(type => type.Value.Where(mentioned => mentioned.Name != type.Key.Name))
            .Select(mentioned => $"T:{mentioned.Namespace}.{mentioned.Name}")
            .ToHashSet();
        return [.. surface.Entries.Where(entry => search.IsUnused(entry, usedTypes)).OrderBy(entry => entry.Id, StringComparer.Ordinal)];
    }

    private bool IsUnused(ApiEntry entry, HashSet<string> usedTypes)
    {
        if (_needed.Contains(entry.Id))
        {
            return false;
        }

        return entry.Kind switch
        {
            'T' => !usedTypes.Contains(entry.Id) && !_surface.MembersOf(entry.Path).Any(member => _needed.Contains(member.Id)) && _surface.Find("T:" + entry.DeclaringType) is null,
            // The compiler copies constants to where they are used.
            'F' => !entry.Signature.Contains(" const ", StringComparison.Ordinal) && !entry.Signature.StartsWith(entry.Name + " = ", StringComparison.Ordinal),
            _ => !IsOverride(entry) && entry.Name != "#ctor" && !entry.DeclaringType.EndsWith("Attribute", StringComparison.Ordinal),
        };
    }

    private static bool IsOverride(ApiEntry entry) => entry.Signature.Contains(" override ", StringComparison.Ordinal);

    private static IEnumerable<string> InterfaceImplementations(INamedTypeSymbol type)
        => type.TypeKind == TypeKind.Interface
            ? []
            : type.AllInterfaces.SelectMany(face => face.GetMembers())
                .Select(member => type.FindImplementationForInterfaceMember(member)?.OriginalDefinition.GetDocumentationCommentId())
                .OfType<string>();

    private void Need(string id)
    {
        if (_needed.Add(id))
        {
            _toFollow.Enqueue(id);
        }
    }

    private void NeedWithOverloads(ApiEntry entry)
    {
        Need(entry.Id);
        foreach (var overload in entry.Kind == 'M' ? _surface.OverloadsOf(entry) : [])
        {
            Need(overload.Id);
        }
    }

    private void Follow()
    {
        while (_toFollow.TryDequeue(out var id))
        {
            foreach (var mentioned in _mentions.GetValueOrDefault(id) ?? [])
            {
                Need(mentioned);
            }
        }
    }

    /// <summary>Notes what each method mentions; what cannot be left out, such as a method that is not public, is needed from the start.</summary>
    private void ReadCode(string file)
    {
        using var image = new PEReader(File.OpenRead(file));
        var reader = image.GetMetadataReader();
        foreach (var method in reader.MethodDefinitions.Select(reader.GetMethodDefinition))
        {
            var ids = IdsOf(reader, method);
            var entry = ids.Select(_surface.Find).FirstOrDefault(found => found is not null);
            var id = entry?.Id ?? ids[0];
            var mentions = MethodBody.Handles(image, method).SelectMany(handle => Mentioned(reader, handle)).Where(mentioned => mentioned != id);
            (_mentions.TryGetValue(id, out var known) ? known : _mentions[id] = []).AddRange(mentions);
            if (entry is null || IsOverride(entry))
            {
                Need(id);
            }
        }
    }

    /// <summary>The public members that a handle in code stands for.</summary>
    private IEnumerable<string> Mentioned(MetadataReader reader, EntityHandle handle)
    {
        switch (handle.Kind)
        {
            case HandleKind.MethodSpecification:
                return Mentioned(reader, reader.GetMethodSpecification((MethodSpecificationHandle)handle).Method);
            case HandleKind.MethodDefinition:
                return IdsOf(reader, reader.GetMethodDefinition((MethodDefinitionHandle)handle)).Where(id => _surface.Find(id) is not null);
            case HandleKind.FieldDefinition:
                var field = reader.GetFieldDefinition((FieldDefinitionHandle)handle);
                return [$"F:{Identifiers.NameOf(reader, field.GetDeclaringType())}.{reader.GetString(field.Name)}"];
            case HandleKind.MemberReference:
                return MemberUse.IdsOf(reader, reader.GetMemberReference((MemberReferenceHandle)handle)).Where(id => _surface.Find(id) is not null);
            default:
                return [];
        }
    }

    private static IReadOnlyList<string> IdsOf(MetadataReader reader, MethodDefinition method)
        => Identifiers.OfMethod(Identifiers.NameOf(reader, method.GetDeclaringType()), reader.GetString(method.Name), method.DecodeSignature(Identifiers.Instance, null));
}
