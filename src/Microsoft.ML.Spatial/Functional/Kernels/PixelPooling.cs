namespace Microsoft.ML.Spatial.Functional.Kernels;

/// <summary>Bins of whole pixels.</summary>
/// <param name="SpatialScale">Pixels of the feature map to one of the image.</param>
/// <param name="IsMean">
/// Whether bins give their mean, and not their maximum: then an RoI ends before its second coordinate and before the last pixel of the picture; else both belong to it.
/// </param>
internal sealed record PixelPooling(double SpatialScale, bool IsMean);
