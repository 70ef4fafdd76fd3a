using System.Globalization;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Spatial.Data;
using Microsoft.ML.Spatial.Evaluation;
using Microsoft.ML.Spatial.Functional;
using Microsoft.ML.Spatial.Modules;
using Microsoft.ML.Spatial.Persistence;
using Microsoft.ML.Spatial.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Spatial.Components;

/// <summary>The training of a detector.</summary>
/// <param name="environment">Tells the device.</param>
/// <param name="host">Takes log and progress.</param>
/// <param name="options">Checked options.</param>
/// <param name="seed">Decides first weights, held-out rows, order of rows and augmentation, unless a checkpoint has a seed and the options have none.</param>
internal sealed class DeformableDetectorFit(IHostEnvironment environment, IHost host, DeformableDetectorTrainer.Options options, int seed)
{
    private const string Component = nameof(DeformableDetectorTrainer);

    /// <summary>Trains a network on the rows of a view.</summary>
    /// <param name="input">Rows with images and objects.</param>
    /// <param name="validation">Rows to validate on; null takes those of the options.</param>
    public DeformableDetectorTransformer Run(IDataView input, IDataView? validation)
    {
        var (checkpoint, ownSeed) = options.OpenCheckpoint(seed);
        return new DeformableDetectorFit(environment, host, options, ownSeed).Run(input, validation, checkpoint);
    }

    private DeformableDetectorTransformer Run(IDataView input, IDataView? validation, CheckpointFile? checkpoint)
    {
        var columns = CheckedColumns(input.Schema);
        validation ??= options.ValidationSet;
        var device = TrainingDevice.Choose(environment, options.GpuDeviceId, options.FallbackToCpu);
        var heldOut = options.HeldOut(validation, seed);
        options.CheckValidation(validation is not null || heldOut is not null);
        var shape = ImageColumn.Shape(input, options);
        options.CheckSide(shape.Height, nameof(options.ImageHeight));
        options.CheckSide(shape.Width, nameof(options.ImageWidth));
        OptionCheck.Batch(options.BatchSize, shape, nameof(options.ImageHeight), nameof(options.ImageWidth));
        var labels = LabelValues.Of(columns.Label);
        var settings = Settings(shape, columns.Classes, labels);

        // Another training is told before the rows are looked at, which takes long; other rows after it.
        (string, object?)[] known = [("trainer", Component), ("image shape", shape.ToString()), ("classes", columns.Classes), ("class names", labels?.Texts)];
        checkpoint?.Bind(seed, options.Fingerprint(known));

        DetectionNetwork network;
        using (new RandomScope(seed))
        {
            network = settings.ToNetworkSpec().Build();
        }

        try
        {
            ReadWeights(network);
            var training = Scenes(input, columns, shape, heldOut);
            var survey = Survey(training, columns, "training");
            options.CheckHeldOut(heldOut, survey.HeldOutRows, survey.TrainingRows);
            var (validating, validationRows) = validation is null ? (null, null) : ValidationScenes(validation, columns.Classes, shape);
            checkpoint?.Bind(seed, options.Fingerprint([.. known, ("training rows", survey.Rows), ("validation rows", validationRows)]));

            network.to(device);
            network.OwnWeights();
            var loop = new TrainingLoop<ImageBatch<ImageObjects>>
            {
                Settings = options.ToTrainingSettings(),
                Network = network,
                ParameterSets = ParameterSet.Of(network, options.ToOffsetScale()),
                OpenEpoch = epoch => Open(training, isHeldOut: false, new Random(EpochSeed.Of(seed, epoch))),
                StepsPerEpoch = (survey.TrainingRows + options.BatchSize - 1) / options.BatchSize,
                Losses = batch => network.Losses(ImageTensor.Of(batch.Pixels, batch.Count, shape, device), batch.Labels),
                Validate = validating is not null ? () => Validate(network, validating, false, device)
                    : heldOut is not null ? () => Validate(network, training, true, device)
                    : null,
                Host = host,
                Checkpoint = checkpoint,
                PassOver = state => LabelledImages<ImageObjects>.PassOver(training, validating ?? training, state.Epochs),
            };
            var epochs = loop.Run();
            return new DeformableDetectorTransformer(host, new DeformableDetectorModel(settings with { Epochs = [.. epochs] }, network, device));
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }

    /// <summary>Gives the backbone the weights that the options name, and tells what was read.</summary>
    private void ReadWeights(DetectionNetwork network)
    {
        if (options.BackboneWeights is not { } path)
            return;
        var report = BackboneWeights.Load((ResNetBackbone)network.Backbone, path);
        using var channel = host.Start("Fit");
        channel.Info(MessageSensitivity.None, $"Read {report.Loaded.Count} weights of the backbone from '{path}'; start anew: [{string.Join(", ", report.StartAnew)}]; left aside: [{string.Join(", ", report.NotOfTheBackbone)}].");
    }

    /// <summary>The schema shape with the columns that a model adds.</summary>
    public SchemaShape OutputShape(SchemaShape input)
    {
        var label = ObjectColumns.Check(input, options.LabelColumnName, options.BoundingBoxColumnName, Component);
        ImageColumn.Check(input, options.ImageColumnName, Component);

        // Sizes and numbers that a shape does not tell stand at their least: no column's shape depends on them.
        var settings = Settings(new ImageShape(1, 1, 1), 2, LabelValues.Of(label));
        return SchemaShapes.Add(input, OutputColumn.ToSchema(OutputColumn.Of(settings)));
    }

    private ObjectColumns CheckedColumns(DataViewSchema schema)
    {
        var shape = SchemaShapes.Of(schema);
        ObjectColumns.Check(shape, options.LabelColumnName, options.BoundingBoxColumnName, Component);
        ImageColumn.Check(shape, options.ImageColumnName, Component);
        return ObjectColumns.Of(schema, options.LabelColumnName, options.BoundingBoxColumnName, Component);
    }

    private SceneBatches Open(LabelledImages<ImageObjects> scenes, bool isHeldOut, Random? random)
    {
        var source = scenes.Open(options.Shuffle ? random : null, isHeldOut);
        var augmenter = random is null ? null : new SceneAugmenter(options.ToAugmentation(), scenes.Shape, new Random(random.Next()));
        return new SceneBatches(source, scenes.Shape, scenes.Resizing, options.BoundingBoxColumnName, Intake(), augmenter);
    }

    private ValidationResult? Validate(DetectionNetwork network, LabelledImages<ImageObjects> scenes, bool isHeldOut, Device device)
    {
        var loss = 0.0;
        var decoder = new DetectionDecoder(options.ScoreThreshold, options.IouThreshold, options.MostDetections, options.SoftNmsSigma);
        var evaluator = new DetectionEvaluator([.. Enumerable.Range(0, network.Spec.Classes).Select(label => label.ToString(CultureInfo.InvariantCulture))]);
        var measuredRows = ValidationPass.Run(Open(scenes, isHeldOut, null), host, batch =>
        {
            var (batchLoss, found) = network.Measure(ImageTensor.Of(batch.Pixels, batch.Count, scenes.Shape, device), batch.Labels, decoder);
            loss += batchLoss * batch.Count;
            for (var i = 0; i < batch.Count; i++)
            {
                var placement = ImagePlacement.Of(batch.Sizes[i], scenes.Shape, scenes.Resizing);
                placement.ToImage(batch.Labels[i].Boxes);
                evaluator.Add(TrueObjects(batch.Labels[i]), DetectedObjects(placement.ToImage(found[i])));
            }
        }, options.CancellationToken);
        return measuredRows is long rows ? new ValidationResult(loss / rows, AveragePrecision: evaluator.Finish().AveragePrecision) : null;
    }

    private static TrueObject[] TrueObjects(ImageObjects objects) =>
        [.. objects.Classes.Select((label, i) => new TrueObject(Box.At(objects.Boxes, i), label, Box.At(objects.Boxes, i).Area, IsCrowd: false, IsDifficult: false))];

    private static DetectedObject[] DetectedObjects(Detections found) => [.. found.Classes.Select((label, i) => new DetectedObject(Box.At(found.Boxes, i), label, found.Scores[i]))];

    private (LabelledImages<ImageObjects> Scenes, string? Rows) ValidationScenes(IDataView view, int classes, ImageShape shape)
    {
        var columns = CheckedColumns(view.Schema);
        if (columns.Classes != classes)
        {
            throw new ArgumentOutOfRangeException(nameof(view), columns.Classes, $"Label column '{columns.Label.Name}' of the validation rows holds keys of {columns.Classes} values, that of the training rows of {classes}; map both by the same fitted MapValueToKey.");
        }

        var scenes = Scenes(view, columns, shape, null);
        return (scenes, Survey(scenes, columns, "validation").Rows);
    }

    /// <summary>Looks at all rows before any is learnt from, and tells of those that cannot be used as they are.</summary>
    private ObjectSurvey Survey(LabelledImages<ImageObjects> scenes, ObjectColumns columns, string role)
    {
        var intake = Intake();
        var survey = ObjectSurvey.Take(scenes, columns, intake, role, options.CancellationToken);
        using var channel = host.Start("Survey");
        if (survey.UnusableImages > 0)
            channel.Warning(MessageSensitivity.None, string.Create(CultureInfo.InvariantCulture, $"{survey.UnusableImages} {role} rows are left out because their image could not be used."));
        if (intake.Report is { } report)
            channel.Warning(MessageSensitivity.None, $"Of the {role} rows, {report}");
        return survey;
    }

    private BoxIntake Intake() => new(options.InvalidBoxes, $"set option {nameof(options.InvalidBoxes)} to {InvalidBoxes.Clip} or {InvalidBoxes.Skip}");

    private LabelledImages<ImageObjects> Scenes(IDataView view, ObjectColumns columns, ImageShape shape, HeldOutRows? heldOut) => new()
    {
        View = view,
        LabelColumns = columns.All,
        Labels = row =>
        {
            var reader = new ObjectReader(row, columns);
            return (out ImageObjects objects) =>
            {
                objects = reader.Read();
                return true;
            };
        },
        Image = ImageColumn.Find(view.Schema, options.ImageColumnName, shape, options.Resizing, Component),
        Shape = shape,
        Resizing = options.Resizing,
        InvalidImages = options.InvalidImages,
        BatchSize = options.BatchSize,
        ShuffleBufferSize = options.ShuffleBufferSize,
        HeldOut = heldOut,
    };

    private DetectorModelSettings Settings(ImageShape shape, int classes, LabelValues? labels) => new()
    {
        ImageColumnName = options.ImageColumnName,
        Resizing = options.Resizing,
        BatchSize = options.BatchSize,
        Channels = shape.Channels,
        ImageHeight = shape.Height,
        ImageWidth = shape.Width,
        Classes = classes,
        Architecture = options.Architecture,
        Backbone = options.Backbone,
        FrozenBatchNorm = options.FrozenBatchNorm ?? options.BackboneWeights is not null,
        FeaturePyramid = options.FeaturePyramid ?? (options.Backbone != BackboneKind.Compact && options.Architecture == DetectionArchitecture.Fcos),
        DeformableRoIPooling = options.DeformableRoIPooling,
        Proposals = options.Proposals,
        SmallestAnchor = options.ToSmallestAnchor(),
        AnchorSizes = options.ToAnchorSizes(),
        Width = options.ToNetworkWidth(),
        DeformableLayers = options.DeformableLayers,
        IsModulated = options.Modulated,
        DeformGroups = options.DeformGroups,
        ScoreThreshold = options.ScoreThreshold,
        IouThreshold = options.IouThreshold,
        MostDetections = options.MostDetections,
        SoftNmsSigma = options.SoftNmsSigma,
        PredictedLabelColumnName = options.PredictedLabelColumnName,
        PredictedBoundingBoxColumnName = options.PredictedBoundingBoxColumnName,
        ScoreColumnName = options.ScoreColumnName,
        LabelValues = labels,
        Epochs = [],
    };
}
