using Microsoft.ML.Data;
using Microsoft.ML.Spatial.Components;
using Microsoft.ML.Spatial.FreshProcess;

namespace Microsoft.ML.Spatial.Tests.Components;

/// <summary>Random warps: the same ones whatever the order, others in each pass, and none when scoring.</summary>
[TestClass]
public sealed class WarpImagesTrainingTests
{
    private static readonly RandomWarp Ranges = new() { RotationDegrees = new(-90, 90), TranslationX = new(-0.3, 0.3), HorizontalFlipProbability = 0.5 };

    private readonly MLContext _ml = new(1);

    [TestMethod]
    public void TheFirstTransformOfTheViewFittedOnIsRandomAndNothingElse()
    {
        var rows = WarpRow.Make(6, 8, 8);
        var plain = Array.ConvertAll(rows, row => row.Image!.Pixels.ToArray());
        var view = _ml.Data.LoadFromEnumerable(rows);
        var transformer = Estimator(3).Fit(view);
        RowsAssert.AreEqual(plain, WarpRow.Pixels(transformer.Transform(_ml.Data.LoadFromEnumerable(rows))), "another view");
        AssertDiffer(plain, WarpRow.Pixels(transformer.Transform(view)));
        RowsAssert.AreEqual(plain, WarpRow.Pixels(transformer.Transform(view)), "a second Transform");
        using var engine = _ml.Model.CreatePredictionEngine<WarpRow, WarpRow>(Estimator(3).Fit(view));
        RowsAssert.AreEqual(plain, Array.ConvertAll(rows, row => engine.Predict(row).Image!.Pixels.ToArray()), "a prediction engine");
    }

    [TestMethod]
    public void EachPassDiffersAndTheWholeRunRepeats()
    {
        var (first, second) = (Training(5), Training(5));
        var passes = Enumerable.Range(0, 3).Select(_ => WarpRow.Pixels(first)).ToArray();
        AssertDiffer(passes[0], passes[1]);
        AssertDiffer(passes[1], passes[2]);
        AssertDiffer(passes[0], passes[2]);
        AssertDiffer(passes[0], WarpRow.Pixels(Training(6)));
        foreach (var pass in passes)
        {
            _ = second.GetColumn<int>("Index").Count(); // a cursor that leaves the images alone is no pass
            RowsAssert.AreEqual(pass, WarpRow.Pixels(second), "the same pass of another run");
        }
    }

    [TestMethod]
    public void TheContextsSeedDecidesWhereNoneIsGiven()
    {
        var passes = new[] { 1, 1, 2 }.Select(seed =>
        {
            var ml = new MLContext(seed);
            var view = ml.Data.LoadFromEnumerable(WarpRow.Make(6, 8, 8));
            return WarpRow.Pixels(ml.Transforms.WarpImages("Image", Ranges).Fit(view).Transform(view));
        }).ToArray();
        RowsAssert.AreEqual(passes[0], passes[1], "the same seed");
        AssertDiffer(passes[0], passes[2]);
    }

    [TestMethod]
    public void OrderAndSetsOfCursorsAndThreadsDoNotMatter()
    {
        var expected = WarpRow.Pixels(Shuffling());
        var shuffled = Shuffling();
        Assert.IsTrue(shuffled.CanShuffle);
        var rows = Read([shuffled.GetRowCursor(Columns(shuffled), new Random(9))]);
        Assert.IsFalse(rows.Select(row => row.Index).SequenceEqual(Enumerable.Range(0, 200)), "the rows come in another order");
        RowsAssert.AreEqual(expected, Sorted(rows), "shuffled");

        var view = Shuffling();
        var cursors = view.GetRowCursorSet(Columns(view), 3);
        Assert.HasCount(3, cursors);
        RowsAssert.AreEqual(expected, Sorted(Read(cursors)), "a set of cursors, one after the other");

        view = Shuffling();
        cursors = view.GetRowCursorSet(Columns(view), 4);
        var read = new (int, byte[]?)[4][];
        Parallel.For(0, 4, new ParallelOptions { MaxDegreeOfParallelism = 4 }, i => read[i] = Read([cursors[i]]));
        RowsAssert.AreEqual(expected, Sorted([.. read.SelectMany(rows => rows)]), "a set of cursors, at once");

        // A view that can shuffle and hands out sets of cursors: numbers kept in memory, and a picture made of each.
        IDataView Shuffling()
        {
            var numbers = _ml.Data.LoadFromEnumerable(Enumerable.Range(0, 200).Select(i => new NumberRow { Index = i }).ToArray());
            var pictures = _ml.Transforms.CustomMapping<NumberRow, ImageRow>((row, image) => image.Image = WarpRow.Picture(8, 8, seed: row.Index), contractName: null);
            var spy = new Spy();
            _ml.Transforms.CopyColumns("Copy", "Index").AppendCacheCheckpoint(_ml).Append(pictures).Append(Estimator(5)).Append(spy).Fit(numbers);
            return spy.Input!;
        }
    }

    [TestMethod]
    public void AChainTrainsOnWarpedImagesAndScoresPlainOnes()
    {
        var spy = new Spy();
        var rows = WarpRow.Make(6, 8, 8);
        var plain = Array.ConvertAll(rows, row => row.Image!.Pixels.ToArray());
        var view = _ml.Data.LoadFromEnumerable(rows);
        var model = Estimator(5).Append(spy).Append(_ml.Transforms.CopyColumns("Copy", "Index")).Fit(view);
        Assert.HasCount(2, spy.Epochs);
        var training = Training(5, rows);
        RowsAssert.AreEqual(WarpRow.Pixels(training), spy.Epochs[0], "the first epoch");
        RowsAssert.AreEqual(WarpRow.Pixels(training), spy.Epochs[1], "the second epoch");
        RowsAssert.AreEqual(plain, WarpRow.Pixels(model.Transform(view)), "the rows trained on, scored");
        RowsAssert.AreEqual(plain, WarpRow.Pixels(model.Transform(_ml.Data.LoadFromEnumerable(rows))), "other rows, scored");
    }

    [TestMethod]
    public void OfAChainWithinAChainTheOuterOneSeesPlainImages()
    {
        var (inside, outside) = (new Spy(), new Spy());
        var rows = WarpRow.Make(6, 8, 8);
        var plain = Array.ConvertAll(rows, row => row.Image!.Pixels.ToArray());
        var inner = _ml.Transforms.CopyColumns("Copy", "Index").Append(Estimator(5)).Append(inside);
        new EstimatorChain<ITransformer>().Append(inner).Append(outside).Fit(_ml.Data.LoadFromEnumerable(rows));
        AssertDiffer(plain, inside.Epochs[0]);
        RowsAssert.AreEqual(plain, outside.Epochs[0], "the outer chain");
    }

    [TestMethod]
    public void WarnsWhereAVariableOfTheInterfaceMakesAChainWithinAChain()
    {
        var view = _ml.Data.LoadFromEnumerable(WarpRow.Make(6, 8, 8));
        var warnings = Warnings();
        var spy = new Spy();
        IEstimator<ITransformer> pipeline = _ml.Transforms.CopyColumns("Copy", "Index").Append(Estimator(5));
        pipeline = pipeline.Append(spy);
        var model = pipeline.Fit(view);
        _ = WarpRow.Pixels(model.Transform(view));
        RowsAssert.AreEqual(WarpRow.Pixels(view), spy.Epochs[0], "the outer chain");
        Assert.HasCount(1, warnings);
        StringAssert.Contains(warnings[0], "EstimatorChain");
        StringAssert.Contains(warnings[0], "unwarped");

        // What the warning names.
        spy = new Spy();
        var grown = new EstimatorChain<ITransformer>();
        grown = grown.Append<ITransformer>(_ml.Transforms.CopyColumns("Copy", "Index"));
        grown = grown.Append<ITransformer>(Estimator(5));
        pipeline = grown;
        _ = WarpRow.Pixels(pipeline.Append(spy).Fit(view).Transform(view));
        AssertDiffer(WarpRow.Pixels(view), spy.Epochs[0]);
        Assert.HasCount(1, warnings);
    }

    [TestMethod]
    public void WarnsWhereATrainerIsFittedApart()
    {
        var view = _ml.Data.LoadFromEnumerable(WarpRow.Make(6, 8, 8));
        var warnings = Warnings();
        var chain = _ml.Transforms.CopyColumns("Copy", "Index").Append(Estimator(5));
        var spy = new Spy();
        spy.Fit(chain.Fit(view).Transform(view));
        RowsAssert.AreEqual(WarpRow.Pixels(view), spy.Epochs[0], "fitted apart");
        Assert.HasCount(1, warnings);

        // A test view that is made, but not read, before the training one is read is no reason to warn.
        var lone = Estimator(5).Fit(view);
        var (training, test) = (lone.Transform(view), lone.Transform(_ml.Data.LoadFromEnumerable(WarpRow.Make(6, 8, 8))));
        AssertDiffer(WarpRow.Pixels(view), WarpRow.Pixels(training));
        RowsAssert.AreEqual(WarpRow.Pixels(view), WarpRow.Pixels(test), "the test view");
        Assert.HasCount(1, warnings);
    }

    [TestMethod]
    public void ATrainerLearnsWhatIsWarpedAndScoresWhatIsNot()
    {
        var rows = PictureRow.Make(60, 3);
        var view = _ml.Data.LoadFromEnumerable(rows);
        var mirrored = _ml.Data.LoadFromEnumerable(rows.Select(row => new PictureRow
        {
            Name = row.Name,
            Image = MLImage.CreateFromPixels(Shapes.Side, Shapes.Side, row.Image.PixelFormat, WarpRow.Read(row.Image, Shapes.Side, Shapes.Side, (y, x) => (y, Shapes.Side - 1 - x))),
        }).ToArray());
        var keys = _ml.Transforms.Conversion.MapValueToKey("Label", "Name");
        var flip = new RandomWarp { HorizontalFlipProbability = 1 };
        using var flipping = keys.Append(_ml.Transforms.WarpImages("Image", flip)).Append(Trainer()).Fit(view);
        using var plain = keys.Append(Trainer()).Fit(mirrored);
        Assert.AreEqual(StandardFit.WeightHash(plain.LastTransformer), StandardFit.WeightHash(flipping.LastTransformer), "training on mirrored images, either way");

        var expected = Shapes.Vectors(plain.Transform(view), "Score");
        RowsAssert.AreEqual(expected, Shapes.Vectors(flipping.Transform(view), "Score"));
        using var engine = _ml.Model.CreatePredictionEngine<PictureRow, ScoreRow>(flipping, new PredictionEngineOptions { OwnsTransformer = false });
        for (var i = 0; i < rows.Length; i++)
        {
            for (var c = 0; c < expected[i].Length; c++)
            {
                Assert.AreEqual(expected[i][c], engine.Predict(rows[i]).Score[c], 1e-5f);
            }
        }

        using var file = new MemoryStream();
        _ml.Model.Save(flipping, view.Schema, file);
        file.Position = 0;
        var loaded = _ml.Model.Load(file, out _);
        using var freed = (IDisposable)loaded;
        RowsAssert.AreEqual(expected, Shapes.Vectors(loaded.Transform(view), "Score"));
    }

    [TestMethod]
    public void CrossValidatesWithAugmentation()
    {
        var view = _ml.Data.LoadFromEnumerable(PictureRow.Make(60, 3));
        var pipeline = _ml.Transforms.Conversion.MapValueToKey("Label", "Name").Append(_ml.Transforms.WarpImages("Image", Ranges)).Append((IEstimator<ITransformer>)Trainer());
        foreach (var fold in _ml.MulticlassClassification.CrossValidate(view, pipeline, numberOfFolds: 2))
        {
            Assert.IsTrue(double.IsFinite(fold.Metrics.LogLoss));
            (fold.Model as IDisposable)?.Dispose();
        }
    }

    private static DataViewSchema.Column[] Columns(IDataView view) => [view.Schema["Index"], view.Schema["Image"]];

    private static (int Index, byte[]? Pixels)[] Read(DataViewRowCursor[] cursors)
    {
        var read = new List<(int, byte[]?)>();
        foreach (var cursor in cursors)
        {
            using (cursor)
            {
                var index = cursor.GetGetter<int>(cursor.Schema["Index"]);
                var images = cursor.GetGetter<MLImage>(cursor.Schema["Image"]);
                var row = 0;
                MLImage image = null!;
                while (cursor.MoveNext())
                {
                    index(ref row);
                    images(ref image);
                    read.Add((row, image.Pixels.ToArray()));
                }

                image?.Dispose();
            }
        }

        return [.. read];
    }

    private static byte[]?[] Sorted((int Index, byte[]? Pixels)[] rows) => rows.OrderBy(row => row.Index).Select(row => row.Pixels).ToArray();

    private static void AssertDiffer(byte[]?[] one, byte[]?[] other) =>
        Assert.IsTrue(one.Zip(other).All(pair => !pair.First!.SequenceEqual(pair.Second!)), "every row has another picture");

    /// <summary>The warnings that the context logs from now on.</summary>
    private List<string> Warnings()
    {
        var warnings = new List<string>();
        _ml.Log += (_, message) =>
        {
            if (message.Kind == Runtime.ChannelMessageKind.Warning)
            {
                warnings.Add(message.RawMessage);
            }
        };
        return warnings;
    }

    private SpatialTransformerTrainer Trainer() =>
        _ml.MulticlassClassification.Trainers.SpatialTransformer(new SpatialTransformerTrainer.Options { Epochs = 2, BatchSize = 16, ImageChannels = 1, NumberOfThreads = 1, Seed = 4 });

    private ImageWarpingEstimator Estimator(int seed) => _ml.Transforms.WarpImages("Image", Ranges, seed: seed);

    private IDataView Training(int seed, WarpRow[]? rows = null)
    {
        var view = _ml.Data.LoadFromEnumerable(rows ?? WarpRow.Make(6, 8, 8));
        return Estimator(seed).Fit(view).Transform(view);
    }

    /// <summary>Reads the images for two epochs, as a trainer does.</summary>
    private sealed class Spy : IEstimator<ITransformer>
    {
        public IDataView? Input { get; private set; }

        public List<byte[]?[]> Epochs { get; } = [];

        public ITransformer Fit(IDataView input)
        {
            Input = input;
            Epochs.Add(WarpRow.Pixels(input));
            Epochs.Add(WarpRow.Pixels(input));
            return new TransformerChain<ITransformer>();
        }

        public SchemaShape GetOutputSchema(SchemaShape inputSchema) => inputSchema;
    }

    private sealed class NumberRow
    {
        public int Index { get; set; }
    }

    private sealed class ImageRow
    {
        [Transforms.Image.ImageType]
        public MLImage? Image { get; set; }
    }

    private sealed class ScoreRow
    {
        public float[] Score { get; set; } = [];
    }
}
