using System.Collections.ObjectModel;

namespace Microsoft.ML.Spatial.Training;

/// <summary>What one epoch of training came to.</summary>
/// <param name="Epoch">Number of the epoch, from 1.</param>
/// <param name="Epochs">Most epochs this training may take.</param>
/// <param name="TrainingLoss">Mean loss over the epoch's training rows (cross-entropy in nats; the loss of <see cref="Components.SpatialObjective.Colocalisation"/>, hinge plus overhang; or that of a detector), each measured just before the step that used it.</param>
/// <param name="ValidationLoss">Mean of the same loss over the validation rows after the epoch; null where the epoch is not validated.</param>
/// <param name="ValidationAccuracy">Share in [0, 1] of validation rows classified rightly after the epoch; null where the epoch is not validated, without labels, and for detectors.</param>
/// <param name="ImagesPerSecond">Training images per second of wall time, reading included, validation not.</param>
/// <param name="Elapsed">Wall time of training and validation since training began; of a training gone on with from a checkpoint, that of its parts.</param>
/// <param name="LearningRate">Learning rate of the epoch's last step.</param>
/// <param name="SkippedImages">Training rows left out in this epoch because their image could not be used.</param>
/// <param name="IsBest">Whether the weights after this epoch are the best so far: by the validation metric, or the latest while none is validated.</param>
/// <param name="ValidationAveragePrecision">COCO's average precision over the IoU thresholds 0.5 to 0.95, in [0, 1], on the validation rows after the epoch; null where the epoch is not validated, and for all but detectors.</param>
public sealed record TrainingEpoch(
    int Epoch,
    int Epochs,
    double TrainingLoss,
    double? ValidationLoss,
    double? ValidationAccuracy,
    double ImagesPerSecond,
    TimeSpan Elapsed,
    double LearningRate,
    long SkippedImages,
    bool IsBest,
    double? ValidationAveragePrecision = null)
{
    /// <summary>The parts of <see cref="TrainingLoss"/> by name, each the mean over the epoch's training rows; empty where a loss has no parts.</summary>
    public IReadOnlyDictionary<string, double> Losses { get; init; } = ReadOnlyDictionary<string, double>.Empty;

    /// <summary>Wall time that the epochs left will take at the pace so far, if none is left out by stopping early; null where a model file does not tell.</summary>
    public TimeSpan? Remaining { get; init; }

    private (int, int, double, double?, double?, double, TimeSpan, (double, long, bool, double?, TimeSpan?)) Figures =>
        (Epoch, Epochs, TrainingLoss, ValidationLoss, ValidationAccuracy, ImagesPerSecond, Elapsed, (LearningRate, SkippedImages, IsBest, ValidationAveragePrecision, Remaining));

    /// <summary>Whether all figures are equal, the parts of the loss included.</summary>
    public bool Equals(TrainingEpoch? other) => other is not null
        && Figures.Equals(other.Figures)
        && Losses.Count == other.Losses.Count
        && Losses.All(loss => other.Losses.TryGetValue(loss.Key, out var value) && value.Equals(loss.Value));

    /// <inheritdoc/>
    public override int GetHashCode() => Figures.GetHashCode();
}
