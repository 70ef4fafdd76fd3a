using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;
using Microsoft.ML.Spatial.Components;
using Microsoft.ML.Spatial.FreshProcess;
using Microsoft.ML.Spatial.Functional;
using Microsoft.ML.Spatial.Modules;
using Microsoft.ML.Spatial.Training;

namespace Microsoft.ML.Spatial.Tests.Components;

/// <summary>Each kind of bad input gets one clear error that names the column or option, the value and the remedy, before any training.</summary>
[TestClass]
public sealed class BadInputTests
{
    private readonly MLContext _ml = new(1);

    [TestMethod]
    [DataRow("Label", "Missing", "label column 'Missing'")]
    [DataRow("Image", "Missing", "image column 'Missing'")]
    public void AMissingColumn(string role, string name, string expected)
    {
        var error = Refused(options =>
        {
            if (role == "Label")
            {
                options.LabelColumnName = name;
            }
            else
            {
                options.ImageColumnName = name;
            }
        });
        StringAssert.Contains(error.Message, expected);
        StringAssert.Contains(error.Message, "Name, Image, Label");
    }

    [TestMethod]
    public void ALabelThatIsNoKey()
    {
        var error = Refused(options => options.LabelColumnName = "Name");
        StringAssert.Contains(error.Message, "'Name'");
        StringAssert.Contains(error.Message, "String");
        StringAssert.Contains(error.Message, "MapValueToKey");
    }

    [TestMethod]
    public void AnImageColumnOfAnotherType()
    {
        var error = Refused(options => options.ImageColumnName = "Name");
        StringAssert.Contains(error.Message, "Image column 'Name' is of type String");
        StringAssert.Contains(error.Message, "MLImage");
    }

    [TestMethod]
    public void TheEstimatorRefusesLikewise()
    {
        var options = Shapes.EstimatorOptions();
        options.LabelColumnName = "Name";
        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Transforms.SpatialTransformer(options).Fit(Shapes.Keyed(_ml, 12)));
        StringAssert.Contains(error.Message, "MapValueToKey");
        StringAssert.Contains(error.Message, nameof(SpatialTransformerEstimator));
    }

    [TestMethod]
    public void AChainRefusesBeforeAnythingIsFitted()
    {
        var watched = new WatchedView(Shapes.View(_ml, 12));
        var options = Shapes.Options();
        options.LabelColumnName = "Nowhere";
        var pipeline = _ml.Transforms.CopyColumns("Copy", "Image").Append(_ml.MulticlassClassification.Trainers.SpatialTransformer(options));
        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => pipeline.Fit(watched));
        StringAssert.Contains(error.Message, "'Nowhere'");
        Assert.IsEmpty(watched.Cursors);
    }

    [TestMethod]
    public void VectorsOfUnstatedShape()
    {
        var error = Assert.ThrowsExactly<ArgumentException>(() => _ml.MulticlassClassification.Trainers.SpatialTransformer(epochs: 1).Fit(Shapes.Keyed(_ml, 12)));
        StringAssert.Contains(error.Message, "'Image'");
        StringAssert.Contains(error.Message, "ImageHeight");
    }

    [TestMethod]
    public void VectorsOfAnotherShape()
    {
        var error = Refused(options => options.ImageHeight = 13);
        StringAssert.Contains(error.Message, "144");
        StringAssert.Contains(error.Message, "13x12");
    }

    [TestMethod]
    public void TransformRefusesVectorsOfAnotherSize()
    {
        using var model = _ml.MulticlassClassification.Trainers.SpatialTransformer(Shapes.Options()).Fit(Shapes.Keyed(_ml, 12));
        var view = _ml.Data.LoadFromEnumerable(new[] { new ShortRow { Image = new float[100] } });
        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => model.Transform(view));
        StringAssert.Contains(error.Message, "100");
        StringAssert.Contains(error.Message, "144");
    }

    [TestMethod]
    public void TransformRefusesAMissingColumn()
    {
        using var model = _ml.MulticlassClassification.Trainers.SpatialTransformer(Shapes.Options()).Fit(Shapes.Keyed(_ml, 12));
        var view = _ml.Data.LoadFromEnumerable(new[] { new NameRow() });
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => model.Transform(view)).Message, "image column 'Image'");
    }

    [TestMethod]
    public void OneClassOnlyInTheKey()
    {
        var rows = ShapeRows.Make(12, 1);
        foreach (var row in rows)
        {
            row.Name = "same";
        }

        var view = _ml.Data.LoadFromEnumerable(rows);
        var keyed = _ml.Transforms.Conversion.MapValueToKey("Label", "Name").Fit(view).Transform(view);
        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.MulticlassClassification.Trainers.SpatialTransformer(Shapes.Options()).Fit(keyed));
        StringAssert.Contains(error.Message, "'Label' is a key of 1 values");
    }

    [TestMethod]
    public void OneClassOnlyInTheRows()
    {
        var error = Assert.ThrowsExactly<InvalidDataException>(() => _ml.MulticlassClassification.Trainers.SpatialTransformer(Shapes.Options()).Fit(KeyedAs(name => name == "cross")));
        StringAssert.Contains(error.Message, "same label");
        StringAssert.Contains(error.Message, "'Label'");
    }

    [TestMethod]
    public void NoRows()
    {
        var error = Assert.ThrowsExactly<InvalidDataException>(() => _ml.MulticlassClassification.Trainers.SpatialTransformer(Shapes.Options()).Fit(KeyedAs(_ => false)));
        StringAssert.Contains(error.Message, "no training row");
        StringAssert.Contains(error.Message, "'Label'");
    }

    [TestMethod]
    public void NoValidationRows()
    {
        var options = Shapes.Options();
        options.ValidationSet = KeyedAs(_ => false);
        var error = Assert.ThrowsExactly<InvalidDataException>(() => _ml.MulticlassClassification.Trainers.SpatialTransformer(options).Fit(Shapes.Keyed(_ml, 12)));
        StringAssert.Contains(error.Message, "no validation row");
    }

    [TestMethod]
    public void ValidationLabelsOfAnotherKey()
    {
        var view = _ml.Data.LoadFromEnumerable(ShapeRows.Make(30, 1).Where(row => row.Name != "cross").ToArray());
        var options = Shapes.Options();
        options.ValidationSet = _ml.Transforms.Conversion.MapValueToKey("Label", "Name").Fit(view).Transform(view);
        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.MulticlassClassification.Trainers.SpatialTransformer(options).Fit(Shapes.Keyed(_ml, 12)));
        StringAssert.Contains(error.Message, "key of 2 values");
        StringAssert.Contains(error.Message, "of 3");
    }

    [TestMethod]
    public void EarlyStoppingWithoutValidation()
    {
        var error = Refused(options => options.EarlyStoppingPatience = 3);
        StringAssert.Contains(error.Message, "EarlyStoppingPatience is 3");
        StringAssert.Contains(Refused(options => options.ValidationEvery = 2).Message, "ValidationEvery is 2");
        StringAssert.Contains(error.Message, "ValidationFraction");
    }

    [TestMethod]
    public void PicturesOfDifferentSizesWithResizingOff()
    {
        var rows = ShapeRows.Make(30, 1).Select((row, i) => new SizedRow { Name = row.Name, Image = i == 17 ? Shapes.Picture(new float[9 * 11], 9, 11) : Shapes.Picture(row.Image, 12, 12) }).ToArray();
        var view = _ml.Data.LoadFromEnumerable(rows);
        var keyed = _ml.Transforms.Conversion.MapValueToKey("Label", "Name").Fit(view).Transform(view);
        var options = new SpatialTransformerTrainer.Options { Epochs = 1, BatchSize = 8, Resizing = ImageResizing.Refuse };
        var error = Assert.ThrowsExactly<InvalidDataException>(() => _ml.MulticlassClassification.Trainers.SpatialTransformer(options).Fit(keyed));
        StringAssert.Contains(error.Message, "'Image', row 17");
        StringAssert.Contains(error.Message, "9 high and 11 wide");
        StringAssert.Contains(error.Message, "Resizing is Refuse");

        options.Resizing = ImageResizing.Resize;
        using var model = _ml.MulticlassClassification.Trainers.SpatialTransformer(options).Fit(keyed);
        Assert.HasCount(1, model.Epochs);
    }

    [TestMethod]
    public void ANotANumberInAnImage()
    {
        var rows = ShapeRows.Make(60, 1);
        rows[41].Image[13] = float.NaN;
        var view = _ml.Data.LoadFromEnumerable(rows);
        var keyed = _ml.Transforms.Conversion.MapValueToKey("Label", "Name").Fit(view).Transform(view);
        var options = Shapes.Options();
        var error = Assert.ThrowsExactly<InvalidDataException>(() => _ml.MulticlassClassification.Trainers.SpatialTransformer(options).Fit(keyed));
        StringAssert.Contains(error.Message, "'Image', row 41");
        StringAssert.Contains(error.Message, "row 1, column 1 is NaN");
        StringAssert.Contains(error.Message, "InvalidImages to Skip");

        options.InvalidImages = InvalidImages.Skip;
        using var model = _ml.MulticlassClassification.Trainers.SpatialTransformer(options).Fit(keyed);
        Assert.IsTrue(model.Epochs.All(epoch => epoch.SkippedImages == 1));
    }

    [TestMethod]
    public void ANotANumberFarFromTheFirstVectorLane()
    {
        var values = new float[1003];
        foreach (var at in new[] { 0, 7, 8, 500, 1000, 1002 })
        {
            values[at] = float.NegativeInfinity;
            var view = _ml.Data.LoadFromEnumerable(new[] { new LongRow { Image = values } });
            using var cursor = view.GetRowCursor(view.Schema);
            Assert.IsTrue(cursor.MoveNext());
            using var reader = Spatial.Data.ImageReader.Create(cursor, view.Schema["Image"], new Spatial.Data.ImageShape(1, 17, 59), ImageResizing.Refuse);
            var error = Assert.ThrowsExactly<InvalidDataException>(() => reader.Read(new float[1003]));
            StringAssert.Contains(error.Message, $"row {at / 59}, column {at % 59} is");
            values[at] = 0;
        }
    }

    [TestMethod]
    public void AnImageThatCannotBeDecoded()
    {
        var folder = Directory.CreateTempSubdirectory("spatial-images-").FullName;
        try
        {
            var rows = ShapeRows.Make(24, 1);
            for (var i = 0; i < rows.Length; i++)
            {
                using var picture = Shapes.Picture(rows[i].Image, 12, 12);
                picture.Save(Path.Combine(folder, $"{i}.png"));
            }

            File.WriteAllText(Path.Combine(folder, "9.png"), "this is no picture");
            var view = _ml.Data.LoadFromEnumerable(rows.Select((row, i) => new FileRow { Name = row.Name, File = $"{i}.png" }).ToArray());
            var loading = _ml.Transforms.Conversion.MapValueToKey("Label", "Name").Append(_ml.Transforms.LoadImages("Image", folder, "File"));
            var options = new SpatialTransformerTrainer.Options { Epochs = 2, BatchSize = 8, ImageHeight = 12, ImageWidth = 12 };
            var error = Assert.ThrowsExactly<InvalidDataException>(() => loading.Append(_ml.MulticlassClassification.Trainers.SpatialTransformer(options)).Fit(view));
            StringAssert.Contains(error.Message, "'Image', row 9");

            options.InvalidImages = InvalidImages.Skip;
            var model = loading.Append(_ml.MulticlassClassification.Trainers.SpatialTransformer(options)).Fit(view);
            using (model)
            {
                Assert.IsTrue(model.LastTransformer.Epochs.All(epoch => epoch.SkippedImages == 1));
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [TestMethod]
    public void AFailureUpstreamOfAVectorColumnSaysWhatToDo()
    {
        var failing = _ml.Transforms.CustomMapping<ShapeRow, ShapeCopy>(
            (row, copy) => copy.Copy = row.Name == "cross" ? throw new TimeoutException("the camera is off") : row.Image,
            contractName: null);
        var options = Shapes.Options();
        options.ImageColumnName = "Copy";
        options.Shuffle = false;
        var view = failing.Fit(Shapes.Keyed(_ml, 24)).Transform(Shapes.Keyed(_ml, 24));
        var error = Assert.ThrowsExactly<InvalidDataException>(() => _ml.MulticlassClassification.Trainers.SpatialTransformer(options).Fit(view));
        StringAssert.Contains(error.Message, "'Copy'");
        StringAssert.Contains(error.Message, "the camera is off");
    }

    [TestMethod]
    public void AFirstImageThatCannotBeDecodedWhereItsSizeIsNeeded()
    {
        var folder = Directory.CreateTempSubdirectory("spatial-images-").FullName;
        try
        {
            var rows = PictureRow.Make(24, 1);
            for (var i = 1; i < rows.Length; i++)
            {
                rows[i].Image.Save(Path.Combine(folder, $"{i}.png"));
            }

            File.WriteAllText(Path.Combine(folder, "0.png"), "this is no picture");
            var view = _ml.Data.LoadFromEnumerable(rows.Select((row, i) => new FileRow { Name = row.Name, File = $"{i}.png" }).ToArray());
            var loading = _ml.Transforms.Conversion.MapValueToKey("Label", "Name").Append(_ml.Transforms.LoadImages("Image", folder, "File"));
            var options = new SpatialTransformerTrainer.Options { Epochs = 1, BatchSize = 8, ImageHeight = 10 };
            var error = Assert.ThrowsExactly<InvalidDataException>(() => loading.Append(_ml.MulticlassClassification.Trainers.SpatialTransformer(options)).Fit(view));
            StringAssert.Contains(error.Message, "'Image', row 0");

            options.InvalidImages = InvalidImages.Skip;
            using var model = loading.Append(_ml.MulticlassClassification.Trainers.SpatialTransformer(options)).Fit(view);
            Assert.AreEqual(1, model.LastTransformer.Epochs[0].SkippedImages);
            Assert.AreEqual(new Spatial.Data.ImageShape(3, 10, 12), model.LastTransformer.Model.Settings.Shape, "a stated height, and the first image's width");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [TestMethod]
    public void ImagesTooSmallForConvolutionsOrTooLargeForABatch()
    {
        var rows = Enumerable.Range(0, 6).Select(i => new SizedRow { Name = ShapeRows.Names[i % 3], Image = Shapes.Picture(new float[2 * 9], 2, 9) }).ToArray();
        var view = _ml.Data.LoadFromEnumerable(rows);
        var keyed = _ml.Transforms.Conversion.MapValueToKey("Label", "Name").Fit(view).Transform(view);
        var small = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.MulticlassClassification.Trainers.SpatialTransformer(epochs: 1).Fit(keyed));
        StringAssert.Contains(small.Message, "Option ImageHeight is 2");
        StringAssert.Contains(small.Message, "StCnn");

        // The bound is 536,870,911 values: 2 GiB of floats.
        var options = new SpatialTransformerTrainer.Options { ImageHeight = 1000, ImageWidth = 1399 };
        var large = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.MulticlassClassification.Trainers.SpatialTransformer(options).Fit(keyed));
        StringAssert.Contains(large.Message, "Option BatchSize is 128");
        StringAssert.Contains(large.Message, "3x1000x1399");
    }

    [TestMethod]
    public void UnusableValidationImagesAreSkippedWithAWarning()
    {
        var rows = ShapeRows.Make(30, 9);
        rows[4].Image[0] = float.NaN;
        var view = _ml.Data.LoadFromEnumerable(rows);
        var warnings = new List<string>();
        _ml.Log += (_, message) =>
        {
            if (message.Kind == Runtime.ChannelMessageKind.Warning)
            {
                warnings.Add(message.RawMessage);
            }
        };
        var options = Shapes.Options();
        options.InvalidImages = InvalidImages.Skip;
        options.ValidationSet = _ml.Transforms.Conversion.MapValueToKey("Label", "Name").Fit(view).Transform(view);
        using var model = _ml.MulticlassClassification.Trainers.SpatialTransformer(options).Fit(Shapes.Keyed(_ml, 30));
        Assert.HasCount(2, warnings.Where(warning => warning.StartsWith("1 validation rows", StringComparison.Ordinal)).ToArray());
    }

    [TestMethod]
    public void NoImageThatCanBeUsed()
    {
        var rows = ShapeRows.Make(12, 1);
        foreach (var row in rows)
        {
            row.Image[0] = float.NaN;
        }

        var view = _ml.Data.LoadFromEnumerable(rows);
        var keyed = _ml.Transforms.Conversion.MapValueToKey("Label", "Name").Fit(view).Transform(view);
        var options = Shapes.Options();
        options.InvalidImages = InvalidImages.Skip;
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => _ml.MulticlassClassification.Trainers.SpatialTransformer(options).Fit(keyed));
        StringAssert.Contains(error.Message, "12 were skipped");
    }

    [TestMethod]
    public void ADivergingTraining()
    {
        var options = Shapes.Options();
        options.Optimizer = OptimizerKind.Sgd;
        options.LearningRate = 1e30;
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => _ml.MulticlassClassification.Trainers.SpatialTransformer(options).Fit(Shapes.Keyed(_ml)));
        StringAssert.Contains(error.Message, "learning rate");
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(3)]
    public void ATrainingThatDivergesInTheLastStepOfAnEpoch(int epochs)
    {
        var options = Shapes.Options();
        options.LearningRate = 1e37;
        options.BatchSize = 90;
        options.Epochs = epochs;
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => _ml.MulticlassClassification.Trainers.SpatialTransformer(options).Fit(Shapes.Keyed(_ml)));
        StringAssert.Contains(error.Message, "diverges");
    }

    [TestMethod]
    public void OptionsOutOfRange()
    {
        foreach (var (name, set) in new (string, Action<SpatialTransformerTrainer.Options>)[]
        {
            ("LabelColumnName", options => options.LabelColumnName = " "),
            ("ImageColumnName", options => options.ImageColumnName = ""),
            ("ImageHeight", options => options.ImageHeight = 0),
            ("ImageWidth", options => options.ImageWidth = -3),
            ("ImageChannels", options => options.ImageChannels = 2),
            ("RectifiedHeight", options => options.RectifiedHeight = 0),
            ("RectifiedWidth", options => options.RectifiedWidth = -1),
            ("Epochs", options => options.Epochs = 0),
            ("BatchSize", options => options.BatchSize = 0),
            ("LearningRate", options => options.LearningRate = 0),
            ("LearningRate", options => options.LearningRate = double.NaN),
            ("Beta1", options => options.Beta1 = 1),
            ("Beta2", options => options.Beta2 = -0.1),
            ("Epsilon", options => options.Epsilon = 0),
            ("Momentum", options => options.Momentum = 1),
            ("WeightDecay", options => options.WeightDecay = -1),
            ("LocalisationLearningRateFactor", options => options.LocalisationLearningRateFactor = -1),
            ("ValidationFraction", options => options.ValidationFraction = 1),
            ("EarlyStoppingPatience", options => options.EarlyStoppingPatience = 0),
            ("GpuDeviceId", options => options.GpuDeviceId = -1),
            ("NumberOfThreads", options => options.NumberOfThreads = 0),
            ("ShuffleBufferSize", options => options.ShuffleBufferSize = 1),
            ("Architecture", options => options.Architecture = (SpatialArchitecture)99),
            ("Transformation", options => options.Transformation = (TransformationKind)99),
            ("ControlPointsPerSide", options => options.ControlPointsPerSide = 1),
            ("ControlPointsPerSide", options => options.ControlPointsPerSide = 33),
            ("Sampling", options => options.Sampling = (SamplingMode)99),
            ("Sampling", options => options.Sampling = SamplingMode.Nearest),
            ("Padding", options => options.Padding = (PaddingMode)99),
            ("ParallelTransformers", options => options.ParallelTransformers = 0),
            ("ParallelTransformers", options => options.ParallelTransformers = 17),
            ("Optimizer", options => options.Optimizer = (OptimizerKind)99),
            ("PredictedLabelColumnName", options => options.PredictedLabelColumnName = ""),
            ("ScoreColumnName", options => options.ScoreColumnName = ""),
            ("ThetaColumnName", options => options.ThetaColumnName = ""),
            ("RectifiedColumnName", options => options.RectifiedColumnName = " "),
            ("ScoreColumnName", options => options.ScoreColumnName = options.PredictedLabelColumnName),
            ("ThetaColumnName", options => options.ThetaColumnName = options.ScoreColumnName),
            ("RectifiedHeight", options => options.RectifiedHeight = 3),
            ("ImageWidth", options => options.ImageWidth = 10000),
            ("Resizing", options => options.Resizing = (ImageResizing)99),
            ("InvalidImages", options => options.InvalidImages = (InvalidImages)99),
            ("LearningRateSchedule", options => options.LearningRateSchedule = (LearningRateSchedule)99),
            ("EarlyStoppingMetric", options => options.EarlyStoppingMetric = (ValidationMetric)99),
            ("StepEpochs", options => options.StepEpochs = [2]),
            ("StepFactor", options => options.StepFactor = 0.5),
            ("StepEpochs", options => options.LearningRateSchedule = LearningRateSchedule.Step),
            ("StepEpochs", options => (options.LearningRateSchedule, options.StepEpochs) = (LearningRateSchedule.Step, [0, 2])),
            ("StepEpochs", options => (options.LearningRateSchedule, options.StepEpochs) = (LearningRateSchedule.Step, [2, 2])),
            ("StepFactor", options => (options.LearningRateSchedule, options.StepEpochs, options.StepFactor) = (LearningRateSchedule.Step, [2], 1)),
            ("ValidationEvery", options => options.ValidationEvery = 0),
            ("CheckpointFolder", options => options.CheckpointFolder = " "),
        })
        {
            var options = Shapes.Options();
            set(options);
            var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.MulticlassClassification.Trainers.SpatialTransformer(options), name);
            StringAssert.Contains(error.Message, $"Option {name} is ");
            StringAssert.Contains(error.Message, "must be");
        }
    }

    [TestMethod]
    public void OptionsThatExcludeEachOther()
    {
        var both = Shapes.Options();
        both.ValidationFraction = 0.1;
        both.ValidationSet = Shapes.Keyed(_ml, 12);
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.MulticlassClassification.Trainers.SpatialTransformer(both)).Message, "ValidationSet");

        foreach (var (name, set) in new (string, Action<SpatialTransformerTrainer.Options>)[]
        {
            ("RectifiedColumnName", options => options.RectifiedColumnName = "Rectified"),
            ("ThetaColumnName", options => options.ThetaColumnName = "Theta"),
            ("RectifiedHeight", options => options.RectifiedHeight = 8),
            ("RectifiedWidth", options => options.RectifiedWidth = 8),
            ("ParallelTransformers", options => options.ParallelTransformers = 2),
        })
        {
            foreach (var architecture in new[] { SpatialArchitecture.Fcn, SpatialArchitecture.Cnn })
            {
                var plain = Shapes.Options();
                plain.Architecture = architecture;
                set(plain);
                var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.MulticlassClassification.Trainers.SpatialTransformer(plain), name);
                StringAssert.Contains(error.Message, $"Option {name} is ");
                StringAssert.Contains(error.Message, "no spatial transformer");
            }
        }

        var estimator = Shapes.EstimatorOptions();
        estimator.Architecture = SpatialArchitecture.Fcn;
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Transforms.SpatialTransformer(estimator)).Message, "StCnn");
    }

    [TestMethod]
    [DataRow(2)]
    [DataRow(4)]
    public void ARectifiedImageOfMoreChannelsThanAPictureHas(int count)
    {
        var options = Shapes.EstimatorOptions(RectifiedOutputKind.Image);
        options.ParallelTransformers = count;
        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Transforms.SpatialTransformer(options).Fit(Shapes.Keyed(_ml, 12)));
        StringAssert.Contains(error.Message, $"Option ParallelTransformers is {count}");
        StringAssert.Contains(error.Message, "OutputKind");
        StringAssert.Contains(error.Message, "ImageChannels");
    }

    [TestMethod]
    public void ADeviceThatIsNotThere()
    {
        var options = Shapes.Options();
        options.GpuDeviceId = 63;
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => _ml.MulticlassClassification.Trainers.SpatialTransformer(options).Fit(Shapes.Keyed(_ml, 12)));
        StringAssert.Contains(error.Message, "GpuDeviceId is 63");
        StringAssert.Contains(error.Message, "FallbackToCpu");

        options.FallbackToCpu = true;
        using var model = _ml.MulticlassClassification.Trainers.SpatialTransformer(options).Fit(Shapes.Keyed(_ml, 12));
        Assert.HasCount(2, model.Epochs);
    }

    [TestMethod]
    public void TheContextsDeviceIsUsed()
    {
        var ml = new MLContext(1) { GpuDeviceId = 63 };
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => ml.MulticlassClassification.Trainers.SpatialTransformer(Shapes.Options()).Fit(Shapes.Keyed(ml, 12)));
        StringAssert.Contains(error.Message, "GpuDeviceId is 63");
        ml.FallbackToCpu = true;
        ml.MulticlassClassification.Trainers.SpatialTransformer(Shapes.Options()).Fit(Shapes.Keyed(ml, 12)).Dispose();
        ml.Transforms.SpatialTransformer(Shapes.EstimatorOptions()).Fit(Shapes.Keyed(ml, 12)).Dispose();
    }

    private ArgumentOutOfRangeException Refused(Action<SpatialTransformerTrainer.Options> change)
    {
        var options = Shapes.Options();
        change(options);
        return Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.MulticlassClassification.Trainers.SpatialTransformer(options).Fit(Shapes.Keyed(_ml, 12)));
    }

    /// <summary>Rows of which only some are kept, with the key of all three names.</summary>
    private IDataView KeyedAs(Func<string, bool> keep)
    {
        var keys = _ml.Transforms.Conversion.MapValueToKey("Label", "Name").Fit(Shapes.View(_ml, 12));
        return keys.Transform(_ml.Data.LoadFromEnumerable(ShapeRows.Make(30, 1).Where(row => keep(row.Name)).ToArray()));
    }

    private sealed class ShortRow
    {
        [VectorType(100)]
        public float[] Image { get; set; } = [];
    }

    private sealed class ShapeCopy
    {
        [VectorType(ShapeRows.Side * ShapeRows.Side)]
        public float[] Copy { get; set; } = [];
    }

    private sealed class LongRow
    {
        [VectorType(1003)]
        public float[] Image { get; set; } = [];
    }

    private sealed class NameRow
    {
        public string Name { get; set; } = "";
    }

    private sealed class SizedRow
    {
        public string Name { get; set; } = "";

        [ImageType]
        public MLImage Image { get; set; } = null!;
    }

    private sealed class FileRow
    {
        public string Name { get; set; } = "";

        public string File { get; set; } = "";
    }
}
