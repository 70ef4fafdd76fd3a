using Microsoft.CodeAnalysis;

namespace PackageApi;

/// <summary>What the types of an assembly derive from and implement.</summary>
public static class ImplementedTypes
{
    /// <summary>The full names of the base classes and interfaces that come from an assembly whose name is chosen.</summary>
    public static IReadOnlySet<string> Of(AssemblySymbols symbols, Func<string, bool> chosen)
        => symbols.Types.SelectMany(BasesOf)
            .Where(type => chosen(type.ContainingAssembly.Name))
            .Select(type => type.OriginalDefinition.GetDocumentationCommentId()![2..])
            .ToHashSet();

    private static IEnumerable<INamedTypeSymbol> BasesOf(INamedTypeSymbol type)
    {
        for (var parent = type.BaseType; parent is not null; parent = parent.BaseType)
        {
            yield return parent;
        }

        foreach (var face in type.AllInterfaces)
        {
            yield return face;
        }
    }
}
