namespace Microsoft.ML.Spatial.PackageContract.Tests;

/// <summary>The first side of the contract: the packages beside us are what the real packages' lists say.</summary>
[TestClass]
public sealed class SurfaceTests
{
    [TestMethod]
    public void WhatThePackagesOfferIsListedWordForWord() => Findings.AreNone(Contract.NotAsListed(Assemblies.Surface, Assemblies.Listed));

    [TestMethod]
    public void AMemberThatIsNotListedIsFound()
    {
        var id = Assemblies.Surface.Entries.First(entry => entry.Kind == 'M').Id;

        Findings.AreOne(Contract.NotAsListed(Assemblies.Surface, Assemblies.Listed.Without(id)), id);
    }

    [TestMethod]
    [DataRow("T:Microsoft.ML.ITransformer", "ICanSaveModel", "object", DisplayName = "base type")]
    [DataRow("P:Microsoft.ML.MLContext.FallbackToCpu", "bool", "int", DisplayName = "type")]
    [DataRow("M:Microsoft.ML.MLContext.#ctor(System.Nullable{System.Int32})", "null", "0", DisplayName = "default value")]
    public void AMemberListedOtherwiseIsFound(string id, string real, string otherwise)
    {
        var entry = Assemblies.Listed.Find(id)!;
        Assert.Contains(real, entry.Signature);
        var changed = new ApiSet([.. Assemblies.Listed.Without(id).Entries, entry with { Signature = entry.Signature.Replace(real, otherwise, StringComparison.Ordinal) }]);

        Findings.AreOne(Contract.NotAsListed(Assemblies.Surface, changed), id);
    }

    [TestMethod]
    public void WhatWeImplementIsThereWhole()
    {
        Assert.Contains("Microsoft.ML.ITransformer", Assemblies.Implemented);

        Findings.AreNone(Contract.MissingAbstractMembers(Assemblies.Implemented, Assemblies.Surface, Assemblies.Listed));
    }

    [TestMethod]
    public void AMissingAbstractMemberIsFound()
    {
        const string id = "M:Microsoft.ML.ITransformer.GetOutputSchema(Microsoft.ML.DataViewSchema)";

        Findings.AreOne(Contract.MissingAbstractMembers(Assemblies.Implemented, Assemblies.Surface.Without(id), Assemblies.Listed), id);
    }

    [TestMethod]
    public void WhatWeCallIsThereWithEveryOverload()
        => Findings.AreNone(Contract.MissingOverloads(Assemblies.Uses, Assemblies.Surface, Assemblies.Listed));

    [TestMethod]
    public void AMissingOverloadIsFound()
    {
        var called = Assemblies.Uses.Select(use => use.Find(Assemblies.Listed)).OfType<ApiEntry>()
            .First(entry => entry.Kind == 'M' && Assemblies.Listed.OverloadsOf(entry).Skip(1).Any());
        var other = Assemblies.Listed.OverloadsOf(called).First(overload => overload.Id != called.Id);

        Findings.AreOne(Contract.MissingOverloads(Assemblies.Uses, Assemblies.Surface.Without(other.Id), Assemblies.Listed), other.Id);
    }
}
