namespace Microsoft.ML.Spatial.Components;

/// <summary>What a scored column holds.</summary>
internal enum NetworkOutput
{
    PredictedLabel,
    Score,
    Theta,
    RectifiedVector,
    RectifiedImage,
    PredictedBoundingBoxes,
}
