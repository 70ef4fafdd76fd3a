namespace Microsoft.ML.Spatial.Training;

/// <summary>The figure on validation rows by which epochs are compared.</summary>
public enum ValidationMetric
{
    /// <summary>Share of rows classified rightly; more is better. Of equal epochs the later counts as better.</summary>
    Accuracy,

    /// <summary>Mean loss; less is better. Of equal epochs the later counts as better.</summary>
    Loss,
}
