namespace Microsoft.ML.Spatial.PackageContract.Tests;

/// <summary>The assemblies under test, which all lie beside the tests, and what was read from them.</summary>
internal static class Assemblies
{
    private static readonly string[] Beside = Directory.GetFiles(AppContext.BaseDirectory, "*.dll");

    /// <summary>The library, the samples and the tests.</summary>
    public static IReadOnlyList<string> Ours { get; } = [.. Beside.Where(file => Packages.IsOurs(Path.GetFileNameWithoutExtension(file)))];

    public static string Library { get; } = Ours.Single(file => Path.GetFileName(file) == "Microsoft.ML.Spatial.dll");

    /// <summary>The public surface of the real packages.</summary>
    public static ApiSet Listed { get; } = ApiSet.Read(Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "Api"), "*.txt"));

    /// <summary>The packages' assemblies, whichever they are, as far as the lists cover them.</summary>
    private static string[] PackageFiles { get; } = [.. Beside.IntersectBy(Listed.Assemblies, file => Path.GetFileNameWithoutExtension(file))];

    public static AssemblySymbols PackageSymbols { get; } = new(PackageFiles, Packages.Framework);

    /// <summary>The public surface of the packages beside the tests.</summary>
    public static ApiSet Surface { get; } = new(PublicSurface.Of(PackageSymbols));

    /// <summary>Every reference of ours into the packages.</summary>
    public static IReadOnlyList<MemberUse> Uses { get; } = [.. Ours.SelectMany(file => MemberUse.Read(file, Packages.IsPackage))];

    /// <summary>The packages' types that ours derive from or implement.</summary>
    public static IReadOnlySet<string> Implemented { get; } =
        ImplementedTypes.Of(new AssemblySymbols(Ours, [.. PackageFiles, .. Packages.Framework]), Packages.IsPackage);
}
