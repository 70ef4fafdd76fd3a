namespace Microsoft.ML.Spatial.Samples.DistortedFashion.Reporting;

/// <summary>What a process that loaded a model found.</summary>
/// <param name="Images">The number of test images.</param>
/// <param name="Wrong">The number of wrong predictions.</param>
/// <param name="Error">Their share in percent.</param>
/// <param name="ImagesPerSecond">Images a second, their distortion included.</param>
internal sealed record PredictionReport(int Images, int Wrong, double Error, double ImagesPerSecond);
