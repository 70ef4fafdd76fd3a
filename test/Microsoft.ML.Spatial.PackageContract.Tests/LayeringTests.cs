namespace Microsoft.ML.Spatial.PackageContract.Tests;

/// <summary>Dependencies go downwards only: kernels know no tensors, functions and modules know no ML.NET, and none knows a layer above it.</summary>
[TestClass]
public sealed class LayeringTests
{
    private const string Root = "Microsoft.ML.Spatial";

    [TestMethod]
    public void DependenciesGoDownwards()
    {
        var mentions = TypeMentions.Read(Assemblies.Library);
        Assert.Contains(type => LayerOf(type) == Layer.Functional, mentions.Keys);
        Assert.Contains(type => LayerOf(type) == Layer.Modules, mentions.Keys);

        Findings.AreNone([.. mentions.SelectMany(type => type.Value.Select(mentioned => Fault(type.Key, mentioned))).OfType<string>()]);
    }

    [TestMethod]
    [DataRow($"{Root}.Functional.Kernels", "TorchSharp", "TorchSharp")]
    [DataRow($"{Root}.Functional.Kernels", "", $"{Root}.Functional")]
    [DataRow($"{Root}.Functional", "Microsoft.ML.Data", "Microsoft.ML")]
    [DataRow($"{Root}.Functional", "", $"{Root}.Modules")]
    [DataRow($"{Root}.Modules", "Microsoft.ML.DataView", "Microsoft.ML")]
    [DataRow($"{Root}.Modules", "", $"{Root}.Training")]
    public void ADependencyUpwardsIsFound(string from, string assembly, string to)
        => Assert.IsNotNull(Fault(new MentionedType("", from, "From"), new MentionedType(assembly, to, "To")));

    private enum Layer
    {
        Kernels,
        Functional,
        Modules,
        Above,
    }

    private static string? Fault(MentionedType from, MentionedType to)
    {
        var layer = LayerOf(from);
        var allowed = to.Assembly switch
        {
            "" => LayerOf(to) is not { } below || below <= layer,
            "TorchSharp" => layer > Layer.Kernels,
            var assembly when Packages.IsPackage(assembly) => layer > Layer.Modules,
            _ => true,
        };
        return layer is null || allowed ? null : $"{from.Namespace}.{from.Name} mentions {to.Namespace}.{to.Name}";
    }

    /// <summary>The layer of a type of the library; none of what the compiler adds.</summary>
    private static Layer? LayerOf(MentionedType type) => type.Namespace switch
    {
        _ when type.Assembly.Length > 0 => null,
        $"{Root}.Functional.Kernels" => Layer.Kernels,
        $"{Root}.Functional" => Layer.Functional,
        $"{Root}.Modules" => Layer.Modules,
        var name when name.StartsWith("Microsoft.ML", StringComparison.Ordinal) => Layer.Above,
        _ => null,
    };
}
