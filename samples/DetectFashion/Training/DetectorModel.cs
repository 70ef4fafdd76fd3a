using Microsoft.ML.Spatial.Modules;

namespace Microsoft.ML.Spatial.Samples.DetectFashion.Training;

/// <summary>A detector that the sample trains.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Architecture">How it finds objects.</param>
/// <param name="IsDeformable">Whether both convolutions of its last stage are deformable (v2), and, in two stages, the pooling of regions.</param>
/// <param name="Reference">What a PyTorch program of the same recipe came to; null where there is none.</param>
internal sealed record DetectorModel(string Name, DetectionArchitecture Architecture, bool IsDeformable, ReferenceFigures? Reference)
{
    private const int LastStage = 2;

    /// <summary>Every detector: plain and deformable of each architecture.</summary>
    public static readonly IReadOnlyList<DetectorModel> All =
    [
        new("plain", DetectionArchitecture.Fcos, false, new ReferenceFigures("0.737, 0.725", "0.576, 0.562")),
        new("deformable", DetectionArchitecture.Fcos, true, new ReferenceFigures("0.752, 0.746", "0.596, 0.589")),
        new("faster-r-cnn", DetectionArchitecture.FasterRcnn, false, null),
        new("deformable-faster-r-cnn", DetectionArchitecture.FasterRcnn, true, null),
        new("r-fcn", DetectionArchitecture.Rfcn, false, null),
        new("deformable-r-fcn", DetectionArchitecture.Rfcn, true, null),
    ];

    /// <summary>The detectors that are trained where nothing is said: those of one stage.</summary>
    public static IEnumerable<DetectorModel> Default => All.Where(model => model.Reference is not null);

    /// <summary>How many of the backbone's last convolutions are deformable.</summary>
    public int DeformableLayers => IsDeformable ? LastStage : 0;

    /// <summary>Whether it looks at regions a second time.</summary>
    public bool IsTwoStage => Architecture != DetectionArchitecture.Fcos;

    /// <summary>Finds a detector by name.</summary>
    public static DetectorModel Named(string name) => All.Single(m => m.Name == name);
}
