namespace Microsoft.ML.Spatial.Components;

/// <summary>What co-localisation is told, already checked.</summary>
/// <param name="Margin">The margin of the hinge loss.</param>
/// <param name="WindowSize">Size of the window relative to the image.</param>
internal sealed record ColocalisationSettings(double Margin, double WindowSize);
