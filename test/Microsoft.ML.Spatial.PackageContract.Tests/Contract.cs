namespace Microsoft.ML.Spatial.PackageContract.Tests;

/// <summary>The two sides of the contract with the packages, each as a list of what breaks it.</summary>
internal static class Contract
{
    /// <summary>What the packages beside us offer must be in the lists, word for word.</summary>
    public static IReadOnlyList<string> NotAsListed(ApiSet surface, ApiSet listed)
        => [.. surface.Entries.Select(entry => (Entry: entry, Listed: listed.Find(entry.Id)))
            .Where(pair => pair.Entry != pair.Listed)
            .Select(pair => pair.Listed is null ? $"not in the lists: {pair.Entry}" : $"is {pair.Entry}, but listed as {pair.Listed}")];

    /// <summary>Whoever implements a type of the packages must have met every member that the real one demands.</summary>
    public static IReadOnlyList<string> MissingAbstractMembers(IEnumerable<string> implemented, ApiSet surface, ApiSet listed)
        => [.. implemented.SelectMany(listed.AbstractMembersOf)
            .Where(member => surface.Find(member.Id) is null)
            .Select(member => $"missing, and we implement {member.DeclaringType}: {member}")];

    /// <summary>A missing overload could make a call bind to another one than it would with the real packages.</summary>
    public static IReadOnlyList<string> MissingOverloads(IEnumerable<MemberUse> uses, ApiSet surface, ApiSet listed)
        => [.. uses.Select(use => use.Find(listed)).OfType<ApiEntry>()
            .Where(entry => entry.Kind == 'M')
            .Distinct()
            .SelectMany(listed.OverloadsOf)
            .Distinct()
            .Where(overload => surface.Find(overload.Id) is null)
            .Select(overload => $"missing, and we call {overload.DeclaringType}.{overload.Name}: {overload}")];

    /// <summary>What we use must be in the lists, in the same assembly, and not obsolete.</summary>
    public static IReadOnlyList<string> Unlisted(IEnumerable<MemberUse> uses, ApiSet listed)
        => [.. uses.Where(use => !Internals.IsAllowed(use)).Select(use => Fault(use, listed)).OfType<string>()];

    private static string? Fault(MemberUse use, ApiSet listed) => use.Find(listed) switch
    {
        null => $"not in the lists: {use}",
        { IsObsolete: true } => $"obsolete: {use}",
        var entry when entry.Assembly != use.To => $"listed in {entry.Assembly}: {use}",
        _ => null,
    };
}
