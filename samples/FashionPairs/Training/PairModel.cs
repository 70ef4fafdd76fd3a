using Microsoft.ML.Spatial.Modules;

namespace Microsoft.ML.Spatial.Samples.FashionPairs.Training;

/// <summary>A model that the sample trains.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Architecture">The network.</param>
/// <param name="Transformers">How many transformers work side by side on the picture.</param>
internal sealed record PairModel(string Name, SpatialArchitecture Architecture, int Transformers)
{
    /// <summary>Every model.</summary>
    public static readonly IReadOnlyList<PairModel> All =
    [
        new("CNN", SpatialArchitecture.Cnn, 0),
        new("ST-CNN", SpatialArchitecture.StCnn, 1),
        new("2xST-CNN", SpatialArchitecture.StCnn, 2),
    ];

    /// <summary>Finds a model by name.</summary>
    public static PairModel Named(string name) => All.Single(m => m.Name == name);
}
