namespace Microsoft.ML.Spatial.PackageContract.Tests;

/// <summary>The second side of the contract: what the compiled library, samples and tests use is in the real packages' lists.</summary>
[TestClass]
public sealed class UseTests
{
    [TestMethod]
    public void EveryProjectIsChecked()
    {
        var projects = Sources.Folders.SelectMany(folder => Directory.GetFiles(folder, "*.csproj", SearchOption.AllDirectories)).Select(Path.GetFileNameWithoutExtension);

        CollectionAssert.AreEquivalent(projects.ToArray(), Assemblies.Ours.Select(Path.GetFileNameWithoutExtension).ToArray());
    }

    [TestMethod]
    public void WhatWeUseIsListedAndNotObsolete()
    {
        Assert.IsNotEmpty(Assemblies.Uses);

        Findings.AreNone(Contract.Unlisted(Assemblies.Uses, Assemblies.Listed));
    }

    [TestMethod]
    [DataRow("T:Microsoft.ML.IEstimator`1", DisplayName = "type")]
    [DataRow("M:Microsoft.ML.DataViewSchema.Builder.ToSchema", DisplayName = "method")]
    [DataRow("P:Microsoft.ML.DataViewSchema.Column.Name", DisplayName = "property")]
    [DataRow("T:Microsoft.ML.ValueGetter`1", DisplayName = "delegate")]
    public void AUseThatIsNotListedIsFound(string id)
    {
        var findings = Contract.Unlisted(Assemblies.Uses, Assemblies.Listed.Without(id));

        Assert.IsNotEmpty(findings);
        Assert.IsTrue(findings.All(finding => finding.StartsWith("not in the lists: ", StringComparison.Ordinal)));
    }

    [TestMethod]
    public void AnObsoleteUseIsFound()
    {
        var entry = Assemblies.Listed.Find("P:Microsoft.ML.DataViewSchema.Column.Name")!;
        var changed = new ApiSet([.. Assemblies.Listed.Without(entry.Id).Entries, entry with { Signature = "[Obsolete] " + entry.Signature }]);

        var findings = Contract.Unlisted(Assemblies.Uses, changed);

        Assert.IsNotEmpty(findings);
        Assert.IsTrue(findings.All(finding => finding.StartsWith("obsolete: ", StringComparison.Ordinal)));
    }

    [TestMethod]
    public void AUseFromAnotherAssemblyIsFound()
    {
        var entry = Assemblies.Listed.Find("T:Microsoft.ML.IDataView")!;
        var changed = new ApiSet([.. Assemblies.Listed.Without(entry.Id).Entries, entry with { Assembly = "Elsewhere" }]);

        Assert.IsNotEmpty(Contract.Unlisted(Assemblies.Uses, changed));
    }
}
