namespace Microsoft.ML.Spatial.Components;

/// <summary>What a <see cref="SpatialTransformerEstimator"/> learns its transformation from.</summary>
public enum SpatialObjective
{
    /// <summary>From class labels: the rectified image is what a classifier, trained with it, does best on.</summary>
    Classification = 0,

    /// <summary>
    /// From images alone, each of which holds an object of one unknown class: windows on different images shall look more alike than windows and random parts of
    /// the same images do (Jaderberg et al. 2015, arXiv 1506.02025, appendix A.2).
    /// </summary>
    Colocalisation = 1,
}
