using System.Text.RegularExpressions;

namespace Microsoft.ML.Spatial.PackageContract.Tests;

/// <summary>Nothing in the sources knows whether it runs on the packages or on stand-ins.</summary>
[TestClass]
public sealed partial class SourceTests
{
    [TestMethod]
    public void NothingIsCompiledConditionally()
        => Findings.AreNone([.. Sources.Folders.SelectMany(CodeIn).Where(file => Conditional().IsMatch(File.ReadAllText(file)))]);

    [TestMethod]
    [DataRow("#if DEBUG", true)]
    [DataRow("class A\n{\n  # if X\n}", true)]
    [DataRow("var s = \"#if\";", false)]
    public void AConditionIsFound(string code, bool found) => Assert.AreEqual(found, Conditional().IsMatch(code));

    [TestMethod]
    public void TheLibraryAndTheSamplesNameNoStandIn()
        => Findings.AreNone([.. Sources.Folders.Take(2).SelectMany(CodeIn).Where(file => StandIn().IsMatch(File.ReadAllText(file)))]);

    [TestMethod]
    public void TheSolutionHasNoStandIn() => Assert.DoesNotContain("standins", File.ReadAllText(Path.Combine(Sources.Root, "Spatial.sln")));

    private static IEnumerable<string> CodeIn(string folder) => Directory.GetFiles(folder, "*.cs", SearchOption.AllDirectories);

    [GeneratedRegex(@"^\s*#\s*(if|elif)\b", RegexOptions.Multiline)]
    private static partial Regex Conditional();

    [GeneratedRegex(@"\bstand-?ins?\b", RegexOptions.IgnoreCase)]
    private static partial Regex StandIn();
}
