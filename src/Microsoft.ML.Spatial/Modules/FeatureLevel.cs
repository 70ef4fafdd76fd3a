namespace Microsoft.ML.Spatial.Modules;

/// <summary>A map of features that a network makes of images.</summary>
/// <param name="Stride">Pixels of the image from one position to the next: of a side of s pixels there are ⌈s / Stride⌉.</param>
/// <param name="Channels">Channels of the map.</param>
internal readonly record struct FeatureLevel(int Stride, int Channels);
