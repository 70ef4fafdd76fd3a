using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Spatial.Data;
using Microsoft.ML.Spatial.Functional;
using Microsoft.ML.Spatial.Modules;
using Microsoft.ML.Spatial.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Spatial.Components;

/// <summary>The training that the trainer and the estimator have in common.</summary>
/// <param name="environment">Tells the device.</param>
/// <param name="host">Takes log and progress.</param>
/// <param name="options">Checked options.</param>
/// <param name="seed">Decides first weights, held-out rows and order of rows, unless a checkpoint has a seed and the options have none.</param>
/// <param name="component">Name of the component, for errors.</param>
internal sealed class SpatialTransformerFit(IHostEnvironment environment, IHost host, SpatialTransformerOptions options, int seed, string component)
{
    /// <summary>Trains a network on the rows of a view.</summary>
    /// <param name="input">Rows with label and image.</param>
    /// <param name="validation">Rows to validate on; null takes those of the options.</param>
    /// <param name="complete">Adds the columns that the model hands out to settings that have none.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing, of the wrong type or of the wrong size.</exception>
    /// <exception cref="InvalidDataException">There are no rows or only one class, or an image cannot be used.</exception>
    public SpatialTransformerModel Run(IDataView input, IDataView? validation, Func<SpatialModelSettings, SpatialModelSettings> complete)
    {
        var (checkpoint, ownSeed) = options.OpenCheckpoint(seed);
        return new SpatialTransformerFit(environment, host, options, ownSeed, component).Run(input, validation, complete, checkpoint);
    }

    private SpatialTransformerModel Run(IDataView input, IDataView? validation, Func<SpatialModelSettings, SpatialModelSettings> complete, CheckpointFile? checkpoint)
    {
        CheckSchema(SchemaShapes.Of(input.Schema));
        validation ??= options.ValidationSet;
        var label = Label(input.Schema);
        var classes = label is { } column ? LabelColumn.Classes(column) : 0;
        var device = TrainingDevice.Choose(environment, options.GpuDeviceId, options.FallbackToCpu);
        var heldOut = options.HeldOut(validation, seed);
        options.CheckValidation(validation is not null || heldOut is not null);
        var shape = ImageColumn.Shape(input, options);
        options.CheckSide(shape.Height, nameof(options.ImageHeight));
        options.CheckSide(shape.Width, nameof(options.ImageWidth));
        var labelValues = label is { } labelled ? LabelValues.Of(labelled) : null;
        var rectified = RectifiedSize(input.Schema[options.ImageColumnName].Type);
        var settings = complete(Settings(shape, classes, rectified is not null, labelValues));
        settings.CheckSizes();
        var survey = Survey(input, label, classes, heldOut, "training");
        var training = Images(input, shape, heldOut);
        var (validating, validationRows) = validation is null ? (null, null) : ValidationImages(validation, shape, classes);
        Warn(survey, heldOut, label, labelValues);
        checkpoint?.Bind(seed, options.Fingerprint(
            ("trainer", component), ("image shape", shape.ToString()), ("classes", classes), ("class names", labelValues?.Texts), ("training rows", survey.Rows), ("validation rows", validationRows)));

        SpatialNetwork network;
        using (new RandomScope(seed))
        {
            network = settings.ToNetworkSpec().Build();
        }

        try
        {
            network.to(device);
            network.OwnWeights();
            using var objective = Objective(network);
            var loop = new TrainingLoop<ImageBatch<long>>
            {
                Settings = options.ToTrainingSettings(),
                Network = network,
                ParameterSets =
                [
                    new ParameterSet(network.OtherParameters().ToArray(), 1),
                    new ParameterSet(network.LocalisationParameters().ToArray(), options.LocalisationLearningRateFactor),
                ],
                OpenEpoch = epoch => new SizedBatches(training.Open(options.Shuffle ? new Random(EpochSeed.Of(seed, epoch)) : null), objective.LeastBatch),
                StepsPerEpoch = (survey.TrainingRows + options.BatchSize - 1) / options.BatchSize,
                Losses = batch => [new NamedLoss("Loss", Loss(objective, batch, shape, device))],
                Validate = validating is not null ? () => Validate(network, validating, false, device)
                    : heldOut is not null ? () => Validate(network, training, true, device)
                    : null,
                Host = host,
                Checkpoint = checkpoint,
                PassOver = state =>
                {
                    objective.Skip(state.Images);
                    LabelledImages<long>.PassOver(training, validating ?? training, state.Epochs);
                },
            };
            var epochs = loop.Run();
            return new SpatialTransformerModel(settings with { Epochs = [.. epochs] }, network, device);
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }

    /// <summary>Refuses missing and wrongly typed columns.</summary>
    private void CheckSchema(SchemaShape input)
    {
        if (options.Colocalisation is null)
        {
            LabelColumn.Check(input, options.LabelColumnName, component);
        }

        ImageColumn.Check(input, options.ImageColumnName, component);
    }

    /// <summary>The schema shape with the columns that a model of these options adds.</summary>
    /// <param name="input">What goes in.</param>
    /// <param name="complete">Adds the columns that the model hands out to settings that have none.</param>
    public SchemaShape OutputShape(SchemaShape input, Func<SpatialModelSettings, SpatialModelSettings> complete)
    {
        var labels = options.Colocalisation is null ? LabelValues.Of(LabelColumn.Check(input, options.LabelColumnName, component)) : null;
        var image = ImageColumn.Check(input, options.ImageColumnName, component);
        var size = RectifiedSize(image.ItemType);

        // Sizes and numbers that a shape does not tell stand at their least: no column's shape depends on them.
        var shape = new ImageShape(1, size?.Height ?? 1, size?.Width ?? 1);
        var settings = complete(Settings(shape, 2, size is not null, labels));
        return SchemaShapes.Add(input, OutputColumn.ToSchema(OutputColumn.Of(settings)));
    }

    private static (Tensor Images, Tensor Labels) Tensors(ImageBatch<long> batch, ImageShape shape, Device device)
    {
        var images = ImageTensor.Of(batch.Pixels, batch.Count, shape, device);
        var labels = TensorFactory.FromArray<long>(batch.Labels, [batch.Count], device);
        return (images, labels);
    }

    private static Tensor Loss(ITrainingObjective objective, ImageBatch<long> batch, ImageShape shape, Device device)
    {
        var (images, labels) = Tensors(batch, shape, device);
        return objective.Loss(images, labels);
    }

    private ITrainingObjective Objective(SpatialNetwork network) => options.Colocalisation is { } settings
        ? new ColocalisationObjective(network, settings, seed)
        : new ClassificationObjective(network);

    /// <summary>The label column; null where the objective has no use for one.</summary>
    private DataViewSchema.Column? Label(DataViewSchema schema) => options.Colocalisation is null ? schema[options.LabelColumnName] : null;

    private LabelSurvey Survey(IDataView view, DataViewSchema.Column? label, int classes, HeldOutRows? heldOut, string role)
    {
        var survey = LabelSurvey.Take(view, label, Math.Max(1, classes), heldOut, role, needsTwoClasses: label is not null && role == "training", options.CancellationToken);
        if (options.Colocalisation is not null && !options.CancellationToken.IsCancellationRequested && (survey.TrainingRows == 1 || survey.HeldOutRows == 1))
        {
            throw new InvalidDataException($"There is one {(survey.TrainingRows == 1 ? role : "validation")} row; with option {nameof(SpatialTransformerEstimator.Options.Objective)} {nameof(SpatialObjective.Colocalisation)} images are compared in pairs, which takes 2.");
        }

        return survey;
    }

    private ValidationResult? Validate(SpatialNetwork network, LabelledImages<long> images, bool heldOut, Device device)
    {
        using var objective = Objective(network);
        var loss = 0.0;
        long? right = 0;
        var measuredRows = ValidationPass.Run(new SizedBatches(images.Open(null, heldOut), objective.LeastBatch), host, batch =>
        {
            var (pixels, labels) = Tensors(batch, images.Shape, device);
            var measured = objective.Measure(pixels, labels);
            loss += measured.Loss * batch.Count;
            right += measured.Right;
        }, options.CancellationToken);
        return measuredRows is long rows ? new ValidationResult(loss / rows, (double?)right / rows) : null;
    }

    /// <summary>Settings without the columns that the component hands out.</summary>
    private SpatialModelSettings Settings(ImageShape shape, int classes, bool rectifiedSizeInSchema, LabelValues? labels) => new()
    {
        ImageColumnName = options.ImageColumnName,
        Resizing = options.Resizing,
        BatchSize = options.BatchSize,
        Architecture = options.Architecture,
        Transformation = options.Transformation,
        ControlPointsPerSide = options.ControlPointsPerSide,
        Sampling = options.Sampling,
        Padding = options.Padding,
        ParallelTransformers = options.ParallelTransformers,
        StartScale = (float)(options.Colocalisation?.WindowSize ?? 1),
        Channels = shape.Channels,
        ImageHeight = shape.Height,
        ImageWidth = shape.Width,
        RectifiedHeight = options.RectifiedHeight ?? shape.Height,
        RectifiedWidth = options.RectifiedWidth ?? shape.Width,
        Classes = classes,
        PredictedLabelColumnName = null,
        ScoreColumnName = null,
        RectifiedColumnName = null,
        ThetaColumnName = null,
        RectifiedKind = RectifiedOutputKind.Vector,
        RectifiedSizeInSchema = rectifiedSizeInSchema,
        LabelValues = labels,
        Epochs = [],
    };

    private (LabelledImages<long> Images, string? Rows) ValidationImages(IDataView view, ImageShape shape, int classes)
    {
        CheckSchema(SchemaShapes.Of(view.Schema));
        var label = Label(view.Schema);
        if (label is { } column && LabelColumn.Classes(column) is var count && count != classes)
        {
            throw new ArgumentOutOfRangeException(nameof(view), count, $"Label column '{column.Name}' of the validation rows is a key of {count} values, that of the training rows of {classes}; map both by the same fitted MapValueToKey.");
        }

        var survey = Survey(view, label, classes, null, "validation");
        return (Images(view, shape, null), survey.Rows);
    }

    private LabelledImages<long> Images(IDataView view, ImageShape shape, HeldOutRows? heldOut) => new()
    {
        View = view,
        LabelColumns = LabelColumn.Needed(Label(view.Schema)),
        Labels = row => LabelColumn.TryGetter(row, Label(view.Schema)),
        Image = ImageColumn.Find(view.Schema, options.ImageColumnName, shape, options.Resizing, component),
        Shape = shape,
        Resizing = options.Resizing,
        InvalidImages = options.InvalidImages,
        BatchSize = options.BatchSize,
        ShuffleBufferSize = options.ShuffleBufferSize,
        HeldOut = heldOut,
    };

    private (int Height, int Width)? RectifiedSize(DataViewType image)
    {
        var known = ImageColumn.KnownSize(image, options);
        return (options.RectifiedHeight ?? known?.Height, options.RectifiedWidth ?? known?.Width) is (int height, int width) ? (height, width) : null;
    }

    private void Warn(LabelSurvey survey, HeldOutRows? heldOut, DataViewSchema.Column? label, LabelValues? labelValues)
    {
        using var channel = host.Start("Fit");
        if (survey.MissingLabels > 0)
        {
            channel.Warning(MessageSensitivity.None, $"{survey.MissingLabels} rows have no label in column '{options.LabelColumnName}' and are left out.");
        }

        if (label is { } column && column.Annotations.Schema.GetColumnOrNull(AnnotationNames.KeyValues) is { } values && labelValues is null)
        {
            channel.Warning(MessageSensitivity.None, $"The key values of label column '{column.Name}' are of type {values.Type}, which is not kept: predicted labels have keys but no values.");
        }

        options.CheckHeldOut(heldOut, survey.HeldOutRows, survey.TrainingRows);
    }
}
