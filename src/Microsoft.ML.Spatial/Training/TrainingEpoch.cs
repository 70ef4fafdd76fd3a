namespace Microsoft.ML.Spatial.Training;

/// <summary>What one epoch of training came to.</summary>
/// <param name="Epoch">Number of the epoch, from 1.</param>
/// <param name="Epochs">Most epochs this training may take.</param>
/// <param name="TrainingLoss">Mean loss over the epoch's training rows (cross-entropy in nats; the loss of <see cref="Components.SpatialObjective.Colocalisation"/>, hinge plus overhang; or that of a detector), each measured just before the step that used it.</param>
/// <param name="ValidationLoss">Mean of the same loss over the validation rows after the epoch; null without validation rows.</param>
/// <param name="ValidationAccuracy">Share in [0, 1] of validation rows classified rightly after the epoch; null without validation rows or without labels, and for detectors.</param>
/// <param name="ImagesPerSecond">Training images per second of wall time, reading included, validation not.</param>
/// <param name="Elapsed">Wall time of training and validation since training began.</param>
/// <param name="LearningRate">Learning rate of the epoch's last step.</param>
/// <param name="SkippedImages">Training rows left out in this epoch because their image could not be used.</param>
/// <param name="IsBest">Whether the weights after this epoch are the best so far: by the validation metric, or the latest where there are no validation rows.</param>
/// <param name="ValidationAveragePrecision">COCO's average precision over the IoU thresholds 0.5 to 0.95, in [0, 1], on the validation rows after the epoch; null without validation rows, and for all but detectors.</param>
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
    double? ValidationAveragePrecision = null);
