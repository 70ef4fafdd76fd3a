namespace Microsoft.ML.Spatial.Training;

/// <summary>The figure on validation rows by which epochs are compared. Of equal epochs the later counts as better.</summary>
public enum ValidationMetric
{
    /// <summary>Share of rows classified rightly; more is better. Of classifiers alone.</summary>
    Accuracy,

    /// <summary>Mean loss; less is better.</summary>
    Loss,

    /// <summary>COCO's average precision over the IoU thresholds 0.5 to 0.95, the mean over classes; more is better. Of detectors alone.</summary>
    AveragePrecision,
}
