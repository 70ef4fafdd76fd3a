namespace Microsoft.ML.Spatial.Data;

/// <summary>Height and width of an image in pixels.</summary>
internal readonly record struct ImageSize(int Height, int Width);
