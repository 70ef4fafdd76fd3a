namespace Microsoft.ML.Spatial.Samples.DetectFashion.Reporting;

/// <summary>What came of a run, as results.json holds it.</summary>
/// <param name="Images">The number of training scenes.</param>
/// <param name="TestImages">The number of test scenes.</param>
/// <param name="Epochs">The number of epochs asked for.</param>
/// <param name="Batch">The number of scenes in a step.</param>
/// <param name="Seed">The seed of weights and order.</param>
/// <param name="DataSeed">The seed of the scenes.</param>
/// <param name="Threads">The number of threads that computed.</param>
/// <param name="Seconds">The wall time of the run.</param>
/// <param name="Models">The detectors.</param>
internal sealed record DetectReport(
    int Images, int TestImages, int Epochs, int Batch, int Seed, int DataSeed, int Threads, double Seconds, IReadOnlyList<DetectorResult> Models);
