namespace Microsoft.ML.Spatial.Samples.DistortedFashion.Reporting;

/// <summary>What came of a run, as results.json holds it.</summary>
/// <param name="Distortion">The distortion's name.</param>
/// <param name="Images">The number of training images.</param>
/// <param name="Epochs">The number of epochs asked for.</param>
/// <param name="Batch">The number of images in a step.</param>
/// <param name="Seed">The seed of weights and order.</param>
/// <param name="DataSeed">The seed of the distortions.</param>
/// <param name="LocalisationFactor">The relative learning rate of the localisation network.</param>
/// <param name="Threads">The number of threads that computed.</param>
/// <param name="ValidationHeldOut">Whether the validation images are none of the training images.</param>
/// <param name="PeakMemoryBytes">The most memory the process has held.</param>
/// <param name="Seconds">The wall time of the run.</param>
/// <param name="Models">The models.</param>
internal sealed record ExperimentResult(
    string Distortion,
    int Images,
    int Epochs,
    int Batch,
    int Seed,
    int DataSeed,
    double LocalisationFactor,
    int Threads,
    bool ValidationHeldOut,
    long PeakMemoryBytes,
    double Seconds,
    IReadOnlyList<ModelResult> Models);
