using Microsoft.ML.Runtime;
using Microsoft.ML.Spatial.Persistence;

namespace Microsoft.ML.Spatial.Components;

/// <summary>
/// Rectifies images with the spatial transformer of a network that <see cref="SpatialTransformerEstimator"/> trained. Adds the rectified image (a float vector
/// [C, H, W] or an <c>MLImage</c>) and where asked for theta, for other components to use.
/// </summary>
public sealed class SpatialTransformerRectifier : SpatialTransformerTransformerBase
{
    internal SpatialTransformerRectifier(IHostEnvironment environment, SpatialTransformerModel model)
        : base(environment, model, SpatialTransformerRectifierLoader.Version)
    {
    }
}
