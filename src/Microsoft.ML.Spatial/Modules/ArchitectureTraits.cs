namespace Microsoft.ML.Spatial.Modules;

/// <summary>What an architecture is made of.</summary>
internal static class ArchitectureTraits
{
    /// <summary>Whether the network begins with spatial transformers.</summary>
    internal static bool HasTransformer(this SpatialArchitecture architecture) =>
        architecture is SpatialArchitecture.StFcn or SpatialArchitecture.StCnn or SpatialArchitecture.StCnnMulti;

    /// <summary>Whether the network convolves, so that its sides cannot be too small.</summary>
    internal static bool IsConvolutional(this SpatialArchitecture architecture) =>
        architecture is SpatialArchitecture.Cnn or SpatialArchitecture.StCnn or SpatialArchitecture.StCnnMulti;
}
