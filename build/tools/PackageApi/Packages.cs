namespace PackageApi;

/// <summary>Which assemblies are the packages', and which are ours.</summary>
public static class Packages
{
    /// <summary>TorchSharp and ML.NET, from the feed or stand-ins.</summary>
    public static bool IsPackage(string assembly)
        => assembly == "TorchSharp" || (assembly.StartsWith("Microsoft.ML.", StringComparison.Ordinal) && !IsOurs(assembly));

    /// <summary>The library, the samples and the tests.</summary>
    public static bool IsOurs(string assembly)
        => assembly is "Microsoft.ML.Spatial" or "FashionMnist" or "DistortedFashion" or "FashionPairs" or "Colocalize" or "DetectFashion" || assembly.StartsWith("Microsoft.ML.Spatial.", StringComparison.Ordinal);

    /// <summary>The managed assemblies that this program itself can load: the framework's among them.</summary>
    public static IReadOnlyList<string> Framework { get; } =
        [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)];
}
