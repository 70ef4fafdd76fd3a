using Microsoft.ML.Spatial.Data;
using Microsoft.ML.Spatial.Training;

namespace Microsoft.ML.Spatial.Components;

/// <summary>The knobs that all trainings here share: columns, image shape, optimisation, validation and where to run.</summary>
/// <remarks>Values are checked when the estimator is made; an error names the option and its value.</remarks>
public abstract class ImageTrainingOptions
{
    private const double DefaultStepFactor = 0.1;

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
    [NotInFingerprint]
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

    /// <summary>
    /// With <see cref="LearningRateSchedule.Step"/>: the epochs, from 1 and rising, after each of which the learning rate is multiplied by <see cref="StepFactor"/>; at least one, and those
    /// from <see cref="Epochs"/> on have no effect. Default none. Other schedules refuse it.
    /// </summary>
    public int[] StepEpochs { get; set; } = [];

    /// <summary>With <see cref="LearningRateSchedule.Step"/>: what the learning rate is multiplied by, above 0 and below 1. Default 0.1, which other schedules need it to be.</summary>
    public double StepFactor { get; set; } = DefaultStepFactor;

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
    [NotInFingerprint]
    public IDataView? ValidationSet { get; set; }

    /// <summary>
    /// Validate after each epoch whose number this divides, and after the last, at least 1. Default 1, every epoch. The best epoch is chosen among those validated (until there is one, the latest
    /// counts as the best). More than 1 needs validation rows.
    /// </summary>
    public int ValidationEvery { get; set; } = 1;

    /// <summary>Stop after this many validated epochs without a better figure on the validation rows; at least 1, null never stops early. Needs validation rows.</summary>
    public int? EarlyStoppingPatience { get; set; }

    /// <summary>Decides first weights and order of rows; null takes one from the environment (and so from <c>MLContext</c>'s seed) when the estimator is made.</summary>
    [NotInFingerprint]
    public int? Seed { get; set; }

    /// <summary>Index of the CUDA device to train and score on; null is <c>MLContext.GpuDeviceId</c>, and the CPU where that is null too.</summary>
    [NotInFingerprint]
    public int? GpuDeviceId { get; set; }

    /// <summary>Use the CPU where the CUDA device is absent; null is <c>MLContext.FallbackToCpu</c>.</summary>
    [NotInFingerprint]
    public bool? FallbackToCpu { get; set; }

    /// <summary>Threads that torch uses during <c>Fit</c>, at least 1 (put back afterwards); null leaves torch's own setting.</summary>
    [NotInFingerprint]
    public int? NumberOfThreads { get; set; }

    /// <summary>Visit the training rows in another order in each epoch. Default true.</summary>
    public bool Shuffle { get; set; } = true;

    /// <summary>Rows kept for shuffling where the view cannot shuffle itself, at least 2 (fewer where images are large: 256 MiB is the bound). Default 1000.</summary>
    public int ShuffleBufferSize { get; set; } = 1000;

    /// <summary>
    /// The folder that training is kept in after each epoch, in one file (<c>training.checkpoint</c>), so that it can go on where it ended, be it by a crash, a kill or a cancelled <c>Fit</c>;
    /// null (the default) keeps nothing. A folder is for one training, by one process at a time; it is made where it is not there.
    /// </summary>
    /// <remarks>
    /// <para><c>Fit</c> with a folder that holds a checkpoint goes on after its last finished epoch, and comes to the same weights, bit for bit, as a training that was never ended (on the CPU of one
    /// machine, with one number of threads, where what is random upstream is <c>WarpImages</c> or nothing). It takes the checkpoint's seed where <see cref="Seed"/> is null. Where the
    /// training was finished, <c>Fit</c> gives the model without training.</para>
    /// <para>Where options, image shape, classes or rows are others than the checkpoint's, <c>Fit</c> refuses, and says which; it also refuses a damaged file. Device, number of threads and callbacks may change,
    /// and <see cref="Epochs"/> where the learning rate does not depend on it (<see cref="LearningRateSchedule.Constant"/>, <see cref="LearningRateSchedule.Step"/>).</para>
    /// </remarks>
    [NotInFingerprint]
    public string? CheckpointFolder { get; set; }

    /// <summary>Called on the thread of <c>Fit</c> after each epoch, once its checkpoint is written; what it throws ends <c>Fit</c>.</summary>
    [NotInFingerprint]
    public Action<TrainingEpoch>? EpochCompleted { get; set; }

    /// <summary>Ends <c>Fit</c> early; it then returns the best model so far.</summary>
    [NotInFingerprint]
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
        CheckSteps();
        OptionCheck.AtLeast(WarmupSteps, 0, nameof(WarmupSteps));
        OptionCheck.PositiveOrNull(GradientClip, nameof(GradientClip));
        OptionCheck.That(ValidationFraction is >= 0 and < 1, ValidationFraction, nameof(ValidationFraction), "in [0, 1)");
        OptionCheck.That(ValidationFraction == 0 || ValidationSet is null, ValidationFraction, nameof(ValidationFraction), $"0 where {nameof(ValidationSet)} is given: keep one of the two");
        OptionCheck.AtLeast(ValidationEvery, 1, nameof(ValidationEvery));
        OptionCheck.AtLeast(EarlyStoppingPatience, 1, nameof(EarlyStoppingPatience));
        OptionCheck.AtLeast(GpuDeviceId, 0, nameof(GpuDeviceId));
        OptionCheck.AtLeast(NumberOfThreads, 1, nameof(NumberOfThreads));
        OptionCheck.AtLeast(ShuffleBufferSize, 2, nameof(ShuffleBufferSize));
        OptionCheck.That(CheckpointFolder is null || !string.IsNullOrWhiteSpace(CheckpointFolder), $"'{CheckpointFolder}'", nameof(CheckpointFolder), "the path of a folder, or null");
    }

    /// <summary>Refuses what has no effect without validation rows.</summary>
    internal void CheckValidation(bool hasValidationRows)
    {
        var mustBe = $"where there are no validation rows: set {nameof(ValidationFraction)} or {nameof(ValidationSet)}";
        OptionCheck.That(hasValidationRows || EarlyStoppingPatience is null, EarlyStoppingPatience, nameof(EarlyStoppingPatience), $"null {mustBe}");
        OptionCheck.That(hasValidationRows || ValidationEvery == 1, ValidationEvery, nameof(ValidationEvery), $"1 {mustBe}");
    }

    /// <summary>Refuses a share of rows held out that comes to none.</summary>
    /// <param name="heldOut">Which rows are held out; null is none, by intent.</param>
    /// <param name="heldOutRows">How many were found.</param>
    /// <param name="trainingRows">How many rows are left.</param>
    internal void CheckHeldOut(HeldOutRows? heldOut, long heldOutRows, long trainingRows)
    {
        if (heldOut is not null && heldOutRows == 0 && !CancellationToken.IsCancellationRequested)
        {
            throw new InvalidDataException(FormattableString.Invariant(
                $"Option {nameof(ValidationFraction)} is {ValidationFraction}, but of {trainingRows} rows none is held out: raise it, or give a {nameof(ValidationSet)}."));
        }
    }

    /// <summary>The rows to hold out where no others are given to validate on; null is none.</summary>
    internal HeldOutRows? HeldOut(IDataView? validation, int seed) => validation is null && ValidationFraction > 0 ? new HeldOutRows(ValidationFraction, seed) : null;

    /// <summary>What is kept of an earlier training, where there is a folder for it, and the seed of this one: that of the options, else the kept one's.</summary>
    /// <param name="seed">The seed where neither has one.</param>
    internal (CheckpointFile? Checkpoint, int Seed) OpenCheckpoint(int seed)
    {
        var checkpoint = CheckpointFolder is { } folder ? CheckpointFile.Open(folder) : null;
        return (checkpoint, Seed ?? checkpoint?.Found?.Seed ?? seed);
    }

    private void CheckSteps()
    {
        var steps = StepEpochs is null ? null : $"[{string.Join(", ", StepEpochs)}]";
        if (LearningRateSchedule == LearningRateSchedule.Step)
        {
            OptionCheck.That(
                StepEpochs is [>= 1, ..] && StepEpochs.Zip(StepEpochs.Skip(1)).All(pair => pair.First < pair.Second), steps, nameof(StepEpochs),
                $"numbers of epochs, from 1 and rising, at least one, where {nameof(LearningRateSchedule)} is {LearningRateSchedule}");
            OptionCheck.That(StepFactor is > 0 and < 1, StepFactor, nameof(StepFactor), "above 0 and below 1");
        }
        else
        {
            var where = $"where {nameof(LearningRateSchedule)} is {LearningRateSchedule}, which has no use for it; {nameof(LearningRateSchedule.Step)} has";
            OptionCheck.That(StepEpochs is [], steps, nameof(StepEpochs), $"empty {where}");
            OptionCheck.That(StepFactor == DefaultStepFactor, StepFactor, nameof(StepFactor), FormattableString.Invariant($"{DefaultStepFactor}, the default, {where}"));
        }
    }

    /// <summary>Refuses a side that the network cannot have, whether an option states it or the images do.</summary>
    internal abstract void CheckSide(int? side, string option);

    /// <summary>A copy that later changes to these options do not reach.</summary>
    internal T Copy<T>()
        where T : ImageTrainingOptions
    {
        var copy = (T)MemberwiseClone();
        copy.StepEpochs = [.. StepEpochs];
        return copy;
    }

    /// <summary>Everything that decides what a training with these options comes to (<see cref="CheckpointFile.Bind"/>).</summary>
    /// <param name="rest">What is known of the data, by name; a value of null is not known.</param>
    internal SortedDictionary<string, string> Fingerprint(params ReadOnlySpan<(string Name, object? Value)> rest)
    {
        // Where the learning rate depends on it, so does all else.
        int? epochs = LearningRateSchedule == LearningRateSchedule.Cosine ? Epochs : null;
        return TrainingFingerprint.Of(this, [.. rest, (nameof(Epochs), epochs)]);
    }

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
        StepEpochs = StepEpochs,
        StepFactor = StepFactor,
        WarmupSteps = WarmupSteps,
        GradientClip = GradientClip,
        Metric = Metric,
        Patience = EarlyStoppingPatience,
        ValidationEvery = ValidationEvery,
        NumberOfThreads = NumberOfThreads,
        EpochCompleted = EpochCompleted,
        CancellationToken = CancellationToken,
    };
}
