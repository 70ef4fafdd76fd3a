namespace Microsoft.ML.Spatial.Components;

/// <summary>What the network made of some images; null is what nobody asked for. Row r of n values begins at r * n.</summary>
/// <param name="Scores">Softmax [N, classes].</param>
/// <param name="Thetas">Parameters of the transformation [N, parameters].</param>
/// <param name="Rectified">Rectified images [N, C, H, W].</param>
internal sealed record ScoredBatch(float[]? Scores, float[]? Thetas, float[]? Rectified);
