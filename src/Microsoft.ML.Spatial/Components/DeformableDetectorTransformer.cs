using Microsoft.ML.Runtime;
using Microsoft.ML.Spatial.Modules;
using Microsoft.ML.Spatial.Persistence;
using Microsoft.ML.Spatial.Training;

namespace Microsoft.ML.Spatial.Components;

/// <summary>
/// Finds objects in images with a network that <see cref="DeformableDetectorTrainer"/> trained. Adds, of each object found, the surest first: <c>PredictedLabel</c> (a variable vector of keys with
/// the label's key values), <c>PredictedBoundingBoxes</c> (a variable float vector, x0, y0, x1, y1 of each, in pixels of the image as it came) and <c>Score</c> (a variable float vector, in [0, 1]).
/// </summary>
public sealed class DeformableDetectorTransformer : ImageScoringTransformer
{
    private readonly DeformableDetectorModel _model;

    internal DeformableDetectorTransformer(IHostEnvironment environment, DeformableDetectorModel model)
        : base(environment, model) => _model = model;

    /// <summary>Number of values that training learns.</summary>
    public long ParameterCount => _model.Network.ParameterCount;

    /// <summary>The shape of the network.</summary>
    public DetectionNetworkSpec NetworkSpec => _model.Settings.ToNetworkSpec();

    /// <summary>What each finished epoch of the training came to.</summary>
    public IReadOnlyList<TrainingEpoch> Epochs => _model.Settings.Epochs;

    private protected override void Save(ModelSaveContext context) => _model.Save(context, DeformableDetectorLoader.Version);
}
