using Microsoft.ML.Spatial.Data;
using Microsoft.ML.Spatial.Functional;
using Microsoft.ML.Spatial.Modules;
using Microsoft.ML.Spatial.Training;

namespace Microsoft.ML.Spatial.Components;

/// <summary>Everything about a trained model but its weights; as JSON it is the header of the model file, so names and meanings stay.</summary>
internal sealed record SpatialModelSettings
{
    public required string ImageColumnName { get; init; }

    public required ImageResizing Resizing { get; init; }

    /// <summary>Most images in one run of the network.</summary>
    public required int BatchSize { get; init; }

    public required SpatialArchitecture Architecture { get; init; }

    public required TransformationKind Transformation { get; init; }

    /// <summary>Files of version 1.1 do not hold this nor the next: what their models have stands here.</summary>
    public int ControlPointsPerSide { get; init; } = 4;

    public SamplingMode Sampling { get; init; } = SamplingMode.Bilinear;

    public PaddingMode Padding { get; init; } = PaddingMode.Zeros;

    public int ParallelTransformers { get; init; } = 1;

    /// <summary>Files before version 1.3 do not hold it.</summary>
    public float StartScale { get; init; } = 1;

    public required int Channels { get; init; }

    public required int ImageHeight { get; init; }

    public required int ImageWidth { get; init; }

    public required int RectifiedHeight { get; init; }

    public required int RectifiedWidth { get; init; }

    /// <summary>0 where the model has no classifier, which files before version 1.3 cannot say.</summary>
    public required int Classes { get; init; }

    /// <summary>Null where the column is not handed out; so for the next three.</summary>
    public required string? PredictedLabelColumnName { get; init; }

    public required string? ScoreColumnName { get; init; }

    public required string? RectifiedColumnName { get; init; }

    public required string? ThetaColumnName { get; init; }

    public required RectifiedOutputKind RectifiedKind { get; init; }

    /// <summary>Whether the rectified image's size was known before any row was read, so that the schema may tell it.</summary>
    public required bool RectifiedSizeInSchema { get; init; }

    public required LabelValues? LabelValues { get; init; }

    /// <summary>What the finished epochs of the training came to.</summary>
    public required TrainingEpoch[] Epochs { get; init; }

    /// <summary>What the network reads.</summary>
    internal ImageShape Shape => new(Channels, ImageHeight, ImageWidth);

    /// <summary>The shape of the rectified image.</summary>
    internal ImageShape RectifiedShape => new(ParallelTransformers * Channels, RectifiedHeight, RectifiedWidth);

    /// <summary>How many numbers theta has for one image.</summary>
    internal int ThetaLength => ParallelTransformers * GridGenerator.ParametersOf(Transformation, ControlPointsPerSide);

    /// <summary>These settings, where a file holds them and they are ones a model can have.</summary>
    /// <param name="weights">How many values the file's weights hold.</param>
    /// <exception cref="ArgumentException">They are not; the error names the value.</exception>
    internal SpatialModelSettings Checked(long weights)
    {
        OptionCheck.Name(ImageColumnName, nameof(ImageColumnName));
        OptionCheck.Defined(Resizing, nameof(Resizing));
        OptionCheck.Defined(RectifiedKind, nameof(RectifiedKind));
        OptionCheck.That(Channels is 1 or 3, Channels, nameof(Channels), "1 or 3");
        OptionCheck.AtLeast(BatchSize, 1, nameof(BatchSize));
        var spec = ToNetworkSpec();
        CheckSizes();
        OptionCheck.That(spec.HasTransformer || (ThetaColumnName is null && RectifiedColumnName is null), Architecture, nameof(Architecture), "one with a spatial transformer where theta or the rectified image is handed out");
        OptionCheck.That(Classes > 0 || (PredictedLabelColumnName is null && ScoreColumnName is null), Classes, nameof(Classes), "above 0 where the predicted label or the scores are handed out");
        OptionCheck.That(LabelValues is null || LabelValues.Texts.Length == Classes, LabelValues?.Texts.Length, nameof(LabelValues), $"as many as Classes, {Classes}");

        // A fully connected layer of at least 32 units reads the whole image, and one of a classifier what is made of it; their weights must be there before as much memory is asked for.
        if (!Architecture.IsConvolutional())
        {
            CheckWeights(Shape, nameof(Shape));
            if (spec.HasTransformer && Classes > 0)
            {
                CheckWeights(RectifiedShape, nameof(RectifiedShape));
            }
        }

        return this;

        void CheckWeights(ImageShape shape, string of) => OptionCheck.That(32L * shape.Length <= weights, shape.Length, of, $"one whose weights are in the file, which holds {weights} values");
    }

    /// <summary>Refuses sizes that do not go together: a batch whose images do not fit one array, and rectified images of more channels than an <c>MLImage</c> has.</summary>
    internal void CheckSizes()
    {
        OptionCheck.Batch(BatchSize, Shape, nameof(ImageHeight), nameof(ImageWidth));
        if (!Architecture.HasTransformer())
        {
            return;
        }

        OptionCheck.Batch(BatchSize, RectifiedShape, nameof(RectifiedHeight), nameof(RectifiedWidth));
        OptionCheck.That(
            RectifiedKind != RectifiedOutputKind.Image || RectifiedShape.Channels is 1 or 3,
            ParallelTransformers,
            nameof(ParallelTransformers),
            $"such that with {Channels} channels (option ImageChannels) it makes 1 or 3 channels where option OutputKind is {nameof(RectifiedOutputKind.Image)}, not {RectifiedShape.Channels}; take 1, or OutputKind {nameof(RectifiedOutputKind.Vector)}");
    }

    /// <summary>The network these settings describe.</summary>
    internal SpatialNetworkSpec ToNetworkSpec() => new()
    {
        Architecture = Architecture,
        Transformation = Transformation,
        ControlPointsPerSide = ControlPointsPerSide,
        Sampling = Sampling,
        Padding = Padding,
        ParallelTransformers = ParallelTransformers,
        StartScale = StartScale,
        Channels = Channels,
        InputHeight = ImageHeight,
        InputWidth = ImageWidth,
        RectifiedHeight = RectifiedHeight,
        RectifiedWidth = RectifiedWidth,
        Classes = Classes,
    };
}
