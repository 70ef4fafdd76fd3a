using Microsoft.ML.Spatial.Samples.FashionMnist.Training;

namespace Microsoft.ML.Spatial.Samples.DetectFashion.Reporting;

/// <summary>What came of one detector.</summary>
/// <param name="Model">Its name.</param>
/// <param name="DeformableLayers">How many of its convolutions are deformable.</param>
/// <param name="Parameters">The number of its parameters.</param>
/// <param name="AveragePrecision50">AP at IoU 0.5 on the test scenes, the mean over the classes.</param>
/// <param name="AveragePrecision">The mean AP at IoU 0.5, 0.55 .. 0.95.</param>
/// <param name="LoosePrecision">The precision at recalls 0, 0.01 .. 1 where an IoU of <see cref="LooseOverlap"/> is enough.</param>
/// <param name="TightPrecision">The same for <see cref="TightOverlap"/>.</param>
/// <param name="IsSameReloaded">Whether the saved detector, loaded again, finds the same in every test scene.</param>
/// <param name="ImagesPerSecond">Training images a second, over all epochs.</param>
/// <param name="TrainingSeconds">The wall time of the training.</param>
/// <param name="ScoringImagesPerSecond">Test images a second.</param>
/// <param name="Epochs">The epochs.</param>
/// <param name="ModelFile">The saved detector.</param>
internal sealed record DetectorResult(
    string Model,
    int DeformableLayers,
    long Parameters,
    double AveragePrecision50,
    double AveragePrecision,
    IReadOnlyList<double> LoosePrecision,
    IReadOnlyList<double> TightPrecision,
    bool IsSameReloaded,
    double ImagesPerSecond,
    double TrainingSeconds,
    double ScoringImagesPerSecond,
    IReadOnlyList<EpochResult> Epochs,
    string ModelFile)
{
    /// <summary>The overlaps (IoU) that precision is drawn for.</summary>
    public const double LooseOverlap = 0.5, TightOverlap = 0.75;
}
