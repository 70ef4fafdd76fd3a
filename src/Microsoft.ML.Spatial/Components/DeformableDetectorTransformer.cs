using Microsoft.ML.Data;
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

    /// <summary>
    /// What the network has learnt to look at: the pixels that its deformable convolutions go back to, through all of them, from places of an image.
    /// <see cref="Visualization.SamplingOverlay"/> draws them.
    /// </summary>
    /// <param name="image">The image, of any size that the model takes; it is not disposed of.</param>
    /// <param name="places">
    /// (y, x) in pixels of the image, in which whole numbers are pixels' centres (of a box x0, y0, x1, y1 the centre is ((y0 + y1 - 1) / 2, (x0 + x1 - 1) / 2)); each stands for the position of the backbone's last deformable map that it lies on. A place outside stands for the nearest.
    /// </param>
    /// <returns>
    /// Of each place the points (y, x) in pixels of the image, in which whole numbers are pixels' centres: 9 for each layer and group, multiplied up (81 of two layers). Some may lie outside. None
    /// where the network has no deformable convolution.
    /// </returns>
    /// <remarks>Source: Dai et al. 2017, Deformable Convolutional Networks, arXiv 1703.06211, figure 6; see <see cref="Functional.SamplingLocations.Through"/>.</remarks>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">The layers lead to more than 4 million points.</exception>
    /// <exception cref="InvalidDataException">The image is of another size and the model's resizing refuses it.</exception>
    /// <exception cref="ObjectDisposedException">The model has been disposed of.</exception>
    public IReadOnlyList<IReadOnlyList<(double Y, double X)>> SamplingPoints(MLImage image, IReadOnlyList<(double Y, double X)> places)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(places);
        return _model.SamplingPoints(image, places);
    }

    private protected override void Save(ModelSaveContext context) => _model.Save(context, DeformableDetectorLoader.Version);
}
