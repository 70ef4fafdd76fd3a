using Microsoft.ML.Runtime;
using Microsoft.ML.Spatial.Persistence;

namespace Microsoft.ML.Spatial.Components;

/// <summary>
/// Classifies images with a network that <see cref="SpatialTransformerTrainer"/> trained. Adds <c>PredictedLabel</c> (a key with the label's key values) and
/// <c>Score</c> (softmax, a float vector of one value a class), and where asked for the rectified image (float vector [C, H, W]) and theta.
/// </summary>
public sealed class SpatialTransformerClassifier : SpatialTransformerTransformerBase
{
    internal SpatialTransformerClassifier(IHostEnvironment environment, SpatialTransformerModel model)
        : base(environment, model, SpatialTransformerClassifierLoader.Version)
    {
    }
}
