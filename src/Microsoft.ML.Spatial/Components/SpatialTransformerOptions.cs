using Microsoft.ML.Spatial.Functional;
using Microsoft.ML.Spatial.Modules;
using Microsoft.ML.Spatial.Training;

namespace Microsoft.ML.Spatial.Components;

/// <summary>
/// The knobs that <see cref="SpatialTransformerTrainer"/> and <see cref="SpatialTransformerEstimator"/> share: columns, image shape,
/// network, optimisation, validation and where to run.
/// </summary>
/// <remarks>Values are checked when the estimator is made; an error names the option and its value.</remarks>
public abstract class SpatialTransformerOptions
{
    private protected SpatialTransformerOptions()
    {
    }

    /// <summary>The column of class labels, a key. Default <c>Label</c>.</summary>
    public string LabelColumnName { get; set; } = "Label";

    /// <summary>The column of images: <c>MLImage</c>, or a float vector of known size C*H*W in the order [C, H, W]. Default <c>Image</c>.</summary>
    public string ImageColumnName { get; set; } = "Image";

    /// <summary>Height in pixels of the image the network reads; null takes it from the column's type, else from the first image.</summary>
    public int? ImageHeight { get; set; }

    /// <summary>Width in pixels of the image the network reads; null takes it from the column's type, else from the first image.</summary>
    public int? ImageWidth { get; set; }

    /// <summary>1 reads grey, 3 reads red, green, blue. Null is 3 for <c>MLImage</c>; for float vectors it follows from the vector's size.</summary>
    public int? ImageChannels { get; set; }

    /// <summary>What to do with an <c>MLImage</c> of another size. Default <see cref="ImageResizing.Resize"/>.</summary>
    public ImageResizing Resizing { get; set; } = ImageResizing.Resize;

    /// <summary>What <c>Fit</c> does with an image it cannot use. Default <see cref="InvalidImages.Fail"/>.</summary>
    public InvalidImages InvalidImages { get; set; } = InvalidImages.Fail;

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

    /// <summary>Most passes over the training data, at least 1. Default 10.</summary>
    public int Epochs { get; set; } = 10;

    /// <summary>Images in one step of the optimiser, and in one run of the network when scoring; at least 1. Default 128.</summary>
    public int BatchSize { get; set; } = 128;

    /// <summary>Default <see cref="OptimizerKind.Adam"/>.</summary>
    public OptimizerKind Optimizer { get; set; } = OptimizerKind.Adam;

    /// <summary>Learning rate at the first step, above 0. Default 0.001.</summary>
    public double LearningRate { get; set; } = 1e-3;

    /// <summary>Adam and AdamW: decay of the mean of gradients, in [0, 1). Default 0.9.</summary>
    public double Beta1 { get; set; } = 0.9;

    /// <summary>Adam and AdamW: decay of the mean of squared gradients, in [0, 1). Default 0.999.</summary>
    public double Beta2 { get; set; } = 0.999;

    /// <summary>Adam and AdamW: added to the denominator, above 0. Default 1e-8.</summary>
    public double Epsilon { get; set; } = 1e-8;

    /// <summary>SGD: momentum, in [0, 1). Default 0.9.</summary>
    public double Momentum { get; set; } = 0.9;

    /// <summary>Weight decay, at least 0. Default 0.</summary>
    public double WeightDecay { get; set; }

    /// <summary>How the learning rate goes on from its first value. Default <see cref="LearningRateSchedule.Cosine"/>.</summary>
    public LearningRateSchedule LearningRateSchedule { get; set; } = LearningRateSchedule.Cosine;

    /// <summary>The localisation networks learn at this many times the learning rate, at least 0. Default 1.</summary>
    public double LocalisationLearningRateFactor { get; set; } = 1;

    /// <summary>
    /// Share of the training rows, in [0, 1), held out for validation: the same rows in every epoch, chosen by a hash of the row's id.
    /// Default 0. Not together with <see cref="ValidationSet"/>.
    /// </summary>
    public double ValidationFraction { get; set; }

    /// <summary>Rows for validation, with the columns of the training data; null is none. A view given to <c>Fit</c> goes before it.</summary>
    public IDataView? ValidationSet { get; set; }

    /// <summary>Stop after this many epochs without a better <see cref="EarlyStoppingMetric"/>; at least 1, null never stops early. Needs validation rows.</summary>
    public int? EarlyStoppingPatience { get; set; }

    /// <summary>The figure on the validation rows by which the best epoch is chosen. Default <see cref="ValidationMetric.Accuracy"/>. Co-localisation, which knows no labels, always goes by the loss.</summary>
    public ValidationMetric EarlyStoppingMetric { get; set; } = ValidationMetric.Accuracy;

    /// <summary>Decides first weights and order of rows; null takes one from the environment (and so from <c>MLContext</c>'s seed) when the estimator is made.</summary>
    public int? Seed { get; set; }

    /// <summary>Index of the CUDA device to train and score on; null is <c>MLContext.GpuDeviceId</c>, and the CPU where that is null too.</summary>
    public int? GpuDeviceId { get; set; }

    /// <summary>Use the CPU where the CUDA device is absent; null is <c>MLContext.FallbackToCpu</c>.</summary>
    public bool? FallbackToCpu { get; set; }

    /// <summary>Threads that torch uses during <c>Fit</c>, at least 1 (put back afterwards); null leaves torch's own setting.</summary>
    public int? NumberOfThreads { get; set; }

    /// <summary>Visit the training rows in another order in each epoch. Default true.</summary>
    public bool Shuffle { get; set; } = true;

    /// <summary>Rows kept for shuffling where the view cannot shuffle itself, at least 2 (fewer where images are large: 256 MiB is the bound). Default 1000.</summary>
    public int ShuffleBufferSize { get; set; } = 1000;

    /// <summary>Called on the thread of <c>Fit</c> after each epoch; what it throws ends <c>Fit</c>.</summary>
    public Action<TrainingEpoch>? EpochCompleted { get; set; }

    /// <summary>Ends <c>Fit</c> early; it then returns the best model so far.</summary>
    public CancellationToken CancellationToken { get; set; }

    /// <summary>What co-localisation is told; null where the objective is classification.</summary>
    internal virtual ColocalisationSettings? Colocalisation => null;

    internal virtual void Check()
    {
        OptionCheck.Name(LabelColumnName, nameof(LabelColumnName));
        OptionCheck.Name(ImageColumnName, nameof(ImageColumnName));
        OptionCheck.That(ImageChannels is null or 1 or 3, ImageChannels, nameof(ImageChannels), "1 (grey) or 3 (red, green, blue)");
        OptionCheck.Defined(Resizing, nameof(Resizing));
        OptionCheck.Defined(InvalidImages, nameof(InvalidImages));
        OptionCheck.Defined(Architecture, nameof(Architecture));
        OptionCheck.Defined(Transformation, nameof(Transformation));
        OptionCheck.Defined(Sampling, nameof(Sampling));
        OptionCheck.That(Sampling != SamplingMode.Nearest, Sampling, nameof(Sampling), "another mode: what the nearest pixel is does not change with small steps of theta, so the localisation network could not learn");
        OptionCheck.Defined(Padding, nameof(Padding));
        OptionCheck.Between(ControlPointsPerSide, GridGenerator.LeastControlPointsPerSide, GridGenerator.MostControlPointsPerSide, nameof(ControlPointsPerSide));
        OptionCheck.Between(ParallelTransformers, 1, SpatialNetworkSpec.MostParallelTransformers, nameof(ParallelTransformers));
        CheckSide(ImageHeight, nameof(ImageHeight));
        CheckSide(ImageWidth, nameof(ImageWidth));
        CheckSide(RectifiedHeight, nameof(RectifiedHeight));
        CheckSide(RectifiedWidth, nameof(RectifiedWidth));
        OptionCheck.AtLeast(Epochs, 1, nameof(Epochs));
        OptionCheck.AtLeast(BatchSize, 1, nameof(BatchSize));
        OptionCheck.Defined(Optimizer, nameof(Optimizer));
        OptionCheck.Positive(LearningRate, nameof(LearningRate));
        OptionCheck.That(Beta1 is >= 0 and < 1, Beta1, nameof(Beta1), "in [0, 1)");
        OptionCheck.That(Beta2 is >= 0 and < 1, Beta2, nameof(Beta2), "in [0, 1)");
        OptionCheck.Positive(Epsilon, nameof(Epsilon));
        OptionCheck.That(Momentum is >= 0 and < 1, Momentum, nameof(Momentum), "in [0, 1)");
        OptionCheck.NotNegative(WeightDecay, nameof(WeightDecay));
        OptionCheck.Defined(LearningRateSchedule, nameof(LearningRateSchedule));
        OptionCheck.NotNegative(LocalisationLearningRateFactor, nameof(LocalisationLearningRateFactor));
        OptionCheck.That(ValidationFraction is >= 0 and < 1, ValidationFraction, nameof(ValidationFraction), "in [0, 1)");
        OptionCheck.That(ValidationFraction == 0 || ValidationSet is null, ValidationFraction, nameof(ValidationFraction), $"0 where {nameof(ValidationSet)} is given: keep one of the two");
        OptionCheck.AtLeast(EarlyStoppingPatience, 1, nameof(EarlyStoppingPatience));
        OptionCheck.Defined(EarlyStoppingMetric, nameof(EarlyStoppingMetric));
        OptionCheck.AtLeast(GpuDeviceId, 0, nameof(GpuDeviceId));
        OptionCheck.AtLeast(NumberOfThreads, 1, nameof(NumberOfThreads));
        OptionCheck.AtLeast(ShuffleBufferSize, 2, nameof(ShuffleBufferSize));
    }

    /// <summary>Refuses a side that the network cannot have, whether an option states it or the images do.</summary>
    internal void CheckSide(int? side, string option)
    {
        var least = Architecture.IsConvolutional() ? SpatialNetworkSpec.SmallestConvolvedSide : 1;
        OptionCheck.That(side is null || (side >= least && side <= SpatialNetworkSpec.LargestSide), side, option, $"between {least} and {SpatialNetworkSpec.LargestSide} pixels where {nameof(Architecture)} is {Architecture}");
    }

    /// <summary>A copy that later changes to these options do not reach.</summary>
    internal SpatialTransformerOptions Copy() => (SpatialTransformerOptions)MemberwiseClone();

    internal TrainingSettings ToTrainingSettings() => new()
    {
        Epochs = Epochs,
        Optimizer = Optimizer,
        LearningRate = LearningRate,
        Beta1 = Beta1,
        Beta2 = Beta2,
        Epsilon = Epsilon,
        Momentum = Momentum,
        WeightDecay = WeightDecay,
        Schedule = LearningRateSchedule,
        Metric = Colocalisation is null ? EarlyStoppingMetric : ValidationMetric.Loss,
        Patience = EarlyStoppingPatience,
        NumberOfThreads = NumberOfThreads,
        EpochCompleted = EpochCompleted,
        CancellationToken = CancellationToken,
    };
}
