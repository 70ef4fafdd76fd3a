using Microsoft.ML.Data;
using Microsoft.ML.Spatial.Components;
using Microsoft.ML.Spatial.FreshProcess;
using Microsoft.ML.Spatial.Modules;

namespace Microsoft.ML.Spatial.Tests.Components;

[TestClass]
public sealed class PipelineTests
{
    private readonly MLContext _ml = new(3);

    [TestMethod]
    public void StandsInAChainWithACacheASplitAndAnEvaluator()
    {
        var options = Shapes.Options();
        options.Epochs = 10;
        var split = _ml.Data.TrainTestSplit(Shapes.View(_ml, 300), testFraction: 0.3);
        var pipeline = _ml.Transforms.Conversion.MapValueToKey("Label", "Name")
            .AppendCacheCheckpoint(_ml)
            .Append(_ml.MulticlassClassification.Trainers.SpatialTransformer(options))
            .Append(_ml.Transforms.Conversion.MapKeyToValue("PredictedName", "PredictedLabel"));
        using var model = pipeline.Fit(split.TrainSet);
        var scored = model.Transform(split.TestSet);
        var metrics = _ml.MulticlassClassification.Evaluate(scored);
        Assert.IsGreaterThan(0.85, metrics.MicroAccuracy);
        StringAssert.Contains(metrics.ConfusionMatrix.GetFormattedConfusionTable(), "horizontal");
        var right = scored.GetColumn<string>("Name").Zip(scored.GetColumn<string>("PredictedName")).Count(pair => pair.First == pair.Second);
        Assert.AreEqual(metrics.MicroAccuracy, right / (double)scored.GetColumn<string>("Name").Count(), 1e-9);
    }

    [TestMethod]
    public void CrossValidates()
    {
        var pipeline = _ml.Transforms.Conversion.MapValueToKey("Label", "Name")
            .Append((IEstimator<ITransformer>)_ml.MulticlassClassification.Trainers.SpatialTransformer(Shapes.Options()));
        var folds = _ml.MulticlassClassification.CrossValidate(Shapes.View(_ml, 90), pipeline, numberOfFolds: 3);
        Assert.HasCount(3, folds);
        foreach (var fold in folds)
        {
            Assert.IsTrue(double.IsFinite(fold.Metrics.LogLoss));
            Assert.AreEqual(3, fold.Metrics.ConfusionMatrix.NumberOfClasses);
            (fold.Model as IDisposable)?.Dispose();
        }
    }

    [TestMethod]
    public void ScoresAViewWithoutLabels()
    {
        using var model = _ml.MulticlassClassification.Trainers.SpatialTransformer(Shapes.Options()).Fit(Shapes.Keyed(_ml, 30));
        var bare = _ml.Data.LoadFromEnumerable(ShapeRows.Make(5, 1).Select(row => new BareRow { Image = row.Image }).ToArray());
        Assert.HasCount(5, Shapes.Vectors(model.Transform(bare), "Score"));
    }

    [TestMethod]
    public void AnotherTrainerUsesTheRectifiedImage()
    {
        var options = Shapes.EstimatorOptions();
        options.Epochs = 6;
        var classifier = Shapes.Options();
        classifier.ImageColumnName = "Rectified";
        classifier.ImageHeight = options.RectifiedHeight;
        classifier.ImageWidth = options.RectifiedWidth;
        classifier.Architecture = SpatialArchitecture.Fcn;
        classifier.Epochs = 15;
        var pipeline = _ml.Transforms.Conversion.MapValueToKey("Label", "Name")
            .Append(_ml.Transforms.SpatialTransformer(options))
            .AppendCacheCheckpoint(_ml)
            .Append(_ml.MulticlassClassification.Trainers.SpatialTransformer(classifier));
        using var model = pipeline.Fit(Shapes.View(_ml, 240));
        Assert.IsGreaterThan(0.8, _ml.MulticlassClassification.Evaluate(model.Transform(Shapes.View(_ml, 90, seed: 77))).MicroAccuracy);
    }

    [TestMethod]
    public void RectifiedImagesComeAsPicturesThatBelongToTheirTaker()
    {
        var keyed = Shapes.Keyed(_ml, 40);
        using var model = _ml.Transforms.SpatialTransformer(Shapes.EstimatorOptions(RectifiedOutputKind.Image)).Fit(keyed);
        var vectors = new SpatialTransformerRectifier(_ml, new SpatialTransformerModel(model.Model.Settings with { RectifiedKind = RectifiedOutputKind.Vector }, model.Model.Network, TorchSharp.torch.CPU));
        var expected = Shapes.Vectors(vectors.Transform(keyed), "Rectified");
        var scored = model.Transform(keyed);
        using var cursor = scored.GetRowCursor([scored.Schema["Rectified"]]);
        var getter = cursor.GetGetter<MLImage>(scored.Schema["Rectified"]);
        MLImage? held = null;
        for (var row = 0; cursor.MoveNext(); row++)
        {
            MLImage? taken = null;
            getter(ref taken!);
            getter(ref held!);
            using (taken)
            {
                Assert.AreEqual(8, taken.Height);
                Assert.AreEqual(10, taken.Width);
                Assert.AreEqual(255, taken.Pixels[3]);
                Assert.AreEqual(expected[row][17] * 255, taken.Pixels[(17 * 4) + 1], 0.51f);
                CollectionAssert.AreEqual(held!.Pixels.ToArray(), taken.Pixels.ToArray());
            }
        }

        held!.Dispose();
    }

    [TestMethod]
    public void PicturesTrainAsTheirPixelsDo()
    {
        var rows = PictureRow.Make(60, 3);
        var view = _ml.Data.LoadFromEnumerable(rows);
        var keyed = _ml.Transforms.Conversion.MapValueToKey("Label", "Name").Fit(view).Transform(view);
        var options = Shapes.Options();
        options.Seed = 4;
        options.ImageChannels = 1;
        using var fromPictures = _ml.MulticlassClassification.Trainers.SpatialTransformer(options).Fit(keyed);

        var vectors = _ml.Data.LoadFromEnumerable(rows.Select(row => new ShapeRow { Name = row.Name, Image = Pixels(row.Image) }).ToArray());
        var keyedVectors = _ml.Transforms.Conversion.MapValueToKey("Label", "Name").Fit(vectors).Transform(vectors);
        using var fromVectors = _ml.MulticlassClassification.Trainers.SpatialTransformer(options).Fit(keyedVectors);
        Assert.AreEqual(StandardFit.WeightHash(fromVectors), StandardFit.WeightHash(fromPictures));

        static float[] Pixels(MLImage image)
        {
            var pixels = image.Pixels.ToArray();
            return Enumerable.Range(0, Shapes.Side * Shapes.Side).Select(i => pixels[4 * i] / 255f).ToArray();
        }
    }

    [TestMethod]
    public void PicturesFromFilesThroughAResizerTrainAndScore()
    {
        var folder = Directory.CreateTempSubdirectory("spatial-pictures-").FullName;
        try
        {
            var rows = PictureRow.Make(24, 3);
            for (var i = 0; i < rows.Length; i++)
            {
                rows[i].Image.Save(Path.Combine(folder, $"{i}.png"));
            }

            var view = _ml.Data.LoadFromEnumerable(rows.Select((row, i) => new FileRow { Name = row.Name, File = $"{i}.png" }).ToArray());
            var pipeline = _ml.Transforms.Conversion.MapValueToKey("Label", "Name")
                .Append(_ml.Transforms.LoadImages("File image", folder, "File"))
                .Append(_ml.Transforms.ResizeImages("Image", Shapes.Side, Shapes.Side, "File image"))
                .Append(_ml.MulticlassClassification.Trainers.SpatialTransformer(epochs: 2, batchSize: 8));
            using var model = pipeline.Fit(view);
            Assert.HasCount(2, model.LastTransformer.Epochs);
            Assert.HasCount(24, Shapes.Vectors(model.Transform(view), "Score"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [TestMethod]
    public void PicturesPassedOnAreCopiesThatTheTakerMayDispose()
    {
        var view = _ml.Data.LoadFromEnumerable(PictureRow.Make(40, 3));
        var keyed = _ml.Transforms.Conversion.MapValueToKey("Label", "Name").Fit(view).Transform(view);
        using var model = _ml.MulticlassClassification.Trainers.SpatialTransformer(epochs: 1).Fit(keyed);
        var scored = model.Transform(keyed);
        using var cursor = scored.GetRowCursor([scored.Schema["Image"], scored.Schema["Score"], scored.Schema["Index"]]);
        var image = cursor.GetGetter<MLImage>(scored.Schema["Image"]);
        var index = cursor.GetGetter<int>(scored.Schema["Index"]);
        var reference = PictureRow.Make(40, 3);
        while (cursor.MoveNext())
        {
            var at = 0;
            index(ref at);
            for (var twice = 0; twice < 2; twice++)
            {
                MLImage? taken = null;
                image(ref taken!);
                using (taken)
                {
                    CollectionAssert.AreEqual(reference[at].Image.Pixels.ToArray(), taken.Pixels.ToArray());
                }
            }
        }
    }

    private sealed class FileRow
    {
        public string Name { get; set; } = "";

        public string File { get; set; } = "";
    }

    private sealed class BareRow
    {
        [VectorType(ShapeRows.Side * ShapeRows.Side)]
        public float[] Image { get; set; } = [];
    }
}
