using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.Spatial.Modules;

/// <summary>Parameters that learn at a multiple of the learning rate: what an optimiser takes as a parameter group.</summary>
/// <param name="Parameters">The parameters, none twice.</param>
/// <param name="LearningRateFactor">What their learning rate is, as a multiple of the others'; at least 0.</param>
/// <example>
/// <code>
/// var groups = ParameterSet.Of(network).Select(set => new SGD.ParamGroup(set.Parameters, learningRate * set.LearningRateFactor));
/// var optimizer = optim.SGD(groups, learningRate);
/// </code>
/// </example>
public sealed record ParameterSet(IReadOnlyList<Parameter> Parameters, double LearningRateFactor)
{
    /// <summary>
    /// All parameters of a network in sets of one learning-rate factor each: first those that learn at the full rate, then those of its offset branches
    /// (<see cref="IOffsetBranch"/>), in the order of their registration.
    /// </summary>
    /// <param name="network">Any module; modules anywhere in it are found.</param>
    /// <param name="offsetScale">What the factors of offset branches are multiplied by, at least 0.</param>
    /// <returns>At least the set of factor 1, which may be empty.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="network"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="offsetScale"/> is not a finite number of at least 0.</exception>
    public static IReadOnlyList<ParameterSet> Of(nn.Module network, double offsetScale = 1)
    {
        ArgumentNullException.ThrowIfNull(network);
        if (!(offsetScale >= 0 && double.IsFinite(offsetScale)))
            throw new ArgumentOutOfRangeException(nameof(offsetScale), offsetScale, FormattableString.Invariant($"offsetScale is {offsetScale}; it must be a finite number of at least 0."));
        var branches = network.named_modules().Select(entry => entry.module).Prepend(network).OfType<IOffsetBranch>();
        var factors = new Dictionary<Parameter, double>(ReferenceEqualityComparer.Instance);
        foreach (var branch in branches)
        {
            foreach (var parameter in branch.OffsetParameters())
                factors[parameter] = branch.LearningRateFactor * offsetScale;
        }

        var sets = network.parameters().GroupBy(parameter => factors.GetValueOrDefault(parameter, 1)).ToDictionary(set => set.Key, set => (IReadOnlyList<Parameter>)[.. set]);
        return [new(sets.GetValueOrDefault(1, []), 1), .. sets.Where(set => set.Key != 1).Select(set => new ParameterSet(set.Value, set.Key))];
    }
}
