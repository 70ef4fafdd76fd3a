namespace Microsoft.ML.Spatial.Evaluation;

/// <summary>The mean over what there is.</summary>
internal static class Mean
{
    /// <summary>The mean of the values that are not NaN; NaN where there is none.</summary>
    public static double Of(IEnumerable<double> values) => values.Where(value => !double.IsNaN(value)).DefaultIfEmpty(double.NaN).Average();
}
