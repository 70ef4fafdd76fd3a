namespace Microsoft.ML.Spatial.Samples.DetectFashion.Training;

/// <summary>What a PyTorch program of the same recipe came to, measured elsewhere: 8,000 training and 2,000 test scenes, 10 epochs; one value a seed, 0 and 1.</summary>
/// <param name="AveragePrecision50">AP at IoU 0.5.</param>
/// <param name="AveragePrecision">Mean AP at IoU 0.5 to 0.95.</param>
internal sealed record ReferenceFigures(string AveragePrecision50, string AveragePrecision);
