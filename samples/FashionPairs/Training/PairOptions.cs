using Microsoft.ML.Spatial.Modules;
using Microsoft.ML.Spatial.Samples.FashionMnist.Hosting;

namespace Microsoft.ML.Spatial.Samples.FashionPairs.Training;

/// <summary>What a <see cref="PairExperiment"/> trains, and how.</summary>
/// <param name="Models">The models, in the order of training.</param>
/// <param name="Transformation">What the transformers may do.</param>
/// <param name="Run">How the models are trained.</param>
internal sealed record PairOptions(IReadOnlyList<PairModel> Models, TransformationKind Transformation, RunSettings Run);
