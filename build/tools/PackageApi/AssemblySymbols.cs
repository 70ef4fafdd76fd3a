using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace PackageApi;

/// <summary>Assemblies as the compiler sees them, internals included.</summary>
public sealed class AssemblySymbols
{
    private readonly CSharpCompilation _compilation;

    /// <param name="files">The assemblies to look at.</param>
    /// <param name="references">Files of assemblies that these mention; those named like one of the files are left out.</param>
    public AssemblySymbols(IReadOnlyCollection<string> files, IEnumerable<string> references)
    {
        var names = files.Select(Path.GetFileName).ToHashSet();
        var targets = files.Select(file => MetadataReference.CreateFromFile(file)).ToArray();
        var others = references.Where(file => names.Add(Path.GetFileName(file))).Select(file => MetadataReference.CreateFromFile(file));
        _compilation = CSharpCompilation.Create("reader", null, [.. targets, .. others],
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, metadataImportOptions: MetadataImportOptions.All));
        Assemblies = [.. targets.Select(target => (IAssemblySymbol)_compilation.GetAssemblyOrModuleSymbol(target)!)];
    }

    public IReadOnlyList<IAssemblySymbol> Assemblies { get; }

    /// <summary>Every type, nested ones included, in no particular order.</summary>
    public IEnumerable<INamedTypeSymbol> Types => Assemblies.SelectMany(assembly => TypesOf(assembly.GlobalNamespace));

    /// <summary>Whether there is a type or member of this documentation identifier, public or not.</summary>
    public bool Contains(string id) => DocumentationCommentId.GetFirstSymbolForDeclarationId(id, _compilation) is not null;

    private static IEnumerable<INamedTypeSymbol> TypesOf(INamespaceOrTypeSymbol container)
    {
        foreach (var member in container.GetMembers().OfType<INamespaceOrTypeSymbol>())
        {
            if (member is INamedTypeSymbol type)
            {
                yield return type;
            }

            foreach (var nested in TypesOf(member))
            {
                yield return nested;
            }
        }
    }
}
