using Microsoft.ML.Data;
using Microsoft.ML.Spatial.Components;
using Microsoft.ML.Spatial.FreshProcess;
using Microsoft.ML.Spatial.Modules;
using TorchSharp;

namespace Microsoft.ML.Spatial.Tests.Components;

[TestClass]
public sealed class ColocalisationTests
{
    private readonly MLContext _ml = new(7);

    private static long LiveTensors => DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount;

    [TestMethod]
    [DataRow(SpatialArchitecture.StCnn)]
    [DataRow(SpatialArchitecture.StFcn)]
    public void FindsTheCommonObjectWithoutLabels(SpatialArchitecture architecture)
    {
        var options = Options();
        options.Architecture = architecture;
        options.Epochs = 20;
        using var model = _ml.Transforms.SpatialTransformer(options).Fit(View(CrossRow.Make(512, 1)));
        var rows = CrossRow.Make(200, 2);
        var theta = Shapes.Vectors(model.Transform(View(rows)), "Theta");
        foreach (var window in theta)
        {
            Assert.AreEqual((float)options.WindowSize, window[0], "the size stays");
        }

        // The windows' middles start up to 5 pixels off in either direction, 3 in the mean.
        var distance = theta.Zip(rows).Average(pair => pair.Second.Distance(pair.First));
        Assert.IsLessThan(1.6, distance);
        Assert.IsTrue(model.Epochs[^1].TrainingLoss < 0.6 * model.Epochs[0].TrainingLoss, $"{model.Epochs[0].TrainingLoss} -> {model.Epochs[^1].TrainingLoss}");
        Assert.IsNull(model.Epochs[^1].ValidationLoss);
    }

    [TestMethod]
    public void LearnsFromPicturesAsFromVectorsOfTheirValues()
    {
        var rows = CrossRow.Make(40, 1);
        var pictures = Array.ConvertAll(rows, row => new CrossPicture { Image = Shapes.Picture(row.Image, CrossRow.Side, CrossRow.Side) });
        for (var i = 0; i < rows.Length; i++)
        {
            rows[i].Image = [.. Enumerable.Range(0, rows[i].Image.Length).Select(k => pictures[i].Image.Pixels[4 * k] / 255f)];
        }

        var options = Options();
        options.ImageChannels = 1;
        var (vectorView, pictureView) = (View(rows), _ml.Data.LoadFromEnumerable(pictures));
        using var ofVectors = _ml.Transforms.SpatialTransformer(options).Fit(vectorView);
        using var ofPictures = _ml.Transforms.SpatialTransformer(options).Fit(pictureView);
        foreach (var (expected, actual) in Shapes.Vectors(ofVectors.Transform(vectorView), "Theta").Zip(Shapes.Vectors(ofPictures.Transform(pictureView), "Theta")))
        {
            Assert.AreNotEqual(0, expected[1], "it has learnt something");
            for (var k = 0; k < expected.Length; k++)
            {
                Assert.AreEqual(expected[k], actual[k], 1e-3f);
            }
        }
    }

    [TestMethod]
    public void RowsThatCannotBeUsedFailOrAreSkipped()
    {
        var rows = CrossRow.Make(40, 1);
        rows[9].Image[3] = float.NaN;
        var options = Options();
        var error = Assert.ThrowsExactly<InvalidDataException>(() => _ml.Transforms.SpatialTransformer(options).Fit(View(rows)));
        StringAssert.Contains(error.Message, "'Image', row 9");

        options.InvalidImages = InvalidImages.Skip;
        using var model = _ml.Transforms.SpatialTransformer(options).Fit(View(rows), View(rows));
        Assert.IsTrue(model.Epochs.All(epoch => epoch.SkippedImages == 1 && double.IsFinite(epoch.TrainingLoss) && epoch.ValidationLoss is double loss && double.IsFinite(loss)));
        Assert.IsTrue(Shapes.Vectors(model.Transform(View(CrossRow.Make(8, 2))), "Theta").All(window => window.All(float.IsFinite)));
    }

    [TestMethod]
    public void TheSchemaAsksForNoLabelAndIsWhatIsDelivered()
    {
        var view = View(CrossRow.Make(40, 1));
        var estimator = _ml.Transforms.SpatialTransformer(Options());
        using var model = estimator.Fit(view);
        var scored = model.Transform(view);
        SchemaAssert.PromisedIsDelivered(estimator, view);
        Assert.AreEqual(3, Shapes.Vectors(scored, "Theta")[0].Length);
        Assert.AreEqual(CrossRow.Arm * CrossRow.Arm, Shapes.Vectors(scored, "Rectified")[0].Length);
    }

    /// <summary>33 rows in batches of 16: the last, of one row, has no pair and is left out.</summary>
    [TestMethod]
    public void FittingTwiceGivesEqualWeightsAndLeavesTheGeneratorAsItWas()
    {
        var view = View(CrossRow.Make(33, 1));
        using var before = torch.get_rng_state();
        var estimator = _ml.Transforms.SpatialTransformer(Options());
        using var first = estimator.Fit(view);
        using var second = estimator.Fit(view);
        Assert.AreEqual(StandardFit.WeightHash(first), StandardFit.WeightHash(second));
        using var after = torch.get_rng_state();
        Assert.IsTrue(before.bytes.SequenceEqual(after.bytes));
    }

    [TestMethod]
    public void MeasuresTheLossOfTheSameRandomWindowsOnValidationRows()
    {
        var options = Options();
        options.LocalisationLearningRateFactor = 0;
        options.EarlyStoppingPatience = 5;
        using var model = _ml.Transforms.SpatialTransformer(options).Fit(View(CrossRow.Make(64, 1)), View(CrossRow.Make(33, 2)));
        Assert.HasCount(2, model.Epochs);
        Assert.IsNotNull(model.Epochs[0].ValidationLoss);
        Assert.AreEqual(model.Epochs[0].ValidationLoss, model.Epochs[1].ValidationLoss);
        Assert.IsNull(model.Epochs[0].ValidationAccuracy);
    }

    [TestMethod]
    public void HoldsRowsOutWithoutLabels()
    {
        var options = Options();
        options.ValidationFraction = 0.3;
        using var model = _ml.Transforms.SpatialTransformer(options).Fit(View(CrossRow.Make(64, 1)));
        Assert.IsNotNull(model.Epochs[^1].ValidationLoss);
    }

    /// <summary>No classifier reads the rectified image, so that it may hold more pixels than the file holds weights.</summary>
    [TestMethod]
    [DataRow(SpatialArchitecture.StCnn, CrossRow.Arm)]
    [DataRow(SpatialArchitecture.StFcn, CrossRow.Arm)]
    [DataRow(SpatialArchitecture.StFcn, 60)]
    public void SavesAndLoads(SpatialArchitecture architecture, int side)
    {
        var view = View(CrossRow.Make(40, 1));
        var options = Options();
        options.Architecture = architecture;
        options.RectifiedHeight = options.RectifiedWidth = side;
        using var model = _ml.Transforms.SpatialTransformer(options).Fit(view);
        using var stream = new MemoryStream();
        _ml.Model.Save(model, view.Schema, stream);
        stream.Position = 0;
        using var loaded = (SpatialTransformerRectifier)_ml.Model.Load(stream, out _);
        Assert.AreEqual(model.Model.Network.Spec, loaded.Model.Network.Spec);
        foreach (var column in new[] { "Theta", "Rectified" })
        {
            RowsAssert.AreEqual(Shapes.Vectors(model.Transform(view), column), Shapes.Vectors(loaded.Transform(view), column));
        }
    }

    [TestMethod]
    public void TensorsAreGoneAfterFitTransformCancelAndDispose()
    {
        var view = View(CrossRow.Make(40, 1));
        var before = LiveTensors;
        using (var model = _ml.Transforms.SpatialTransformer(Options()).Fit(view, view))
        {
            Shapes.Vectors(model.Transform(view), "Theta");
            Assert.AreEqual(before + model.Model.Network.parameters().Count(), LiveTensors, "a model holds its weights and nothing else");
        }

        Assert.AreEqual(before, LiveTensors, "after Dispose");
        using var cancellation = new CancellationTokenSource();
        var options = Options();
        options.CancellationToken = cancellation.Token;
        options.EpochCompleted = _ => cancellation.Cancel();
        using (var cancelled = _ml.Transforms.SpatialTransformer(options).Fit(view))
        {
            Assert.HasCount(1, cancelled.Epochs);
        }

        Assert.AreEqual(before, LiveTensors, "after cancelling");
    }

    [TestMethod]
    public void RefusesOptionsThatDoNotFitAndNamesThem()
    {
        (string Name, Action<SpatialTransformerEstimator.Options> Set)[] cases =
        [
            ("Objective", o => o.Objective = (SpatialObjective)9),
            ("TripletMargin", o => o.TripletMargin = -1),
            ("WindowSize", o => o.WindowSize = 1),
            ("WindowSize", o => o.WindowSize = double.NaN),
            ("Transformation", o => o.Transformation = TransformationKind.Affine),
            ("Architecture", o => o.Architecture = SpatialArchitecture.StCnnMulti),
            ("ParallelTransformers", o => o.ParallelTransformers = 2),
            ("BatchSize", o => o.BatchSize = 1),
            ("WeightDecay", o => o.WeightDecay = 0.1),
            ("TripletMargin", o => (o.Objective, o.WindowSize, o.TripletMargin) = (SpatialObjective.Classification, 0.5, 2)),
            ("WindowSize", o => o.Objective = SpatialObjective.Classification),
        ];
        foreach (var (name, set) in cases)
        {
            var options = Options();
            set(options);
            var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Transforms.SpatialTransformer(options));
            Assert.AreEqual(name, error.ParamName);
            StringAssert.Contains(error.Message, "Option " + name);
        }
    }

    [TestMethod]
    public void OneRowHasNoPair()
    {
        var error = Assert.ThrowsExactly<InvalidDataException>(() => _ml.Transforms.SpatialTransformer(Options()).Fit(View(CrossRow.Make(1, 1))));
        StringAssert.Contains(error.Message, "Colocalisation");
    }

    private static SpatialTransformerEstimator.Options Options() => new()
    {
        Objective = SpatialObjective.Colocalisation,
        Transformation = TransformationKind.Attention,
        WindowSize = (double)CrossRow.Arm / CrossRow.Side,
        ImageHeight = CrossRow.Side,
        ImageWidth = CrossRow.Side,
        RectifiedHeight = CrossRow.Arm,
        RectifiedWidth = CrossRow.Arm,
        ThetaColumnName = "Theta",
        Epochs = 2,
        BatchSize = 16,
        LearningRate = 3e-3,
        NumberOfThreads = 1,
        Seed = 3,
    };

    private IDataView View(CrossRow[] rows) => _ml.Data.LoadFromEnumerable(rows);

    private sealed class CrossPicture
    {
        [Transforms.Image.ImageType(CrossRow.Side, CrossRow.Side)]
        public MLImage Image { get; set; } = null!;
    }

    /// <summary>A bright cross at a random place on a dark picture with some bright specks.</summary>
    private sealed class CrossRow
    {
        public const int Side = 16;
        public const int Arm = 7;

        public int Left { get; set; }

        public int Top { get; set; }

        [VectorType(Side * Side)]
        public float[] Image { get; set; } = [];

        public static CrossRow[] Make(int count, int seed)
        {
            var random = new Random(seed);
            return [.. Enumerable.Range(0, count).Select(_ => Make(random))];
        }

        /// <summary>From the middle of a window to that of the cross, in pixels.</summary>
        public double Distance(float[] theta) =>
            Math.Sqrt(Math.Pow(((theta[1] + 1) * Side / 2) - Left - (Arm / 2.0), 2) + Math.Pow(((theta[2] + 1) * Side / 2) - Top - (Arm / 2.0), 2));

        private static CrossRow Make(Random random)
        {
            var row = new CrossRow { Left = random.Next(Side - Arm + 1), Top = random.Next(Side - Arm + 1), Image = new float[Side * Side] };
            for (var i = 0; i < 3; i++)
            {
                row.Image[random.Next(row.Image.Length)] = 0.7f;
            }

            for (var i = 0; i < Arm; i++)
            {
                row.Image[((row.Top + i) * Side) + row.Left + (Arm / 2)] = 1;
                row.Image[((row.Top + (Arm / 2)) * Side) + row.Left + i] = 1;
            }

            return row;
        }
    }
}
