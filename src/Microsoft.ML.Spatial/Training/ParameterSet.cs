using TorchSharp.Modules;

namespace Microsoft.ML.Spatial.Training;

/// <summary>Parameters that learn at a multiple of the learning rate.</summary>
internal sealed record ParameterSet(IReadOnlyList<Parameter> Parameters, double LearningRateFactor);
