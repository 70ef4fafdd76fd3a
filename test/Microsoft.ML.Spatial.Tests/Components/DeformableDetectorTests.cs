using Microsoft.ML.Data;
using Microsoft.ML.Spatial.Components;
using Microsoft.ML.Transforms.Image;

namespace Microsoft.ML.Spatial.Tests.Components;

[TestClass]
public sealed class DeformableDetectorTests
{
    private readonly MLContext _ml = new(1);

    [TestMethod]
    [DataRow(0)]
    [DataRow(2)]
    [DataRow(6)]
    public void FindsObjects(int deformableLayers)
    {
        using var model = _ml.MulticlassClassification.Trainers.DeformableDetector(Scenes.Options(epochs: 16, deformableLayers)).Fit(Scenes.View(_ml, 240));
        var rows = Scenes.Make(60, seed: 77);
        var found = Scenes.Found(model.Transform(Scenes.Keyed(_ml, rows)));

        var (objects, right, wrong) = (0, 0, 0);
        for (var row = 0; row < rows.Length; row++)
        {
            var sure = Enumerable.Range(0, found[row].Score.Length).Where(i => found[row].Score[i] > 0.4).ToArray();
            for (var i = 0; i < rows[row].Names.Length; i++)
            {
                objects++;
                var label = rows[row].Names[i] == "frame" ? 1u : 2u;
                if (sure.Any(k => found[row].PredictedLabel[k] == label && Scenes.IoU(found[row].PredictedBoundingBoxes.AsSpan(4 * k, 4), rows[row].BoundingBoxes.AsSpan(4 * i, 4)) > 0.5))
                    right++;
            }

            wrong += Math.Max(0, sure.Length - rows[row].Names.Length);
        }

        Assert.IsGreaterThan(0.75 * objects, right, $"{right} of {objects}");
        Assert.IsLessThan(0.25 * objects, wrong, $"{wrong} too many where there are {objects}");
    }

    [TestMethod]
    public void ThePromisedSchemaIsTheDelivered()
    {
        var view = Scenes.View(_ml);
        var trainer = _ml.MulticlassClassification.Trainers.DeformableDetector(Scenes.Options(epochs: 1));
        SchemaAssert.PromisedIsDelivered(trainer, view);
        using var model = trainer.Fit(view);
        var schema = model.GetOutputSchema(view.Schema);

        var label = (VectorDataViewType)schema["PredictedLabel"].Type;
        Assert.IsFalse(label.IsKnownSize);
        Assert.AreEqual(2UL, ((KeyDataViewType)label.ItemType).Count);
        var names = default(VBuffer<ReadOnlyMemory<char>>);
        schema["PredictedLabel"].GetKeyValues(ref names);
        CollectionAssert.AreEqual(new[] { "frame", "square" }, names.DenseValues().Select(name => name.ToString()).ToArray());
        Assert.AreEqual(new VectorDataViewType(NumberDataViewType.Single), schema["PredictedBoundingBoxes"].Type);
        Assert.AreEqual(new VectorDataViewType(NumberDataViewType.Single), schema["Score"].Type);
    }

    [TestMethod]
    public void ALoadedModelFindsTheSame()
    {
        var view = Scenes.View(_ml, 30);
        using var model = _ml.MulticlassClassification.Trainers.DeformableDetector(Scenes.Options()).Fit(view);
        var folder = Directory.CreateTempSubdirectory("spatial-detector-");
        try
        {
            var file = Path.Combine(folder.FullName, "model.zip");
            _ml.Model.SaveModel(model, view.Schema, file);
            var loaded = new MLContext(2).Model.Load(file, out _);
            using var freed = (IDisposable)loaded;

            var (before, after) = (Scenes.Found(model.Transform(view)), Scenes.Found(loaded.Transform(view)));

            Assert.IsTrue(before.Any(row => row.Score.Length > 0));
            for (var row = 0; row < before.Length; row++)
            {
                CollectionAssert.AreEqual(before[row].Score, after[row].Score);
                CollectionAssert.AreEqual(before[row].PredictedBoundingBoxes, after[row].PredictedBoundingBoxes);
                CollectionAssert.AreEqual(before[row].PredictedLabel, after[row].PredictedLabel);
            }

            Assert.AreEqual(model.ParameterCount, ((DeformableDetectorTransformer)loaded).ParameterCount);
            Assert.AreEqual(model.NetworkSpec, ((DeformableDetectorTransformer)loaded).NetworkSpec);
            CollectionAssert.AreEqual(model.Epochs.ToArray(), ((DeformableDetectorTransformer)loaded).Epochs.ToArray());
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [TestMethod]
    public void OneSeedDecidesEverything()
    {
        var view = Scenes.View(_ml, 30);
        var options = Scenes.Options();
        options.NumberOfThreads = 1;
        FoundObjects[] Fitted()
        {
            using var model = _ml.MulticlassClassification.Trainers.DeformableDetector(options).Fit(view);
            return Scenes.Found(model.Transform(view));
        }

        var (first, second) = (Fitted(), Fitted());

        CollectionAssert.AreEqual(first.SelectMany(row => row.Score).ToArray(), second.SelectMany(row => row.Score).ToArray());
    }

    [TestMethod]
    public void BoxesAreInPixelsOfTheImageAsItCame()
    {
        var rows = Scenes.Make(120, seed: 3);
        var options = Scenes.Options(epochs: 12);
        using var model = _ml.MulticlassClassification.Trainers.DeformableDetector(options).Fit(Pictures(rows, scale: 3));
        var test = Scenes.Make(20, seed: 78);
        var found = Scenes.Found(model.Transform(Pictures(test, scale: 3)));

        var (objects, near) = (0, 0);
        for (var row = 0; row < test.Length; row++)
        {
            for (var i = 0; i < test[row].Names.Length; i++)
            {
                objects++;
                float[] box = [.. test[row].BoundingBoxes[(4 * i)..(4 * (i + 1))].Select(side => 3 * side)];
                near += Enumerable.Range(0, found[row].Score.Length).Any(k => Scenes.IoU(found[row].PredictedBoundingBoxes.AsSpan(4 * k, 4), box) > 0.5) ? 1 : 0;
            }
        }

        Assert.IsGreaterThan(0.8 * objects, near, $"{near} of {objects}");
    }

    [TestMethod]
    public void TheEpochOfTheBestAveragePrecisionIsKept()
    {
        var validation = Scenes.View(_ml, 40, seed: 9);
        using var model = _ml.MulticlassClassification.Trainers.DeformableDetector(Scenes.Options(epochs: 8)).Fit(Scenes.View(_ml, 80), validation);

        var best = model.Epochs.Max(epoch => epoch.ValidationAveragePrecision!.Value);
        Assert.IsGreaterThan(0.05, best);
        Assert.AreEqual(best, model.Epochs.Last(epoch => epoch.IsBest).ValidationAveragePrecision);
        Assert.AreEqual(best, _ml.MulticlassClassification.EvaluateDetections(model.Transform(validation)).AveragePrecision, 1e-9);
    }

    [TestMethod]
    public void CancellationKeepsWhatWasLearnt()
    {
        using var cancellation = new CancellationTokenSource();
        var options = Scenes.Options(epochs: 50);
        options.CancellationToken = cancellation.Token;
        options.EpochCompleted = epoch =>
        {
            if (epoch.Epoch == 2)
                cancellation.Cancel();
        };

        using var model = _ml.MulticlassClassification.Trainers.DeformableDetector(options).Fit(Scenes.View(_ml, 30));

        Assert.HasCount(2, model.Epochs);
    }

    [TestMethod]
    public void ValidationRowsAreMeasured()
    {
        var options = Scenes.Options();
        options.ValidationFraction = 0.3;
        using var heldOut = _ml.MulticlassClassification.Trainers.DeformableDetector(options).Fit(Scenes.View(_ml, 60));
        using var given = _ml.MulticlassClassification.Trainers.DeformableDetector(Scenes.Options()).Fit(Scenes.View(_ml, 30), Scenes.View(_ml, 20, seed: 9));

        Assert.IsTrue(heldOut.Epochs.All(epoch => epoch.ValidationLoss > 0 && epoch.ValidationAveragePrecision is >= 0 and <= 1));
        Assert.IsTrue(given.Epochs.All(epoch => epoch.ValidationLoss > 0 && epoch.ValidationAveragePrecision is >= 0 and <= 1));
    }

    [TestMethod]
    public void CrowdsAreNotLearntFrom()
    {
        CrowdRow[] rows = [new() { Names = ["square"], BoundingBoxes = [1, 1, 5, 5], IsCrowd = [true] }];

        var error = Assert.Throws<InvalidDataException>(() => Trainer(_ => { }).Fit(Scenes.Keyed(_ml, rows)));

        Assert.Contains("There is no object in column 'Label' of the 1 training rows", error.Message);
        rows[0].IsCrowd = [false];
        using var model = Trainer(options => options.Epochs = 1).Fit(Scenes.Keyed(_ml, rows));
        Assert.HasCount(1, model.Epochs);
    }

    [TestMethod]
    public void WrongColumnsAreNamed()
    {
        var view = Scenes.View(_ml, 10);

        var label = Assert.Throws<ArgumentOutOfRangeException>(() => Trainer(options => options.LabelColumnName = "Names").Fit(view));
        Assert.Contains("Label column 'Names' is of type variable-size Vector<String>; DeformableDetectorTrainer needs a vector of keys", label.Message);
        var boxes = Assert.Throws<ArgumentOutOfRangeException>(() => Trainer(options => options.BoundingBoxColumnName = "Names").Fit(view));
        Assert.Contains("Box column 'Names' is of type variable-size Vector<String>", boxes.Message);
        var missing = Assert.Throws<ArgumentOutOfRangeException>(() => Trainer(options => options.BoundingBoxColumnName = "Boxes").Fit(view));
        Assert.Contains("finds no box column 'Boxes'", missing.Message);
    }

    [TestMethod]
    public void WrongOptionsAreNamed()
    {
        void Refused(Action<DeformableDetectorTrainer.Options> set, string message) =>
            Assert.Contains(message, Assert.Throws<ArgumentOutOfRangeException>(() => Trainer(set)).Message);

        Refused(options => options.DeformableLayers = 7, "Option DeformableLayers is 7; it must be between 0 and 6.");
        Refused(options => options.Width = 30, "Option Width is 30; it must be a multiple of 4.");
        Refused(options => options.DeformGroups = 3, "Option DeformGroups is 3; it must be a divisor of a quarter of Width, 8.");
        Refused(options => options.ScoreThreshold = 1.5, "Option ScoreThreshold is 1.5; it must be in [0, 1].");
        Refused(options => options.ScaleJitter = new(2, 1), "Option ScaleJitter is (2, 1); it must be two numbers between 0.1 and 10, of which the first is not above the second.");
        Refused(options => options.ScaleJitter = new(0, 1), "Option ScaleJitter is (0, 1)");
        Refused(options => options.ScaleJitter = new(1, double.NaN), "Option ScaleJitter is (1, NaN)");
        Refused(options => options.Brightness = -0.1, "Option Brightness is -0.1; it must be a finite number of at least 0.");
        Refused(options => options.Contrast = double.NaN, "Option Contrast is NaN");
        Refused(options => options.Saturation = double.PositiveInfinity, "Option Saturation is Infinity");
        Refused(options => options.InvalidBoxes = (InvalidBoxes)9, "Option InvalidBoxes is 9; it must be one of Fail, Clip, Skip.");
        Refused(options => options.SoftNmsSigma = 0, "Option SoftNmsSigma is 0; it must be a finite number above 0, or null.");
        Refused(options => options.MostDetections = 0, "Option MostDetections is 0; it must be at least 1.");
        Refused(options => options.ImageHeight = 8, "Option ImageHeight is 8; it must be between 16 and 8192 pixels where Backbone is Compact.");
        Refused(options => options.GradientClip = 0, "Option GradientClip is 0; it must be a finite number above 0, or null.");
        Refused(options => options.EarlyStoppingMetric = Microsoft.ML.Spatial.Training.ValidationMetric.Accuracy, "Option EarlyStoppingMetric is Accuracy; it must be AveragePrecision or Loss.");
        Refused(options => options.ScoreColumnName = "Label", "Option ScoreColumnName is 'Label'; it must be another name than that of LabelColumnName.");
    }

    private DeformableDetectorTrainer Trainer(Action<DeformableDetectorTrainer.Options> set)
    {
        var options = Scenes.Options();
        set(options);
        return _ml.MulticlassClassification.Trainers.DeformableDetector(options);
    }

    /// <summary>The scenes as images, every pixel a square of pixels, which the detector reads at its own size.</summary>
    private IDataView Pictures(SceneRow[] rows, int scale)
    {
        var side = Scenes.Side * scale;
        var pictures = rows.Select(row => new ScenePicture
        {
            Image = Shapes.Picture([.. Enumerable.Range(0, side * side).Select(i => row.Image[(i / side / scale * Scenes.Side) + (i % side / scale)])], side, side),
            Names = row.Names,
            BoundingBoxes = [.. row.BoundingBoxes.Select(box => scale * box)],
        }).ToArray();
        var keys = _ml.Transforms.Conversion.MapValueToKey("Label", "Names").Fit(_ml.Data.LoadFromEnumerable([new SceneRow { Names = ["frame", "square"] }]));
        return keys.Transform(_ml.Data.LoadFromEnumerable(pictures));
    }

    private sealed class CrowdRow : SceneRow
    {
        public bool[] IsCrowd { get; set; } = [];
    }

    private sealed class ScenePicture
    {
        [ImageType(3 * Scenes.Side, 3 * Scenes.Side)]
        public MLImage Image { get; set; } = null!;

        public string[] Names { get; set; } = [];

        public float[] BoundingBoxes { get; set; } = [];
    }
}
