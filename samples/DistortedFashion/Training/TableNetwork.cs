using Microsoft.ML.Spatial.Modules;

namespace Microsoft.ML.Spatial.Samples.DistortedFashion.Training;

/// <summary>A network of table 1 of Jaderberg et al. 2015 (arXiv 1506.02025).</summary>
/// <param name="Name">Its name there, with dashes.</param>
/// <param name="Architecture">The network.</param>
/// <param name="Transformation">What its transformer may do, where it has one.</param>
internal sealed record TableNetwork(string Name, SpatialArchitecture Architecture, TransformationKind Transformation = TransformationKind.Affine)
{
    private const string AffineEnding = "-Aff";

    /// <summary>Every network, in the order of the table.</summary>
    public static readonly IReadOnlyList<TableNetwork> All =
    [
        new("FCN", SpatialArchitecture.Fcn),
        new("CNN", SpatialArchitecture.Cnn),
        new("ST-FCN" + AffineEnding, SpatialArchitecture.StFcn),
        new("ST-FCN-Proj", SpatialArchitecture.StFcn, TransformationKind.Projective),
        new("ST-FCN-TPS", SpatialArchitecture.StFcn, TransformationKind.ThinPlateSpline),
        new("ST-CNN" + AffineEnding, SpatialArchitecture.StCnn),
        new("ST-CNN-Proj", SpatialArchitecture.StCnn, TransformationKind.Projective),
        new("ST-CNN-TPS", SpatialArchitecture.StCnn, TransformationKind.ThinPlateSpline),
    ];

    /// <summary>The names of the command line: those of the table, and <c>ST-FCN</c> and <c>ST-CNN</c> for the affine ones.</summary>
    public static readonly IReadOnlyList<string> Names = [.. All.Select(n => n.Name), "ST-FCN", "ST-CNN"];

    /// <summary>Finds a network by one of <see cref="Names"/>.</summary>
    public static TableNetwork Named(string name) => All.Single(n => n.Name == name || n.Name == name + AffineEnding);

    /// <summary>Whether it has a transformer.</summary>
    public bool Transforms => Architecture is SpatialArchitecture.StFcn or SpatialArchitecture.StCnn;
}
