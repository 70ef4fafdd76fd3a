using Microsoft.ML.Spatial.Components;

namespace Microsoft.ML.Spatial.Tests.Components;

/// <summary>Detectors of images of many sizes, and images changed at random.</summary>
[TestClass]
public sealed class DetectorSizesTests
{
    private const int Side = 48;
    private readonly MLContext _ml = new(1);

    [TestMethod]
    public void ImagesOfAnySizeArePaddedAndObjectsFoundWhereTheyAre()
    {
        var options = Options(epochs: 16);
        Assert.AreEqual(ImageResizing.Pad, options.Resizing);
        using var model = _ml.MulticlassClassification.Trainers.DeformableDetector(options).Fit(Scenes.Keyed(_ml, Scenes.Pictures(200, seed: 3)));
        var rows = Scenes.Pictures(60, seed: 77);
        Assert.IsGreaterThan(30, rows.Select(row => (row.Image.Width, row.Image.Height)).Distinct().Count());
        var found = Scenes.Found(model.Transform(Scenes.Keyed(_ml, rows)));

        var (objects, near) = (0, 0);
        for (var row = 0; row < rows.Length; row++)
        {
            var boxes = found[row].PredictedBoundingBoxes;
            for (var side = 0; side < boxes.Length; side++)
                Assert.IsTrue(boxes[side] >= 0 && boxes[side] <= (side % 2 == 0 ? rows[row].Image.Width : rows[row].Image.Height), $"row {row}: {boxes[side]}");
            for (var i = 0; i < rows[row].Names.Length; i++)
            {
                objects++;
                var label = rows[row].Names[i] == "frame" ? 1u : 2u;
                near += Enumerable.Range(0, found[row].Score.Length).Any(k => found[row].Score[k] > 0.3 && found[row].PredictedLabel[k] == label
                    && Scenes.IoU(boxes.AsSpan(4 * k, 4), rows[row].BoundingBoxes.AsSpan(4 * i, 4)) > 0.5) ? 1 : 0;
            }
        }

        Assert.IsGreaterThan(0.75 * objects, near, $"{near} of {objects}");
    }

    [TestMethod]
    public void TheValidationOfPaddedImagesIsTheEvaluationOfTheirScores()
    {
        var validation = Scenes.Keyed(_ml, Scenes.Pictures(40, seed: 9));
        using var model = _ml.MulticlassClassification.Trainers.DeformableDetector(Options(epochs: 8)).Fit(Scenes.Keyed(_ml, Scenes.Pictures(80, seed: 3)), validation);

        var best = model.Epochs.Last(epoch => epoch.IsBest).ValidationAveragePrecision!.Value;
        Assert.IsGreaterThan(0.05, best);
        Assert.AreEqual(best, _ml.MulticlassClassification.EvaluateDetections(model.Transform(validation)).AveragePrecision, 1e-9);
    }

    [TestMethod]
    public void ASavedModelPadsToo()
    {
        var view = Scenes.Keyed(_ml, Scenes.Pictures(20, seed: 3));
        var options = Options(epochs: 2);
        options.SoftNmsSigma = 0.5;
        using var model = _ml.MulticlassClassification.Trainers.DeformableDetector(options).Fit(view);
        using var folder = new Data.TemporaryFolder();
        _ml.Model.SaveModel(model, view.Schema, folder.Path("model.zip"));
        using var loaded = (DeformableDetectorTransformer)new MLContext(2).Model.Load(folder.Path("model.zip"), out _);

        var (before, after) = (Scenes.Found(model.Transform(view)), Scenes.Found(loaded.Transform(view)));
        Assert.IsTrue(before.Any(row => row.Score.Length > 0));
        for (var row = 0; row < before.Length; row++)
        {
            CollectionAssert.AreEqual(before[row].Score, after[row].Score);
            CollectionAssert.AreEqual(before[row].PredictedBoundingBoxes, after[row].PredictedBoundingBoxes);
        }
    }

    [TestMethod]
    public void AFileWithoutSoftSuppressionIsOneThatSuppressesOutright()
    {
        var view = Scenes.View(_ml, 20);
        using var model = _ml.MulticlassClassification.Trainers.DeformableDetector(Scenes.Options()).Fit(view);
        using var folder = new Data.TemporaryFolder();
        var file = folder.Path("model.zip");
        _ml.Model.SaveModel(model, view.Schema, file);
        ModelArchive.ReplaceHeader(file, "Detector.bin", "\"SoftNmsSigma\":null,", "");
        using (var loaded = (DeformableDetectorTransformer)_ml.Model.Load(file, out _))
            CollectionAssert.AreEqual(Scenes.Found(model.Transform(view)).SelectMany(row => row.Score).ToArray(), Scenes.Found(loaded.Transform(view)).SelectMany(row => row.Score).ToArray());

        ModelArchive.ReplaceHeader(file, "Detector.bin", "\"MostDetections\":100,", "\"MostDetections\":100,\"SoftNmsSigma\":-1,");
        Assert.Contains("SoftNmsSigma is -1", Assert.Throws<Exception>(() => _ml.Model.Load(file, out _)).ToString());
    }

    [TestMethod]
    public void SoftSuppressionKeepsWhatTheHardOneDrops()
    {
        var view = Scenes.View(_ml, 40);
        FoundObjects[] Fitted(double? sigma)
        {
            var options = Scenes.Options(epochs: 4);
            (options.SoftNmsSigma, options.ScoreThreshold) = (sigma, 0);
            using var model = _ml.MulticlassClassification.Trainers.DeformableDetector(options).Fit(view);
            return Scenes.Found(model.Transform(view));
        }

        var (hard, soft) = (Fitted(null), Fitted(0.5));

        Assert.IsGreaterThan(hard.Sum(row => row.Score.Length), soft.Sum(row => row.Score.Length));
        for (var row = 0; row < hard.Length; row++)
        {
            // The surest is the same, and the others come by what is left of their scores.
            if (hard[row].Score.Length > 0)
                Assert.AreEqual(hard[row].Score[0], soft[row].Score[0], 1e-6f);
            Assert.IsTrue(soft[row].Score.Zip(soft[row].Score.Skip(1)).All(pair => pair.First >= pair.Second));
            Assert.IsTrue(soft[row].Score.All(score => score > 0));
        }
    }

    [TestMethod]
    public void ASpatialTransformerPadsToo()
    {
        var rows = Enumerable.Range(0, 40).Select(i => new ScenePictureRow
        {
            Image = Shapes.Picture([.. Enumerable.Range(0, 20 * 30).Select(p => (i % 2 == 0) == (p % 30 < 15) ? 0.9f : 0.1f)], i % 4 < 2 ? 20 : 30, i % 4 < 2 ? 30 : 20),
            Names = [i % 2 == 0 ? "left" : "right"],
        }).Select(row => new NamedPicture { Image = row.Image, Name = row.Names[0] }).ToArray();
        var view = _ml.Data.LoadFromEnumerable(rows);
        var keyed = _ml.Transforms.Conversion.MapValueToKey("Label", "Name").Fit(view).Transform(view);
        var options = new SpatialTransformerTrainer.Options { Epochs = 2, BatchSize = 8, ImageHeight = 16, ImageWidth = 16, ImageChannels = 1, Resizing = ImageResizing.Pad };
        using var model = _ml.MulticlassClassification.Trainers.SpatialTransformer(options).Fit(keyed);
        var padded = Shapes.Vectors(model.Transform(view), "Score");
        options.Resizing = ImageResizing.Resize;
        using var resizing = _ml.MulticlassClassification.Trainers.SpatialTransformer(options).Fit(keyed);

        Assert.HasCount(40, padded);
        Assert.IsTrue(padded.All(score => score.All(float.IsFinite)));
        CollectionAssert.AreNotEqual(padded[0], Shapes.Vectors(resizing.Transform(view), "Score")[0]);
    }

    [TestMethod]
    public void ImagesChangedAtRandomAreLearntFromAndOneSeedDecidesHow()
    {
        var view = Scenes.View(_ml, 120);
        var options = Scenes.Options(epochs: 12, deformableLayers: 0);
        (options.ScaleJitter, options.Brightness, options.Contrast, options.Saturation, options.NumberOfThreads) = (new(0.7, 1.4), 0.3, 0.3, 0.3, 1);
        using var model = _ml.MulticlassClassification.Trainers.DeformableDetector(options).Fit(view);
        Assert.IsGreaterThan(0.6, _ml.MulticlassClassification.EvaluateDetections(model.Transform(view)).AveragePrecision50);

        options.Epochs = 2;
        float[] Scores()
        {
            using var again = _ml.MulticlassClassification.Trainers.DeformableDetector(options).Fit(view);
            return [.. Scenes.Found(again.Transform(view)).SelectMany(row => row.Score)];
        }

        var first = Scores();
        CollectionAssert.AreEqual(first, Scores());
        options.ScaleJitter = new(1, 1);
        CollectionAssert.AreNotEqual(first, Scores());
    }

    [TestMethod]
    public void AResumedTrainingChangesImagesAsTheUninterruptedDoes()
    {
        using var folder = new Data.TemporaryFolder();
        using var cancellation = new CancellationTokenSource();
        var view = Scenes.Keyed(_ml, Scenes.Pictures(24, seed: 3));
        float[] Scores(Action<DeformableDetectorTrainer.Options> set)
        {
            var options = Options(epochs: 4);
            (options.ScaleJitter, options.Brightness, options.Contrast, options.NumberOfThreads) = (new(0.7, 1.4), 0.3, 0.3, 1);
            set(options);
            using var model = _ml.MulticlassClassification.Trainers.DeformableDetector(options).Fit(view);
            return [.. Scenes.Found(model.Transform(view)).SelectMany(row => row.Score)];
        }

        var uninterrupted = Scores(_ => { });
        var interrupted = Scores(options =>
        {
            (options.CheckpointFolder, options.CancellationToken) = (folder.Root, cancellation.Token);
            options.EpochCompleted = epoch =>
            {
                if (epoch.Epoch == 2)
                    cancellation.Cancel();
            };
        });

        CollectionAssert.AreNotEqual(uninterrupted, interrupted);
        CollectionAssert.AreEqual(uninterrupted, Scores(options => options.CheckpointFolder = folder.Root));
    }

    private static DeformableDetectorTrainer.Options Options(int epochs)
    {
        var options = Scenes.Options(epochs, deformableLayers: 0);
        (options.ImageHeight, options.ImageWidth) = (Side, Side);
        return options;
    }

    private sealed class NamedPicture : ScenePictureRow
    {
        public string Name { get; set; } = "";
    }
}
