namespace Microsoft.ML.Spatial.Samples.FashionPairs.Reporting;

/// <summary>What came of a run, as results.json holds it.</summary>
/// <param name="Transformation">What the transformers may do.</param>
/// <param name="Images">The number of training pictures.</param>
/// <param name="TestImages">The number of test pictures.</param>
/// <param name="Epochs">The number of epochs asked for.</param>
/// <param name="Batch">The number of pictures in a step.</param>
/// <param name="Seed">The seed of weights and order.</param>
/// <param name="DataSeed">The seed of pairs and distortions.</param>
/// <param name="Threads">The number of threads that computed.</param>
/// <param name="Seconds">The wall time of the run.</param>
/// <param name="Models">The models.</param>
internal sealed record PairReport(
    string Transformation, int Images, int TestImages, int Epochs, int Batch, int Seed, int DataSeed, int Threads, double Seconds, IReadOnlyList<PairResult> Models);
