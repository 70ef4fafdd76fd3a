using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Spatial.Components;
using Microsoft.ML.Spatial.Data;
using Microsoft.ML.Spatial.FreshProcess;
using Microsoft.ML.Spatial.Functional;
using Microsoft.ML.Spatial.Modules;
using Microsoft.ML.Spatial.Tests.Functional;
using Microsoft.ML.Spatial.Training;
using TorchSharp;

namespace Microsoft.ML.Spatial.Tests.Components;

[TestClass]
public sealed class FitTests
{
    private readonly MLContext _ml = new(7);

    private static long LiveTensors => DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount;

    [TestMethod]
    [DataRow(SpatialArchitecture.StCnn, TransformationKind.Affine)]
    [DataRow(SpatialArchitecture.StCnn, TransformationKind.Attention)]
    [DataRow(SpatialArchitecture.Cnn, TransformationKind.Affine)]
    [DataRow(SpatialArchitecture.StFcn, TransformationKind.Affine)]
    [DataRow(SpatialArchitecture.StCnn, TransformationKind.Projective)]
    [DataRow(SpatialArchitecture.StCnn, TransformationKind.ThinPlateSpline)]
    [DataRow(SpatialArchitecture.StCnnMulti, TransformationKind.Affine)]
    public void LearnsToTellShapesApart(SpatialArchitecture architecture, TransformationKind transformation)
    {
        var options = Shapes.Options();
        options.Architecture = architecture;
        options.Transformation = transformation;
        options.Epochs = 12;
        using var model = _ml.MulticlassClassification.Trainers.SpatialTransformer(options).Fit(Shapes.Keyed(_ml, 300));
        var metrics = _ml.MulticlassClassification.Evaluate(model.Transform(Shapes.Keyed(_ml, 120, seed: 99)));
        Assert.IsTrue(metrics.MicroAccuracy > 0.9, $"accuracy {metrics.MicroAccuracy}");
        Assert.HasCount(12, model.Epochs);
        Assert.IsTrue(model.Epochs[^1].TrainingLoss < model.Epochs[0].TrainingLoss);
    }

    [TestMethod]
    [DataRow(OptimizerKind.AdamW, LearningRateSchedule.Constant)]
    [DataRow(OptimizerKind.Sgd, LearningRateSchedule.Cosine)]
    public void OptimizersAndSchedulesLearn(OptimizerKind optimizer, LearningRateSchedule schedule)
    {
        var options = Shapes.Options();
        options.Optimizer = optimizer;
        options.LearningRateSchedule = schedule;
        options.LearningRate = optimizer == OptimizerKind.Sgd ? 0.02 : 3e-3;
        options.Epochs = 12;
        using var model = _ml.MulticlassClassification.Trainers.SpatialTransformer(options).Fit(Shapes.Keyed(_ml, 300));
        Assert.IsTrue(model.Epochs[^1].TrainingLoss < 0.7 * model.Epochs[0].TrainingLoss, $"{model.Epochs[0].TrainingLoss} -> {model.Epochs[^1].TrainingLoss}");
        Assert.AreEqual(schedule == LearningRateSchedule.Constant, model.Epochs[^1].LearningRate == options.LearningRate);
    }

    [TestMethod]
    public void ALocalisationFactorOfZeroKeepsTheIdentity()
    {
        var options = Shapes.RichOptions();
        options.LocalisationLearningRateFactor = 0;
        var keyed = Shapes.Keyed(_ml, 60);
        using var model = _ml.MulticlassClassification.Trainers.SpatialTransformer(options).Fit(keyed);
        foreach (var theta in Shapes.Vectors(model.Transform(keyed), "Theta"))
        {
            CollectionAssert.AreEqual(new float[] { 1, 0, 0, 0, 1, 0 }, theta);
        }
    }

    [TestMethod]
    public void ALocalisationFactorOfZeroKeepsEveryStart()
    {
        var options = Shapes.RichOptions();
        options.Architecture = SpatialArchitecture.StCnnMulti;
        options.Transformation = TransformationKind.Projective;
        options.ParallelTransformers = 2;
        options.LocalisationLearningRateFactor = 0;
        var keyed = Shapes.Keyed(_ml, 60);
        using var model = _ml.MulticlassClassification.Trainers.SpatialTransformer(options).Fit(keyed);
        var starts = TransformationStart.Spread(TransformationKind.Projective, 2).SelectMany(start => start).ToArray();
        foreach (var theta in Shapes.Vectors(model.Transform(keyed), "Theta"))
        {
            CollectionAssert.AreEqual(starts, theta);
        }

        foreach (var transformer in model.Model.Network.FeatureTransformers)
        {
            TestTensors.AreClose([.. transformer.Grid.IdentityTheta().Select(value => (double)value)], transformer.Localisation.get_parameter("theta.bias")!, 0);
        }
    }

    [TestMethod]
    [DataRow(SpatialArchitecture.StCnnMulti, TransformationKind.ThinPlateSpline, 2)]
    [DataRow(SpatialArchitecture.StFcn, TransformationKind.Projective, 4)]
    public void FittingSeveralTransformersTwiceGivesEqualWeights(SpatialArchitecture architecture, TransformationKind kind, int count)
    {
        var options = Shapes.Options();
        options.Architecture = architecture;
        options.Transformation = kind;
        options.ParallelTransformers = count;
        var trainer = _ml.MulticlassClassification.Trainers.SpatialTransformer(options);
        var keyed = Shapes.Keyed(_ml);
        using var first = trainer.Fit(keyed);
        using var second = trainer.Fit(keyed);
        Assert.AreEqual(StandardFit.WeightHash(first), StandardFit.WeightHash(second));
    }

    [TestMethod]
    public void FittingTwiceGivesEqualWeights()
    {
        var trainer = _ml.MulticlassClassification.Trainers.SpatialTransformer(Shapes.Options());
        var keyed = Shapes.Keyed(_ml);
        using var first = trainer.Fit(keyed);
        using var second = trainer.Fit(keyed);
        Assert.AreEqual(StandardFit.WeightHash(first), StandardFit.WeightHash(second));
    }

    [TestMethod]
    public void AnotherSeedGivesOtherWeights()
    {
        var keyed = Shapes.Keyed(_ml);
        using var first = Fit(1);
        using var again = Fit(1);
        using var second = Fit(2);
        Assert.AreEqual(StandardFit.WeightHash(first), StandardFit.WeightHash(again));
        Assert.AreNotEqual(StandardFit.WeightHash(first), StandardFit.WeightHash(second));

        SpatialTransformerClassifier Fit(int seed)
        {
            var options = Shapes.Options();
            options.Seed = seed;
            return _ml.MulticlassClassification.Trainers.SpatialTransformer(options).Fit(keyed);
        }
    }

    [TestMethod]
    public void FittingInAFreshProcessGivesEqualWeights()
    {
        var elsewhere = FreshProcesses.Run("fit");
        Assert.AreEqual(StandardFit.WeightHash(), elsewhere.Trim());
    }

    [TestMethod]
    public void TheGlobalRandomGeneratorIsLeftAsItWasFound()
    {
        using var before = torch.get_rng_state();
        using var model = _ml.MulticlassClassification.Trainers.SpatialTransformer(Shapes.Options()).Fit(Shapes.Keyed(_ml, 30));
        using var after = torch.get_rng_state();
        CollectionAssert.AreEqual(before.bytes.ToArray(), after.bytes.ToArray());
    }

    [TestMethod]
    public void TheNumberOfThreadsIsPutBack()
    {
        var before = torch.get_num_threads();
        var during = 0;
        var options = Shapes.Options();
        options.NumberOfThreads = before + 1;
        options.EpochCompleted = _ => during = torch.get_num_threads();
        using var model = _ml.MulticlassClassification.Trainers.SpatialTransformer(options).Fit(Shapes.Keyed(_ml, 30));
        Assert.AreEqual(before + 1, during);
        Assert.AreEqual(before, torch.get_num_threads());
    }

    [TestMethod]
    public void TensorsAreGoneAfterFitTransformCancelAndDispose()
    {
        var keyed = Shapes.Keyed(_ml);
        var before = LiveTensors;
        using (var model = _ml.MulticlassClassification.Trainers.SpatialTransformer(Shapes.RichOptions()).Fit(keyed))
        {
            var held = LiveTensors;
            Shapes.Vectors(model.Transform(keyed), "Rectified");
            Shapes.Vectors(model.Transform(keyed), "Score");
            Assert.AreEqual(held, LiveTensors, "after Transform");
            Assert.AreEqual(before + model.Model.Network.parameters().Concat(model.Model.Network.buffers()).Count(), held, "a model holds its weights and nothing else");
        }

        Assert.AreEqual(before, LiveTensors, "after Dispose");

        using var cancellation = new CancellationTokenSource();
        var options = Shapes.Options();
        options.CancellationToken = cancellation.Token;
        options.EpochCompleted = _ => cancellation.Cancel();
        _ml.MulticlassClassification.Trainers.SpatialTransformer(options).Fit(keyed).Dispose();
        Assert.AreEqual(before, LiveTensors, "after cancelling");

        var failing = Shapes.Options();
        failing.EpochCompleted = _ => throw new TimeoutException("enough");
        Assert.ThrowsExactly<TimeoutException>(() => _ml.MulticlassClassification.Trainers.SpatialTransformer(failing).Fit(keyed));
        Assert.AreEqual(before, LiveTensors, "after a failure");
    }

    [TestMethod]
    public void TensorsOfAFitInsideAUsersDisposeScopeOutliveTheScope()
    {
        var keyed = Shapes.Keyed(_ml, 30);
        SpatialTransformerClassifier model;
        using (torch.NewDisposeScope())
        {
            model = _ml.MulticlassClassification.Trainers.SpatialTransformer(Shapes.Options()).Fit(keyed);
        }

        using (model)
        {
            Assert.HasCount(30, Shapes.Vectors(model.Transform(keyed), "Score"));
        }
    }

    [TestMethod]
    public void CancellingInTheMiddleOfAnEpochKeepsTheLatestFinishedEpoch()
    {
        var options = Shapes.Options();
        options.LearningRateSchedule = LearningRateSchedule.Constant;
        options.Seed = 5;
        var keyed = Shapes.Keyed(_ml);
        using var expected = _ml.MulticlassClassification.Trainers.SpatialTransformer(options).Fit(keyed);

        using var cancellation = new CancellationTokenSource();
        var watched = new WatchedView(keyed);
        options.Epochs = 50;
        options.CancellationToken = cancellation.Token;
        options.EpochCompleted = epoch =>
        {
            if (epoch.Epoch == 2)
            {
                // A row of the third epoch cancels.
                watched.Moved = (_, _) => cancellation.Cancel();
            }
        };
        using var cancelled = _ml.MulticlassClassification.Trainers.SpatialTransformer(options).Fit(watched);
        Assert.HasCount(2, cancelled.Epochs);
        Assert.IsTrue(cancellation.IsCancellationRequested);
        Assert.AreEqual(StandardFit.WeightHash(expected), StandardFit.WeightHash(cancelled));
    }

    [TestMethod]
    public void CancellingKeepsTheBestEpochByValidation()
    {
        var keyed = Shapes.Keyed(_ml);
        var validation = Shapes.Keyed(_ml, 60, seed: 11);
        using var cancellation = new CancellationTokenSource();
        var reports = new List<TrainingEpoch>();
        var options = Shapes.Options();
        options.Seed = 5;
        options.Epochs = 30;
        options.LearningRate = 0.03; // high, so that the accuracy goes up and down
        options.EarlyStoppingMetric = ValidationMetric.Loss;
        options.ValidationSet = validation;
        options.CancellationToken = cancellation.Token;
        options.EpochCompleted = epoch =>
        {
            reports.Add(epoch);
            if (epoch.Epoch > 3 && !epoch.IsBest)
            {
                cancellation.Cancel();
            }
        };
        using var model = _ml.MulticlassClassification.Trainers.SpatialTransformer(options).Fit(keyed);
        Assert.IsFalse(reports[^1].IsBest, "the last epoch is not the best");
        var best = reports.MinBy(report => report.ValidationLoss)!;
        var loss = _ml.MulticlassClassification.Evaluate(model.Transform(validation)).LogLoss;
        Assert.AreEqual(best.ValidationLoss!.Value, loss, 1e-4);
    }

    [TestMethod]
    public void CancelledBeforeItBeginsKeepsTheFirstWeights()
    {
        var options = Shapes.Options();
        options.CancellationToken = new CancellationToken(canceled: true);
        var keyed = Shapes.Keyed(_ml, 30);
        using var model = _ml.MulticlassClassification.Trainers.SpatialTransformer(options).Fit(keyed);
        Assert.IsEmpty(model.Epochs);
        Assert.HasCount(30, Shapes.Vectors(model.Transform(keyed), "Score"));
    }

    [TestMethod]
    public void StopsEarlyAndKeepsTheBest()
    {
        var options = Shapes.Options();
        options.Epochs = 60;
        options.LearningRate = 0.02;
        options.ValidationFraction = 0.3;
        options.EarlyStoppingPatience = 2;
        options.EarlyStoppingMetric = ValidationMetric.Loss;
        options.LearningRateSchedule = LearningRateSchedule.Constant;
        using var model = _ml.MulticlassClassification.Trainers.SpatialTransformer(options).Fit(Shapes.Keyed(_ml, 120));
        Assert.IsLessThan(60, model.Epochs.Count);
        var losses = model.Epochs.Select(epoch => epoch.ValidationLoss!.Value).ToArray();
        Assert.AreEqual(losses.Length - 3, Array.IndexOf(losses, losses.Min()), string.Join(' ', losses));
    }

    [TestMethod]
    public void TheSameRowsAreHeldOutInEveryEpochAndNoneOfThemTrains()
    {
        var keyed = Shapes.Keyed(_ml, 100);
        var heldOut = new HeldOutRows(0.25, 4);
        var held = Rows(true);
        var trained = Rows(false);
        Assert.IsTrue(held.Length is > 10 and < 45, $"{held.Length} of 100 held out");
        Assert.AreEqual(100, held.Length + trained.Length);
        Assert.IsEmpty(held.Intersect(trained).ToArray());
        CollectionAssert.AreEquivalent(held, Rows(true, new Random(1)));
        CollectionAssert.AreEquivalent(trained, Rows(false, new Random(2)));

        string[] Rows(bool which, Random? random = null) => Images(keyed, heldOut).Open(random, which).Batches
            .SelectMany(batch => Enumerable.Range(0, batch.Count).Select(i => string.Join(' ', batch.Pixels.Skip(i * 144).Take(144)))).ToArray();
    }

    [TestMethod]
    public void EachEpochOpensOneCursorAndTheLabelsAreLookedAtAlone()
    {
        var watched = new WatchedView(Shapes.Keyed(_ml, 60));
        var options = Shapes.Options();
        options.Epochs = 3;
        using var model = _ml.MulticlassClassification.Trainers.SpatialTransformer(options).Fit(watched);
        Assert.HasCount(4, watched.Cursors);
        CollectionAssert.AreEqual(new[] { "Label" }, watched.Cursors[0]);
        foreach (var columns in watched.Cursors.Skip(1))
        {
            CollectionAssert.AreEquivalent(new[] { "Label", "Image" }, columns);
        }
    }

    [TestMethod]
    public void ARandomTransformUpstreamGivesFreshImagesInEachEpoch()
    {
        var draws = 0;
        var random = _ml.Transforms.CustomMapping<ShapeRow, NoisyRow>(
            (row, noisy) =>
            {
                Interlocked.Increment(ref draws);
                noisy.Noisy = row.Image;
            },
            contractName: null);
        var options = Shapes.Options();
        options.ImageColumnName = "Noisy";
        options.Epochs = 3;
        using var model = random.Append(_ml.MulticlassClassification.Trainers.SpatialTransformer(options)).Fit(Shapes.Keyed(_ml, 40));
        Assert.AreEqual(3 * 40, draws);
    }

    [TestMethod]
    public void AViewThatCannotShuffleIsShuffledThroughABuffer()
    {
        var rows = Enumerable.Range(0, 200).Select(i => new ShapeRow { Name = ShapeRows.Names[i % 3], Image = Enumerable.Repeat(i / 200f, 144).ToArray() });
        var view = _ml.Data.LoadFromEnumerable(rows);
        var keyed = _ml.Transforms.Conversion.MapValueToKey("Label", "Name").Fit(view).Transform(view);
        Assert.IsFalse(keyed.CanShuffle);
        var images = Images(keyed, null, buffer: 50);
        var inOrder = Order(images.Open(null));
        var shuffled = Order(images.Open(new Random(1)));
        var again = Order(images.Open(new Random(1)));
        CollectionAssert.AreEqual(Enumerable.Range(0, 200).ToArray(), inOrder);
        CollectionAssert.AreNotEqual(inOrder, shuffled);
        CollectionAssert.AreEquivalent(inOrder, shuffled);
        CollectionAssert.AreEqual(shuffled, again);

        static int[] Order(IEpochSource<ImageBatch<long>> source) => source.Batches.SelectMany(batch => Enumerable.Range(0, batch.Count).Select(i => (int)MathF.Round(batch.Pixels[i * 144] * 200))).ToArray();
    }

    [TestMethod]
    public void LaterChangesToTheOptionsDoNotReachATrainer()
    {
        var options = Shapes.Options();
        options.Seed = 5;
        var keyed = Shapes.Keyed(_ml, 30);
        var trainer = _ml.MulticlassClassification.Trainers.SpatialTransformer(options);
        using var before = trainer.Fit(keyed);
        options.Epochs = 0;
        options.ScoreColumnName = "Elsewhere";
        using var after = trainer.Fit(keyed);
        Assert.AreEqual(StandardFit.WeightHash(before), StandardFit.WeightHash(after));
        Assert.IsNotNull(after.GetOutputSchema(keyed.Schema).GetColumnOrNull("Score"));
    }

    [TestMethod]
    public void ProgressGoesThroughAProgressChannel()
    {
        var watched = new WatchedEnvironment(_ml);
        var options = Shapes.Options();
        options.ValidationFraction = 0.3;
        using var model = new SpatialTransformerTrainer(watched, options).Fit(Shapes.Keyed(_ml));
        var finished = watched.Checkpoints.Where(values => values[1] is not null).ToArray();
        Assert.HasCount(2, finished);
        for (var i = 0; i < 2; i++)
        {
            var epoch = model.Epochs[i];
            CollectionAssert.AreEqual(
                new double?[] { epoch.TrainingLoss, epoch.ValidationLoss, epoch.ValidationAccuracy, epoch.ImagesPerSecond, epoch.ValidationAveragePrecision, epoch.Remaining!.Value.TotalSeconds, i + 1 }, finished[i][..7]);
        }
    }

    [TestMethod]
    public void OverlappingThreadScopesPutBackWhatTheFirstFound()
    {
        var before = torch.get_num_threads();
        var first = new ThreadScope(before + 1);
        var second = new ThreadScope(before + 2);
        Assert.AreEqual(before + 2, torch.get_num_threads());
        first.Dispose();
        second.Dispose();
        Assert.AreEqual(before, torch.get_num_threads());
    }

    [TestMethod]
    public void EpochsAreLogged()
    {
        var messages = new List<LoggingEventArgs>();
        var ml = new MLContext(1);
        ml.Log += (_, message) =>
        {
            lock (messages)
            {
                messages.Add(message);
            }
        };
        var options = Shapes.Options();
        options.ValidationFraction = 0.3;
        using var model = ml.MulticlassClassification.Trainers.SpatialTransformer(options).Fit(Shapes.Keyed(ml));
        var epochs = messages.Where(message => message.Kind == ChannelMessageKind.Info && message.RawMessage.StartsWith("Epoch ", StringComparison.Ordinal)).ToArray();
        Assert.HasCount(2, epochs);
        StringAssert.Contains(epochs[0].Source, nameof(SpatialTransformerTrainer));
        StringAssert.Contains(epochs[1].RawMessage, "validation accuracy");
    }

    [TestMethod]
    public void EveryTensorIsMadeOnTheChosenDevice()
    {
        var devices = new List<torch.Device>();
        void Watch(torch.Device device)
        {
            lock (devices)
            {
                devices.Add(device);
            }
        }

        TensorFactory.Created += Watch;
        try
        {
            var keyed = Shapes.Keyed(_ml, 30);
            using var model = _ml.MulticlassClassification.Trainers.SpatialTransformer(Shapes.RichOptions()).Fit(keyed);
            Shapes.Vectors(model.Transform(keyed), "Score");
        }
        finally
        {
            TensorFactory.Created -= Watch;
        }

        Assert.IsGreaterThan(4, devices.Count);
        Assert.IsTrue(devices.All(device => device.type == DeviceType.CPU));
    }

    [TestMethod]
    public void AModelMakesItsTensorsOnTheDeviceItWasGiven()
    {
        using var model = _ml.MulticlassClassification.Trainers.SpatialTransformer(Shapes.RichOptions()).Fit(Shapes.Keyed(_ml, 30));
        var device = new torch.Device(DeviceType.CPU);
        var elsewhere = new SpatialTransformerModel(model.Model.Settings, model.Model.Network, device);
        var devices = new List<torch.Device>();
        TensorFactory.Created += devices.Add;
        try
        {
            elsewhere.Score(new float[144], [new ImageSize(12, 12)], 1, new HashSet<NetworkOutput> { NetworkOutput.Score });
        }
        finally
        {
            TensorFactory.Created -= devices.Add;
        }

        // The first holds the images; what comes of them follows their device.
        Assert.AreSame(device, devices[0]);
        Assert.IsTrue(devices.All(made => made.type == DeviceType.CPU));
    }

    [TestMethod]
    public void MissingLabelsAreLeftOut()
    {
        var rows = ShapeRows.Make(60, 3);
        var view = _ml.Data.LoadFromEnumerable(rows);
        var keys = _ml.Transforms.Conversion.MapValueToKey("Label", "Name").Fit(view);
        for (var i = 0; i < rows.Length; i += 4)
        {
            rows[i].Name = "never seen";
        }

        var survey = LabelSurvey.Take(keys.Transform(view), keys.Transform(view).Schema["Label"], 3, null, "training", needsTwoClasses: true, CancellationToken.None);
        Assert.AreEqual(new LabelSurvey(45, 0, 15, survey.Rows), survey);
        using var model = _ml.MulticlassClassification.Trainers.SpatialTransformer(Shapes.Options()).Fit(keys.Transform(view));
        Assert.HasCount(2, model.Epochs);
    }

    private static LabelledImages<long> Images(IDataView view, HeldOutRows? heldOut, int buffer = 1000) => new()
    {
        View = view,
        LabelColumns = [view.Schema["Label"]],
        Labels = row => LabelColumn.TryGetter(row, view.Schema["Label"]),
        Image = view.Schema["Image"],
        Shape = new ImageShape(1, Shapes.Side, Shapes.Side),
        Resizing = ImageResizing.Refuse,
        InvalidImages = InvalidImages.Fail,
        BatchSize = 7,
        ShuffleBufferSize = buffer,
        HeldOut = heldOut,
    };

    private sealed class NoisyRow
    {
        [VectorType(ShapeRows.Side * ShapeRows.Side)]
        public float[] Noisy { get; set; } = [];
    }
}
