namespace Microsoft.ML.Spatial.PackageContract.Tests;

/// <summary>The source tree that the tests were built from.</summary>
internal static class Sources
{
    public static string Root { get; } = FindRoot(new DirectoryInfo(AppContext.BaseDirectory));

    /// <summary>The folders whose code is meant for the real packages.</summary>
    public static IReadOnlyList<string> Folders { get; } = [.. new[] { "src", "samples", "test" }.Select(name => Path.Combine(Root, name))];

    private static string FindRoot(DirectoryInfo? folder)
        => folder is null ? throw new DirectoryNotFoundException($"No Spatial.sln above {AppContext.BaseDirectory}: run the tests where they were built.")
            : File.Exists(Path.Combine(folder.FullName, "Spatial.sln")) ? folder.FullName
            : FindRoot(folder.Parent);
}
