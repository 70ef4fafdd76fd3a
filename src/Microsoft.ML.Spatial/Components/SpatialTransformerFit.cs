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
/// <param name="seed">Decides first weights, held-out rows and order of rows.</param>
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
        CheckSchema(SchemaShapes.Of(input.Schema));
        validation ??= options.ValidationSet;
        var label = input.Schema[options.LabelColumnName];
        var classes = LabelColumn.Classes(label);
        var device = TrainingDevice.Choose(environment, options.GpuDeviceId, options.FallbackToCpu);
        var heldOut = validation is null && options.ValidationFraction > 0 ? new HeldOutRows(options.ValidationFraction, seed) : null;
        if (options.EarlyStoppingPatience is int patience && validation is null && heldOut is null)
        {
            throw new ArgumentOutOfRangeException(nameof(options.EarlyStoppingPatience), patience, $"Option {nameof(options.EarlyStoppingPatience)} is {patience}, but there are no validation rows: set {nameof(options.ValidationFraction)} or {nameof(options.ValidationSet)}, or leave it null.");
        }

        var shape = ImageColumn.Shape(input, options);
        options.CheckSide(shape.Height, nameof(options.ImageHeight));
        options.CheckSide(shape.Width, nameof(options.ImageWidth));
        var labelValues = LabelValues.Of(label);
        var rectified = RectifiedSize(input.Schema[options.ImageColumnName].Type);
        var settings = complete(Settings(shape, classes, rectified is not null, labelValues));
        settings.CheckSizes();
        var survey = LabelSurvey.Take(input, label, classes, heldOut, "training", needsTwoClasses: true, options.CancellationToken);
        var training = Images(input, shape, heldOut);
        var validating = validation is null ? null : ValidationImages(validation, shape, classes);
        Warn(survey, heldOut, label, labelValues);

        SpatialNetwork network;
        using (new RandomScope(seed))
        {
            network = settings.ToNetworkSpec().Build();
        }

        try
        {
            network.to(device);
            network.OwnWeights();
            var loop = new TrainingLoop<ImageBatch>
            {
                Settings = options.ToTrainingSettings(),
                Network = network,
                ParameterSets =
                [
                    new ParameterSet(network.OtherParameters().ToArray(), 1),
                    new ParameterSet(network.LocalisationParameters().ToArray(), options.LocalisationLearningRateFactor),
                ],
                OpenEpoch = epoch => training.Open(options.Shuffle ? new Random(HashSeed(seed, epoch)) : null),
                StepsPerEpoch = (survey.TrainingRows + options.BatchSize - 1) / options.BatchSize,
                Loss = batch => Loss(network, batch, shape, device),
                Validate = validating is not null ? () => Validate(network, validating, false, device)
                    : heldOut is not null ? () => Validate(network, training, true, device)
                    : null,
                Host = host,
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
        LabelColumn.Check(input, options.LabelColumnName, component);
        ImageColumn.Check(input, options.ImageColumnName, component);
    }

    /// <summary>The schema shape with the columns that a model of these options adds.</summary>
    /// <param name="input">What goes in.</param>
    /// <param name="complete">Adds the columns that the model hands out to settings that have none.</param>
    public SchemaShape OutputShape(SchemaShape input, Func<SpatialModelSettings, SpatialModelSettings> complete)
    {
        var label = LabelColumn.Check(input, options.LabelColumnName, component);
        var image = ImageColumn.Check(input, options.ImageColumnName, component);
        var size = RectifiedSize(image.ItemType);

        // Sizes and numbers that a shape does not tell stand at their least: no column's shape depends on them.
        var shape = new ImageShape(1, size?.Height ?? 1, size?.Width ?? 1);
        var settings = complete(Settings(shape, 2, size is not null, LabelValues.Of(label)));
        return SchemaShapes.Add(input, OutputColumn.ToSchema(OutputColumn.Of(settings)));
    }

    private static int HashSeed(int seed, int epoch) => unchecked((seed * 486187739) + (epoch * 16777619));

    private static (Tensor Logits, Tensor Labels) Forward(SpatialNetwork network, ImageBatch batch, ImageShape shape, Device device)
    {
        var images = TensorFactory.FromArray<float>(batch.Pixels.AsSpan(0, batch.Count * shape.Length), [batch.Count, shape.Channels, shape.Height, shape.Width], device);
        var labels = TensorFactory.FromArray<long>(batch.Labels, [batch.Count], device);
        return (network.forward(images), labels);
    }

    private static Tensor Loss(SpatialNetwork network, ImageBatch batch, ImageShape shape, Device device)
    {
        var (logits, labels) = Forward(network, batch, shape, device);
        return nn.functional.cross_entropy(logits, labels);
    }

    private ValidationResult? Validate(SpatialNetwork network, LabelledImages images, bool heldOut, Device device)
    {
        using var noGradient = no_grad();
        double loss = 0, right = 0;
        var rows = 0L;
        var source = images.Open(null, heldOut);
        using var batches = new ReadAhead<ImageBatch>(source.Batches, 2);
        foreach (var batch in batches)
        {
            using (batch)
            {
                if (options.CancellationToken.IsCancellationRequested)
                {
                    return null;
                }

                using var scope = NewDisposeScope();
                var (logits, labels) = Forward(network, batch, images.Shape, device);
                loss += nn.functional.cross_entropy(logits, labels).item<float>() * (double)batch.Count;
                right += logits.argmax(1).eq(labels).sum().item<long>();
                rows += batch.Count;
            }
        }

        if (source.Skipped > 0)
        {
            using var channel = host.Start("Validate");
            channel.Warning(MessageSensitivity.None, $"{source.Skipped} validation rows are left out because their image could not be used.");
        }

        return rows > 0 ? new ValidationResult(loss / rows, right / rows) : throw new InvalidDataException("No validation row has an image that can be used.");
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

    private LabelledImages ValidationImages(IDataView view, ImageShape shape, int classes)
    {
        CheckSchema(SchemaShapes.Of(view.Schema));
        var label = view.Schema[options.LabelColumnName];
        if (LabelColumn.Classes(label) is var count && count != classes)
        {
            throw new ArgumentOutOfRangeException(nameof(view), count, $"Label column '{label.Name}' of the validation rows is a key of {count} values, that of the training rows of {classes}; map both by the same fitted MapValueToKey.");
        }

        LabelSurvey.Take(view, label, classes, null, "validation", needsTwoClasses: false, options.CancellationToken);
        return Images(view, shape, null);
    }

    private LabelledImages Images(IDataView view, ImageShape shape, HeldOutRows? heldOut) => new()
    {
        View = view,
        Label = view.Schema[options.LabelColumnName],
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

    private void Warn(LabelSurvey survey, HeldOutRows? heldOut, DataViewSchema.Column label, LabelValues? labelValues)
    {
        using var channel = host.Start("Fit");
        if (survey.MissingLabels > 0)
        {
            channel.Warning(MessageSensitivity.None, $"{survey.MissingLabels} rows have no label in column '{options.LabelColumnName}' and are left out.");
        }

        if (label.Annotations.Schema.GetColumnOrNull(AnnotationNames.KeyValues) is { } values && labelValues is null)
        {
            channel.Warning(MessageSensitivity.None, $"The key values of label column '{label.Name}' are of type {values.Type}, which is not kept: predicted labels have keys but no values.");
        }

        if (heldOut is not null && survey.HeldOutRows == 0 && !options.CancellationToken.IsCancellationRequested)
        {
            throw new InvalidDataException($"Option {nameof(options.ValidationFraction)} is {options.ValidationFraction}, but of {survey.TrainingRows} rows none is held out: raise it, or give a {nameof(options.ValidationSet)}.");
        }
    }
}
