namespace Microsoft.ML.Spatial.PackageContract.Tests;

/// <summary>Assertions about what a check found.</summary>
internal static class Findings
{
    public static void AreNone(IReadOnlyCollection<string> findings)
    {
        if (findings.Count > 0)
        {
            Assert.Fail($"{findings.Count} breaches:\n{string.Join('\n', findings)}");
        }
    }

    /// <summary>The check is awake: it finds the one thing that was broken for it.</summary>
    public static void AreOne(IReadOnlyCollection<string> findings, string mentioned)
    {
        Assert.HasCount(1, findings);
        Assert.Contains(mentioned, findings.Single());
    }
}
