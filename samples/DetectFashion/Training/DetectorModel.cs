namespace Microsoft.ML.Spatial.Samples.DetectFashion.Training;

/// <summary>A detector that the sample trains.</summary>
/// <param name="Name">Its name.</param>
/// <param name="DeformableLayers">How many of its last convolutions before the head are deformable.</param>
/// <param name="Reference">What a PyTorch program of the same recipe came to.</param>
internal sealed record DetectorModel(string Name, int DeformableLayers, ReferenceFigures Reference)
{
    /// <summary>Every detector: the deformable one has both layers of its last stage deformable (v2), as the reference has.</summary>
    public static readonly IReadOnlyList<DetectorModel> All =
    [
        new("plain", 0, new ReferenceFigures("0.737, 0.725", "0.576, 0.562")),
        new("deformable", 2, new ReferenceFigures("0.752, 0.746", "0.596, 0.589")),
    ];

    /// <summary>Finds a detector by name.</summary>
    public static DetectorModel Named(string name) => All.Single(m => m.Name == name);
}
