using Microsoft.ML.Spatial.Samples.FashionMnist.Hosting;

namespace Microsoft.ML.Spatial.Samples.DetectFashion.Training;

/// <summary>What a <see cref="DetectExperiment"/> trains, and how.</summary>
/// <param name="Models">The detectors, in the order of training.</param>
/// <param name="Run">How they are trained.</param>
/// <param name="Checkpoints">Folder in which each finished epoch is kept; null is none.</param>
internal sealed record DetectOptions(IReadOnlyList<DetectorModel> Models, RunSettings Run, string? Checkpoints);
