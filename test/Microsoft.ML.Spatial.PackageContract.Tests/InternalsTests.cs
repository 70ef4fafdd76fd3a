using Microsoft.ML.Spatial.Modules;
using Microsoft.ML.Spatial.Persistence;

namespace Microsoft.ML.Spatial.PackageContract.Tests;

/// <summary>What is taken from inside ML.NET is exactly what is allowed, and is there.</summary>
[TestClass]
public sealed class InternalsTests
{
    /// <summary>Types that code needs in order to reach a member by reflection.</summary>
    private static readonly string[] ReflectionTypes = ["BindingFlags", "ConstructorInfo", "FieldInfo", "MethodInfo", "PropertyInfo"];

    [TestMethod]
    public void TheLibrarysTableIsWhatIsAllowed() => Findings.AreNone(NotAllowed(Internals.Reflected.Select(allowed => allowed.Id)));

    [TestMethod]
    public void AMemberThatIsNotAllowedIsFound()
        => Findings.AreOne(NotAllowed(Internals.Reflected.Skip(1).Select(allowed => allowed.Id)), Internals.Reflected[0].Type);

    [TestMethod]
    public void EveryAllowedMemberIsInThePackages()
        => Findings.AreNone([.. Internals.Reflected.Select(allowed => allowed.Id).Concat(Internals.Attribute).Where(id => !Assemblies.PackageSymbols.Contains(id))]);

    /// <summary>ModuleFields sets fields of modules that users wrote, and passes over those that the packages declare.</summary>
    [TestMethod]
    public void OnlyTheTableUsesReflection()
        => Findings.AreNone([.. TypeMentions.Read(Assemblies.Library)
            .Where(type => type.Key.Name is not (nameof(MlNetInternals) or nameof(ModuleFields))
                && type.Value.Any(mentioned => mentioned.Namespace == "System.Reflection" && ReflectionTypes.Contains(mentioned.Name)))
            .Select(type => $"{type.Key.Namespace}.{type.Key.Name} reaches members by reflection")]);

    /// <summary>The differences between the library's table and the allowed members of these identifiers.</summary>
    private static IReadOnlyList<string> NotAllowed(IEnumerable<string> allowedIds)
    {
        var allowed = Internals.Reflected.IntersectBy(allowedIds, entry => entry.Id).Select(entry => (entry.Type, entry.Member, entry.Signature)).ToHashSet();
        allowed.SymmetricExceptWith(MlNetInternals.Members);
        return [.. allowed.Select(difference => $"either not used or not allowed: {difference}")];
    }
}
