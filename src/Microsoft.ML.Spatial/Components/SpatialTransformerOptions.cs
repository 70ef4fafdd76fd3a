using Microsoft.ML.Spatial.Functional;
using Microsoft.ML.Spatial.Modules;
using Microsoft.ML.Spatial.Training;

namespace Microsoft.ML.Spatial.Components;

/// <summary>
/// The knobs that <see cref="SpatialTransformerTrainer"/> and <see cref="SpatialTransformerEstimator"/> share: the network, and those of every training.
/// </summary>
/// <remarks>Values are checked when the estimator is made; an error names the option and its value.</remarks>
public abstract class SpatialTransformerOptions : ImageTrainingOptions
{
    private protected SpatialTransformerOptions()
    {
    }

    /// <summary>The network. Default <see cref="SpatialArchitecture.StCnn"/>.</summary>
    public SpatialArchitecture Architecture { get; set; } = SpatialArchitecture.StCnn;

    /// <summary>What the spatial transformer may do to its input. Default <see cref="TransformationKind.Affine"/>.</summary>
    public TransformationKind Transformation { get; set; } = TransformationKind.Affine;

    /// <summary>
    /// Rows, and columns, of the control points of <see cref="TransformationKind.ThinPlateSpline"/>, 2 to 32: K is its square, and theta has 2K values.
    /// Default 4, the paper's 16 control points. Other transformations do not use it.
    /// </summary>
    public int ControlPointsPerSide { get; set; } = 4;

    /// <summary>
    /// How the spatial transformer reads the value between pixels: <see cref="SamplingMode.Bilinear"/> (default) or bicubic. A transformer whose output is much smaller
    /// than what it looks at skips pixels; where that shows as aliasing, let a resizing transform halve the images first.
    /// </summary>
    public SamplingMode Sampling { get; set; } = SamplingMode.Bilinear;

    /// <summary>What the spatial transformer reads outside the image. Default <see cref="PaddingMode.Zeros"/>.</summary>
    public PaddingMode Padding { get; set; } = PaddingMode.Zeros;

    /// <summary>
    /// How many spatial transformers work side by side on the image, 1 to 16. Default 1. Each has a localisation network of its own and starts at another
    /// window (<see cref="TransformationStart.Spread"/>); the classifier reads their outputs joined along the channels. Theta is then that of the first, of the
    /// second and so on, and the rectified image has this many times the channels. An architecture without a spatial transformer refuses more than 1.
    /// </summary>
    public int ParallelTransformers { get; set; } = 1;

    /// <summary>Height in pixels of the rectified image; null is the height the network reads. An architecture without a spatial transformer refuses it.</summary>
    public int? RectifiedHeight { get; set; }

    /// <summary>Width in pixels of the rectified image; null is the width the network reads. An architecture without a spatial transformer refuses it.</summary>
    public int? RectifiedWidth { get; set; }

    /// <summary>The localisation networks learn at this many times the learning rate, at least 0. Default 1.</summary>
    public double LocalisationLearningRateFactor { get; set; } = 1;

    /// <summary>The figure on the validation rows by which the best epoch is chosen. Default <see cref="ValidationMetric.Accuracy"/>. Co-localisation, which knows no labels, always goes by the loss.</summary>
    public ValidationMetric EarlyStoppingMetric { get; set; } = ValidationMetric.Accuracy;

    /// <summary>What co-localisation is told; null where the objective is classification.</summary>
    internal virtual ColocalisationSettings? Colocalisation => null;

    private protected override ValidationMetric Metric => Colocalisation is null ? EarlyStoppingMetric : ValidationMetric.Loss;

    internal override void Check()
    {
        OptionCheck.Defined(Architecture, nameof(Architecture));
        base.Check();
        OptionCheck.Defined(Transformation, nameof(Transformation));
        OptionCheck.Defined(Sampling, nameof(Sampling));
        OptionCheck.That(Sampling != SamplingMode.Nearest, Sampling, nameof(Sampling), "another mode: what the nearest pixel is does not change with small steps of theta, so the localisation network could not learn");
        OptionCheck.Defined(Padding, nameof(Padding));
        OptionCheck.Between(ControlPointsPerSide, GridGenerator.LeastControlPointsPerSide, GridGenerator.MostControlPointsPerSide, nameof(ControlPointsPerSide));
        OptionCheck.Between(ParallelTransformers, 1, SpatialNetworkSpec.MostParallelTransformers, nameof(ParallelTransformers));
        CheckSide(RectifiedHeight, nameof(RectifiedHeight));
        CheckSide(RectifiedWidth, nameof(RectifiedWidth));
        OptionCheck.NotNegative(LocalisationLearningRateFactor, nameof(LocalisationLearningRateFactor));
        OptionCheck.Defined(EarlyStoppingMetric, nameof(EarlyStoppingMetric));
        OptionCheck.That(EarlyStoppingMetric != ValidationMetric.AveragePrecision, EarlyStoppingMetric, nameof(EarlyStoppingMetric), $"{ValidationMetric.Accuracy} or {ValidationMetric.Loss}");
    }

    internal override void CheckSide(int? side, string option)
    {
        var least = Architecture.IsConvolutional() ? SpatialNetworkSpec.SmallestConvolvedSide : 1;
        OptionCheck.That(side is null || (side >= least && side <= SpatialNetworkSpec.LargestSide), side, option, $"between {least} and {SpatialNetworkSpec.LargestSide} pixels where {nameof(Architecture)} is {Architecture}");
    }
}
