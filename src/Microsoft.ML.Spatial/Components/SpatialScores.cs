namespace Microsoft.ML.Spatial.Components;

/// <summary>What a spatial transformer network made of some images; null is what nobody asked for. Row r of n values begins at r * n.</summary>
/// <param name="Scores">Softmax [N, classes].</param>
/// <param name="Thetas">Parameters of the transformations [N, T * parameters].</param>
/// <param name="Rectified">Rectified images [N, T * C, H, W].</param>
internal sealed record SpatialScores(float[]? Scores, float[]? Thetas, float[]? Rectified) : ScoredBatch;
