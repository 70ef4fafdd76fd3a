using Microsoft.ML.Spatial.Samples.FashionMnist.Hosting;

namespace Microsoft.ML.Spatial.Samples.Colocalize.Training;

/// <summary>What a <see cref="ColocalizeExperiment"/> trains, and how.</summary>
/// <param name="Classes">The classes, one model each, in the order of training.</param>
/// <param name="Run">How the models are trained.</param>
internal sealed record ColocalizeOptions(IReadOnlyList<int> Classes, RunSettings Run);
