using System.Security.Cryptography;
using Microsoft.ML.Spatial.Components;
using Microsoft.ML.Spatial.FreshProcess;
using Microsoft.ML.Spatial.Modules;
using Microsoft.ML.Spatial.Tests.Data;
using Microsoft.ML.Spatial.Training;
using TorchSharp;

namespace Microsoft.ML.Spatial.Tests.Components;

/// <summary>Trainings that end and are gone on with come to what a training comes to that was never ended, bit for bit.</summary>
[TestClass]
public sealed class CheckpointFolderTests
{
    private readonly TemporaryFolder _folder = new();

    private static long LiveTensors => DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount;

    [TestCleanup]
    public void RemoveFolder() => _folder.Dispose();

    [TestMethod]
    [DataRow(OptimizerKind.AdamW, LearningRateSchedule.Cosine, 1, null, DetectionArchitecture.Fcos)]
    [DataRow(OptimizerKind.Sgd, LearningRateSchedule.Step, 2, null, DetectionArchitecture.Fcos)]
    [DataRow(OptimizerKind.AdamW, LearningRateSchedule.Constant, 1, 2, DetectionArchitecture.Fcos)]
    [DataRow(OptimizerKind.Sgd, LearningRateSchedule.Cosine, 1, null, DetectionArchitecture.Rfcn)]
    public void ADetectorEndedAfterEachEpochComesToTheSame(OptimizerKind optimizer, LearningRateSchedule schedule, int validationEvery, int? patience, DetectionArchitecture architecture)
    {
        AssertSame(
            (ml, options) => ml.MulticlassClassification.Trainers.DeformableDetector(options).Fit(Scenes.View(ml, 40)),
            model => model.Epochs,
            () =>
            {
                var options = Scenes.Options(epochs: 5);
                options.Seed = null;
                options.Architecture = architecture;
                options.Optimizer = optimizer;
                options.LearningRate = optimizer == OptimizerKind.Sgd ? 0.01 : 0.002;
                options.LearningRateSchedule = schedule;
                options.StepEpochs = schedule == LearningRateSchedule.Step ? [2, 4] : [];
                options.ValidationFraction = 0.3;
                options.ValidationEvery = validationEvery;
                options.EarlyStoppingPatience = patience;
                options.EarlyStoppingMetric = patience is null ? ValidationMetric.Loss : ValidationMetric.AveragePrecision;
                return options;
            });
    }

    /// <summary>Running statistics are part of what is kept.</summary>
    [TestMethod]
    public void ADetectorWithBatchNormalisationEndedAfterAnEpochComesToTheSame()
    {
        AssertSame(
            (ml, options) => ml.MulticlassClassification.Trainers.DeformableDetector(options).Fit(Scenes.Keyed(ml, Scenes.Pictures(16, seed: 3))),
            model => model.Epochs,
            () =>
            {
                var options = Scenes.Options(deformableLayers: 0);
                options.ImageHeight = options.ImageWidth = 64;
                (options.Backbone, options.Width, options.FeaturePyramid, options.Optimizer, options.LearningRate) = (BackboneKind.ResNet18, 32, false, OptimizerKind.Sgd, 0.01);
                return options;
            });
    }

    [TestMethod]
    [DataRow(SpatialArchitecture.StCnn)]
    [DataRow(SpatialArchitecture.StCnnMulti)]
    public void ASpatialTransformerEndedAfterEachEpochComesToTheSame(SpatialArchitecture architecture)
    {
        AssertSame(
            (ml, options) => ml.MulticlassClassification.Trainers.SpatialTransformer(options).Fit(Shapes.Keyed(ml, 60), Shapes.Keyed(ml, 20, seed: 8)),
            model => model.Epochs,
            () =>
            {
                var options = Shapes.Options();
                options.Epochs = 4;
                options.Architecture = architecture;
                options.LocalisationLearningRateFactor = 0.5;
                options.GradientClip = 1;
                return options;
            });
    }

    /// <summary>Its random windows run on from epoch to epoch.</summary>
    [TestMethod]
    public void ACoLocalisationEndedAfterEachEpochComesToTheSame()
    {
        AssertSame(
            (ml, options) => ml.Transforms.SpatialTransformer(options).Fit(Shapes.Keyed(ml, 33)),
            model => model.Epochs,
            () =>
            {
                var options = Shapes.EstimatorOptions();
                options.Epochs = 4;
                options.Objective = SpatialObjective.Colocalisation;
                options.Transformation = TransformationKind.Attention;
                options.ValidationFraction = 0.2;
                return options;
            });
    }

    /// <summary>Each pass of a random warp is another; validation on rows held out makes a pass too.</summary>
    [TestMethod]
    public void ATrainingOnRandomWarpsEndedAfterEachEpochComesToTheSame()
    {
        AssertSame(
            (ml, options) =>
            {
                var pipeline = ml.Transforms.Conversion.MapValueToKey("Label", "Name")
                    .Append(ml.Transforms.WarpImages("Image", new RandomWarp { RotationDegrees = new(-90, 90), HorizontalFlipProbability = 0.5 }))
                    .Append(ml.MulticlassClassification.Trainers.SpatialTransformer(options));
                return pipeline.Fit(ml.Data.LoadFromEnumerable(PictureRow.Make(60, seed: 3))).LastTransformer;
            },
            model => model.Epochs,
            () =>
            {
                var options = Shapes.Options();
                options.Epochs = 3;
                options.Seed = 4;
                options.ValidationFraction = 0.3;
                return options;
            },
            contextSeed: 7);
    }

    [TestMethod]
    public void AFinishedTrainingIsNotTrainedAgain()
    {
        var ml = new MLContext(1);
        var options = Scenes.Options();
        options.CheckpointFolder = _folder.Path("folder");
        var view = Scenes.View(ml, 24);
        using var first = ml.MulticlassClassification.Trainers.DeformableDetector(options).Fit(view);
        options.EpochCompleted = _ => Assert.Fail("an epoch is trained");
        using var again = ml.MulticlassClassification.Trainers.DeformableDetector(options).Fit(view);
        CollectionAssert.AreEqual(first.Epochs.ToArray(), again.Epochs.ToArray());
        CollectionAssert.AreEqual(new[] { "Classification", "Box", "Centerness" }, again.Epochs[0].Losses.Keys.ToArray());
        RowsAssert.AreEqual(Shapes.Vectors(first.Transform(view), "Score"), Shapes.Vectors(again.Transform(view), "Score"));
    }

    [TestMethod]
    public void ACancelledTrainingIsGoneOnWith()
    {
        var ml = new MLContext(1);
        var view = Shapes.Keyed(ml, 60);
        var options = Shapes.Options();
        (options.Epochs, options.Seed) = (4, 5);
        using var whole = ml.MulticlassClassification.Trainers.SpatialTransformer(options).Fit(view);

        options.CheckpointFolder = _folder.Path("folder");
        using var cancellation = new CancellationTokenSource();
        var watched = new WatchedView(view);
        options.CancellationToken = cancellation.Token;
        options.EpochCompleted = epoch =>
        {
            // A row of the third epoch cancels.
            if (epoch.Epoch == 2)
                watched.Moved = (_, _) => cancellation.Cancel();
        };
        using var cancelled = ml.MulticlassClassification.Trainers.SpatialTransformer(options).Fit(watched);
        Assert.HasCount(2, cancelled.Epochs);

        // Still cancelled: what there is comes back.
        options.EpochCompleted = null;
        using var still = ml.MulticlassClassification.Trainers.SpatialTransformer(options).Fit(view);
        Assert.AreEqual(StandardFit.WeightHash(cancelled), StandardFit.WeightHash(still));

        options.CancellationToken = default;
        using var goneOnWith = ml.MulticlassClassification.Trainers.SpatialTransformer(options).Fit(view);
        Assert.AreEqual(StandardFit.WeightHash(whole), StandardFit.WeightHash(goneOnWith));
    }

    [TestMethod]
    public void MoreEpochsAreTrainedWhereTheLearningRateDoesNotDependOnThem()
    {
        var ml = new MLContext(1);
        var view = Shapes.Keyed(ml, 60);
        SpatialTransformerClassifier Fitted(int epochs, string? folder, LearningRateSchedule schedule = LearningRateSchedule.Constant, int every = 1)
        {
            var options = Shapes.Options();
            (options.Epochs, options.Seed, options.LearningRateSchedule, options.CheckpointFolder) = (epochs, 5, schedule, folder is null ? null : _folder.Path(folder));
            if (every > 1)
                (options.ValidationFraction, options.ValidationEvery) = (0.2, every);
            return ml.MulticlassClassification.Trainers.SpatialTransformer(options).Fit(view);
        }

        using var whole = Fitted(4, null);
        Fitted(2, "constant").Dispose();
        using var raised = Fitted(4, "constant");
        Assert.AreEqual(StandardFit.WeightHash(whole), StandardFit.WeightHash(raised));
        CollectionAssert.AreEqual(whole.Epochs.Select(Timeless).ToArray(), raised.Epochs.Select(Timeless).ToArray());
        StringAssert.Contains(Assert.ThrowsExactly<InvalidOperationException>(() => Fitted(3, "constant")).Message, "Epochs is 4 (4 are finished) in the checkpoint and 3 now");

        Fitted(2, "cosine", LearningRateSchedule.Cosine).Dispose();
        StringAssert.Contains(Assert.ThrowsExactly<InvalidOperationException>(() => Fitted(4, "cosine", LearningRateSchedule.Cosine)).Message, "Epochs is 2 in the checkpoint and 4 now");

        // The third epoch was validated for being the last.
        Fitted(3, "every", every: 2).Dispose();
        StringAssert.Contains(Assert.ThrowsExactly<InvalidOperationException>(() => Fitted(4, "every", every: 2)).Message, "Epochs is 3 (3 are finished, the last one validated) in the checkpoint and 4 now");
    }

    /// <summary>A detector's rows are decoded before it trains, which takes long.</summary>
    [TestMethod]
    public void OtherOptionsOfADetectorAreRefusedBeforeAnyRowIsRead()
    {
        var ml = new MLContext(1);
        DeformableDetectorTrainer Trainer(double learningRate)
        {
            var options = Scenes.Options(epochs: 1);
            (options.CheckpointFolder, options.LearningRate) = (_folder.Path("folder"), learningRate);
            return ml.MulticlassClassification.Trainers.DeformableDetector(options);
        }

        Trainer(0.002).Fit(Scenes.View(ml, 10)).Dispose();
        var view = new WatchedView(Scenes.View(ml, 10));
        StringAssert.Contains(Assert.ThrowsExactly<InvalidOperationException>(() => Trainer(0.003).Fit(view)).Message, "LearningRate is 0.002 in the checkpoint and 0.003 now");
        Assert.IsEmpty(view.Cursors);
    }

    [TestMethod]
    public void AnotherTrainingIsRefusedAndEachDifferenceNamed()
    {
        var ml = new MLContext(1);
        SpatialTransformerTrainer.Options Options()
        {
            var options = Shapes.Options();
            (options.Epochs, options.Seed, options.CheckpointFolder) = (1, 5, _folder.Path("folder"));
            return options;
        }

        ml.MulticlassClassification.Trainers.SpatialTransformer(Options()).Fit(Shapes.Keyed(ml, 60)).Dispose();
        foreach (var (difference, set) in new (string, Action<SpatialTransformerTrainer.Options>)[]
        {
            ("BatchSize is 16 in the checkpoint and 8 now", options => options.BatchSize = 8),
            ("LearningRate is 0.003 in the checkpoint and 0.004 now", options => options.LearningRate = 0.004),
            ("Optimizer is \"Adam\" in the checkpoint and \"AdamW\" now", options => options.Optimizer = OptimizerKind.AdamW),
            ("Seed is 5 in the checkpoint and 6 now", options => options.Seed = 6),
            ("ValidationFraction is 0 in the checkpoint and 0.5 now", options => options.ValidationFraction = 0.5),
            ("Architecture is \"StCnn\" in the checkpoint and \"Cnn\" now", options => options.Architecture = SpatialArchitecture.Cnn),
        })
        {
            var options = Options();
            set(options);
            StringAssert.Contains(Refused(() => ml.MulticlassClassification.Trainers.SpatialTransformer(options).Fit(Shapes.Keyed(ml, 60))), difference);
        }

        StringAssert.Contains(Refused(() => ml.MulticlassClassification.Trainers.SpatialTransformer(Options()).Fit(Shapes.Keyed(ml, 61))), "training rows is \"60, 0 held out");
        StringAssert.Contains(Refused(() => ml.MulticlassClassification.Trainers.SpatialTransformer(Options()).Fit(Swapped())), "training rows is \"60, 0 held out");
        StringAssert.Contains(Refused(() => ml.MulticlassClassification.Trainers.SpatialTransformer(Options()).Fit(Shapes.Keyed(ml, 60), Shapes.Keyed(ml, 10))), "validation rows is not there");
        var estimator = Shapes.EstimatorOptions();
        estimator.CheckpointFolder = _folder.Path("folder");
        StringAssert.Contains(Refused(() => ml.Transforms.SpatialTransformer(estimator).Fit(Shapes.Keyed(ml, 60))), "trainer is \"SpatialTransformerTrainer\" in the checkpoint and \"SpatialTransformerEstimator\" now");

        // What the weights do not depend on may change.
        var other = Options();
        (other.ScoreColumnName, other.NumberOfThreads, other.ThetaColumnName) = ("Scores", 2, "Theta");
        using var model = ml.MulticlassClassification.Trainers.SpatialTransformer(other).Fit(Shapes.Keyed(ml, 60));
        Assert.IsNotNull(model.GetOutputSchema(Shapes.Keyed(ml, 60).Schema).GetColumnOrNull("Scores"));

        // As many rows, of which two have changed places.
        IDataView Swapped()
        {
            var rows = ShapeRows.Make(60, seed: 3);
            (rows[0], rows[1]) = (rows[1], rows[0]);
            var view = ml.Data.LoadFromEnumerable(rows);
            return ml.Transforms.Conversion.MapValueToKey("Label", "Name").Fit(view).Transform(view);
        }

        string Refused(Func<IDisposable> fit)
        {
            var message = Assert.ThrowsExactly<InvalidOperationException>(() => fit().Dispose()).Message;
            StringAssert.Contains(message, _folder.Path("folder", CheckpointFile.Name));
            return message;
        }
    }

    [TestMethod]
    public void ADamagedFileIsRefusedAndNoTensorIsLeft()
    {
        var ml = new MLContext(1);
        var options = Scenes.Options(epochs: 1);
        options.CheckpointFolder = _folder.Path("folder");
        var view = Scenes.View(ml, 24);
        var before = LiveTensors;
        ml.MulticlassClassification.Trainers.DeformableDetector(options).Fit(view).Dispose();
        Assert.AreEqual(before, LiveTensors, "after Fit");
        ml.MulticlassClassification.Trainers.DeformableDetector(options).Fit(view).Dispose();
        Assert.AreEqual(before, LiveTensors, "after a Fit that goes on");

        var path = _folder.Path("folder", CheckpointFile.Name);
        var whole = File.ReadAllBytes(path);
        foreach (var length in new[] { whole.Length - 1, whole.Length / 2, 100, 0 })
        {
            File.WriteAllBytes(path, whole[..length]);
            var error = Assert.ThrowsExactly<InvalidDataException>(() => ml.MulticlassClassification.Trainers.DeformableDetector(options).Fit(view));
            StringAssert.Contains(error.Message, path);
        }

        Assert.AreEqual(before, LiveTensors, "after errors");
    }

    /// <summary>A process is killed when it begins to write its first checkpoint, in the middle of an epoch, and again while it writes.</summary>
    [TestMethod]
    public void AKilledProcessIsGoneOnWith()
    {
        var folder = Directory.CreateDirectory(_folder.Path("folder")).FullName;
        var finished = 0;
        foreach (var (line, isWhileWriting) in new (string?, bool)[] { (null, true), ("epoch 3", false), ("epoch 4", true) })
        {
            using var process = FreshProcesses.Start("train", folder);
            var error = process.StandardError.ReadToEndAsync();
            for (var said = ""; line is not null && said is not null && string.CompareOrdinal(said, line) < 0; said = process.StandardOutput.ReadLine()!)
            {
            }

            while (isWhileWriting && !process.HasExited && !Directory.EnumerateFiles(folder, "*.tmp").Any())
            {
            }

            Assert.IsFalse(process.HasExited, error.IsCompleted ? error.Result : "it ended before it was killed");
            process.Kill();
            process.WaitForExit();
            var epochs = File.Exists(Path.Combine(folder, CheckpointFile.Name)) ? CheckpointFile.Open(folder).Found!.State.Epochs.Length : 0;
            Assert.IsGreaterThanOrEqualTo(finished, epochs);
            finished = epochs;
        }

        var lines = new List<string>();
        Assert.AreEqual(CheckpointedFit.WeightHash(null, _ => { }), CheckpointedFit.WeightHash(folder, lines.Add));
        Assert.AreEqual($"epoch {finished + 1}", lines[0]);
        Assert.IsGreaterThanOrEqualTo(3, finished);
        CollectionAssert.AreEqual(new[] { CheckpointFile.Name }, Directory.GetFiles(folder).Select(Path.GetFileName).ToArray());
    }

    private static TrainingEpoch Timeless(TrainingEpoch epoch) => epoch with { ImagesPerSecond = 0, Elapsed = TimeSpan.Zero, Remaining = null };

    /// <summary>Fits once in one go, and once so that each Fit is ended by an error after one epoch; compares figures, and all tensors of the checkpoints.</summary>
    private void AssertSame<TOptions, TModel>(Func<MLContext, TOptions, TModel> fit, Func<TModel, IReadOnlyList<TrainingEpoch>> epochs, Func<TOptions> makeOptions, int? contextSeed = null)
        where TOptions : ImageTrainingOptions
        where TModel : IDisposable
    {
        TOptions Options(string folder)
        {
            var options = makeOptions();
            (options.NumberOfThreads, options.CheckpointFolder) = (1, _folder.Path(folder));
            return options;
        }

        using var whole = fit(new MLContext(7), Options("whole"));
        var before = LiveTensors;
        TModel? parts = default;
        var fits = 0;
        while (parts is null)
        {
            // The seed of a later context does not matter: the checkpoint has one.
            var options = Options("parts");
            options.EpochCompleted = epoch =>
            {
                if (epoch.Epoch < epochs(whole).Count)
                    throw new OperationCanceledException();
            };
            fits++;
            try
            {
                parts = fit(new MLContext(contextSeed ?? 6 + fits), options);
            }
            catch (OperationCanceledException)
            {
                Assert.AreEqual(before, LiveTensors);
            }
        }

        using (parts)
        {
            Assert.HasCount(fits, epochs(whole), "each Fit trained one epoch");
            CollectionAssert.AreEqual(epochs(whole).Select(Timeless).ToArray(), epochs(parts).Select(Timeless).ToArray());
            CollectionAssert.AreEqual(Tensors("whole"), Tensors("parts"));
        }
    }

    private string[] Tensors(string folder)
    {
        string[] tensors = [];
        CheckpointFile.Open(_folder.Path(folder)).Restore(found => tensors = [.. found.Select(entry => $"{entry.Key} {Convert.ToHexString(SHA256.HashData(entry.Value.bytes))}")]);
        Assert.IsGreaterThan(10, tensors.Length);
        return tensors;
    }
}
