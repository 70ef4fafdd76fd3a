namespace Microsoft.ML.Spatial.Training;

/// <summary>Mean loss over validation rows, and the figure of what is trained: the share of right answers, or the average precision.</summary>
internal readonly record struct ValidationResult(double Loss, double? Accuracy = null, double? AveragePrecision = null)
{
    /// <summary>Whether this is at least as good as an earlier result.</summary>
    public bool Matches(ValidationResult earlier, ValidationMetric metric) => Goodness(metric) >= earlier.Goodness(metric);

    /// <summary>Whether this is better than an earlier result.</summary>
    public bool Beats(ValidationResult earlier, ValidationMetric metric) => Goodness(metric) > earlier.Goodness(metric);

    private double? Goodness(ValidationMetric metric) => metric switch
    {
        ValidationMetric.Accuracy => Accuracy,
        ValidationMetric.AveragePrecision => AveragePrecision,
        _ => -Loss,
    };
}
