using Microsoft.ML.Spatial.Training;

namespace Microsoft.ML.Spatial.Components;

/// <summary>The knobs that all trainings here share: columns, image shape, optimisation, validation and where to run.</summary>
/// <remarks>Values are checked when the estimator is made; an error names the option and its value.</remarks>
public abstract class ImageTrainingOptions
{
    private protected ImageTrainingOptions()
    {
    }

    /// <summary>The column of class labels, a key; a detector's is a variable vector of keys, one an object. Default <c>Label</c>.</summary>
    public string LabelColumnName { get; set; } = "Label";

    /// <summary>The column of images: <c>MLImage</c>, or a float vector of known size C*H*W in the order [C, H, W]. Default <c>Image</c>.</summary>
    public string ImageColumnName { get; set; } = "Image";

    /// <summary>Height in pixels of the image the network reads; null takes it from the column's type, else from the first image.</summary>
    public int? ImageHeight { get; set; }

    /// <summary>Width in pixels of the image the network reads; null takes it from the column's type, else from the first image.</summary>
    public int? ImageWidth { get; set; }

    /// <summary>1 reads grey, 3 reads red, green, blue. Null is 3 for <c>MLImage</c>; for float vectors it follows from the vector's size.</summary>
    public int? ImageChannels { get; set; }

    /// <summary>What to do with an <c>MLImage</c> of another size. Default <see cref="ImageResizing.Resize"/>; a detector's <see cref="ImageResizing.Pad"/>.</summary>
    public ImageResizing Resizing { get; set; } = ImageResizing.Resize;

    /// <summary>What <c>Fit</c> does with an image it cannot use. Default <see cref="InvalidImages.Fail"/>.</summary>
    public InvalidImages InvalidImages { get; set; } = InvalidImages.Fail;

    /// <summary>Most passes over the training data, at least 1. Default 10.</summary>
    public int Epochs { get; set; } = 10;

    /// <summary>Images in one step of the optimiser, and in one run of the network when scoring; at least 1. Default 128; a detector's 16.</summary>
    public int BatchSize { get; set; } = 128;

    /// <summary>Default <see cref="OptimizerKind.Adam"/>; a detector's <see cref="OptimizerKind.AdamW"/>.</summary>
    public OptimizerKind Optimizer { get; set; } = OptimizerKind.Adam;

    /// <summary>Learning rate at the first step (where there is no warm-up), above 0. Default 0.001; a detector's 0.002.</summary>
    public double LearningRate { get; set; } = 1e-3;

    /// <summary>Adam and AdamW: decay of the mean of gradients, in [0, 1). Default 0.9.</summary>
    public double Beta1 { get; set; } = 0.9;

    /// <summary>Adam and AdamW: decay of the mean of squared gradients, in [0, 1). Default 0.999.</summary>
    public double Beta2 { get; set; } = 0.999;

    /// <summary>Adam and AdamW: added to the denominator, above 0. Default 1e-8.</summary>
    public double Epsilon { get; set; } = 1e-8;

    /// <summary>SGD: momentum, in [0, 1). Default 0.9.</summary>
    public double Momentum { get; set; } = 0.9;

    /// <summary>Weight decay, at least 0. Default 0; a detector's 0.0001.</summary>
    public double WeightDecay { get; set; }

    /// <summary>How the learning rate goes on from its first value. Default <see cref="LearningRateSchedule.Cosine"/>.</summary>
    public LearningRateSchedule LearningRateSchedule { get; set; } = LearningRateSchedule.Cosine;

    /// <summary>Steps over which the learning rate rises evenly to that of the schedule, at least 0. Default 0; a detector's 100.</summary>
    public int WarmupSteps { get; set; }

    /// <summary>The longest the gradient of all weights together may be (Euclidean norm), above 0; a longer one is shortened. Null (the default; a detector's is 5) leaves it.</summary>
    public double? GradientClip { get; set; }

    /// <summary>
    /// Share of the training rows, in [0, 1), held out for validation: the same rows in every epoch, chosen by a hash of the row's id.
    /// Default 0. Not together with <see cref="ValidationSet"/>.
    /// </summary>
    public double ValidationFraction { get; set; }

    /// <summary>Rows for validation, with the columns of the training data; null is none. A view given to <c>Fit</c> goes before it.</summary>
    public IDataView? ValidationSet { get; set; }

    /// <summary>Stop after this many epochs without a better figure on the validation rows; at least 1, null never stops early. Needs validation rows.</summary>
    public int? EarlyStoppingPatience { get; set; }

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

    /// <summary>The figure by which epochs are compared.</summary>
    private protected abstract ValidationMetric Metric { get; }

    internal virtual void Check()
    {
        OptionCheck.Name(LabelColumnName, nameof(LabelColumnName));
        OptionCheck.Name(ImageColumnName, nameof(ImageColumnName));
        OptionCheck.That(ImageChannels is null or 1 or 3, ImageChannels, nameof(ImageChannels), "1 (grey) or 3 (red, green, blue)");
        OptionCheck.Defined(Resizing, nameof(Resizing));
        OptionCheck.Defined(InvalidImages, nameof(InvalidImages));
        CheckSide(ImageHeight, nameof(ImageHeight));
        CheckSide(ImageWidth, nameof(ImageWidth));
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
        OptionCheck.AtLeast(WarmupSteps, 0, nameof(WarmupSteps));
        OptionCheck.PositiveOrNull(GradientClip, nameof(GradientClip));
        OptionCheck.That(ValidationFraction is >= 0 and < 1, ValidationFraction, nameof(ValidationFraction), "in [0, 1)");
        OptionCheck.That(ValidationFraction == 0 || ValidationSet is null, ValidationFraction, nameof(ValidationFraction), $"0 where {nameof(ValidationSet)} is given: keep one of the two");
        OptionCheck.AtLeast(EarlyStoppingPatience, 1, nameof(EarlyStoppingPatience));
        OptionCheck.AtLeast(GpuDeviceId, 0, nameof(GpuDeviceId));
        OptionCheck.AtLeast(NumberOfThreads, 1, nameof(NumberOfThreads));
        OptionCheck.AtLeast(ShuffleBufferSize, 2, nameof(ShuffleBufferSize));
    }

    /// <summary>Refuses a side that the network cannot have, whether an option states it or the images do.</summary>
    internal abstract void CheckSide(int? side, string option);

    /// <summary>A copy that later changes to these options do not reach.</summary>
    internal T Copy<T>()
        where T : ImageTrainingOptions => (T)MemberwiseClone();

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
        WarmupSteps = WarmupSteps,
        GradientClip = GradientClip,
        Metric = Metric,
        Patience = EarlyStoppingPatience,
        NumberOfThreads = NumberOfThreads,
        EpochCompleted = EpochCompleted,
        CancellationToken = CancellationToken,
    };
}
