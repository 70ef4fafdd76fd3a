namespace Microsoft.ML.Spatial.Training;

/// <summary>Mean loss over validation rows, and share of right answers where there are any.</summary>
internal readonly record struct ValidationResult(double Loss, double? Accuracy)
{
    /// <summary>Whether this is at least as good as an earlier result.</summary>
    public bool Matches(ValidationResult earlier, ValidationMetric metric) => metric == ValidationMetric.Accuracy ? Accuracy >= earlier.Accuracy : Loss <= earlier.Loss;

    /// <summary>Whether this is better than an earlier result.</summary>
    public bool Beats(ValidationResult earlier, ValidationMetric metric) => metric == ValidationMetric.Accuracy ? Accuracy > earlier.Accuracy : Loss < earlier.Loss;
}
