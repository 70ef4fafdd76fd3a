using TorchSharp.Modules;

namespace Microsoft.ML.Spatial.Modules;

/// <summary>
/// A module with a branch of its own that predicts where to read. The branch starts at zero and learns more slowly than the rest: its outputs are pixels, and a
/// large step there leads the reads away from the object for good.
/// </summary>
public interface IOffsetBranch
{
    /// <summary>What the learning rate of the branch is, as a multiple of the network's.</summary>
    double LearningRateFactor { get; }

    /// <summary>The parameters of the branch, which <see cref="ParameterSet.Of"/> puts into a set of their own.</summary>
    IEnumerable<Parameter> OffsetParameters();
}
