using Microsoft.ML.Data;
using Microsoft.ML.Spatial.Components;
using Microsoft.ML.Spatial.Data;
using Microsoft.ML.Spatial.Modules;
using Microsoft.ML.Spatial.Tests.Data;
using Microsoft.ML.Transforms.Image;

namespace Microsoft.ML.Spatial.Tests.Components;

/// <summary>What a detector cannot learn from: one clear error before it trains, or counted and told where an option says so.</summary>
[TestClass]
public sealed class DetectorBadInputTests
{
    private readonly MLContext _ml = new(1);
    private readonly List<string> _warnings = [];

    [TestInitialize]
    public void Listen() => _ml.Log += (_, message) =>
    {
        if (message.Kind == Runtime.ChannelMessageKind.Warning)
            _warnings.Add(message.RawMessage);
    };

    [TestMethod]
    [DataRow("count", "Box column 'BoundingBoxes', row 1: the vector holds 5 values, but column 'Label' holds 1 labels, for which 4 are needed")]
    [DataRow("nan", "Box column 'BoundingBoxes', row 1: box 0 (1, NaN, 5, 5) is no box: its numbers must be finite")]
    [DataRow("infinite", "Box column 'BoundingBoxes', row 1: box 0 (1, 1, Infinity, 5) is no box: its numbers must be finite")]
    [DataRow("empty", "Box column 'BoundingBoxes', row 1: box 0 (5, 1, 5, 5) is 0 wide and 4 high; both must be above 0. Mend it, or set option InvalidBoxes to Clip or Skip.")]
    [DataRow("negative", "Box column 'BoundingBoxes', row 1: box 0 (5, 1, 3, 5) is -2 wide and 4 high; both must be above 0")]
    [DataRow("name", "Label column 'Label', row 1: label 0 is missing")]
    [DataRow("right", "Box column 'BoundingBoxes', row 1: box 0 (1, 1, 32.5, 5) reaches outside the image, which is 32 wide and 32 high. Mend it, or set option InvalidBoxes to Clip or Skip.")]
    [DataRow("above", "Box column 'BoundingBoxes', row 1: box 0 (1, -1, 5, 5) reaches outside the image")]
    [DataRow("image", "Image column 'Image', row 1: the value at channel 0, row 1, column 3 is NaN. Mend or remove the row, or set option InvalidImages to Skip.")]
    [DataRow("none", "There is no object in column 'Label' of the 2 training rows (0 are held out for validation, the images of 0 cannot be used, 0 objects are left out for their boxes)")]
    public void WhatIsWrongIsNamedBeforeTraining(string what, string message)
    {
        var (row, wrong) = (Good(), Wrong(what));
        var view = new WatchedView(Scenes.Keyed<SceneRow>(_ml, what == "none" ? [wrong, wrong] : [row, wrong, row]));
        var error = Assert.Throws<InvalidDataException>(() => Trainer(_ => { }).Fit(view));
        Assert.Contains(message, error.Message);
        Assert.HasCount(1, view.Cursors, "No row was read to be learnt from.");

        if (what != "none")
        {
            var validation = Scenes.Keyed(_ml, [row, wrong, row]);
            Assert.Contains(message, Assert.Throws<InvalidDataException>(() => Trainer(_ => { }).Fit(Scenes.Keyed(_ml, [row]), validation)).Message);
            Assert.Contains(message, Assert.Throws<InvalidDataException>(() => Trainer(options => options.ValidationSet = validation).Fit(Scenes.Keyed(_ml, [row]))).Message);
        }
    }

    [TestMethod]
    [DataRow("nan")]
    [DataRow("count")]
    [DataRow("name")]
    public void SomeThingsNoOptionLeavesOut(string what) => Assert.Throws<InvalidDataException>(() => Trainer(options => options.InvalidBoxes = InvalidBoxes.Skip).Fit(Scenes.Keyed(_ml, [Good(), Wrong(what)])));

    [TestMethod]
    public void LabelsBeyondTheKeysCount()
    {
        KeyedRow[] rows = [new() { Label = [1], BoundingBoxes = [1, 1, 5, 5] }, new() { Label = [2, 3], BoundingBoxes = [1, 1, 5, 5, 2, 2, 6, 6] }];
        var error = Assert.Throws<InvalidDataException>(() => Trainer(_ => { }).Fit(_ml.Data.LoadFromEnumerable(rows)));
        Assert.Contains("Label column 'Label', row 1: label 1 is 3, which lies beyond the 2 values of the key", error.Message);
    }

    [TestMethod]
    public void BoxesAreClippedOrLeftOutAndCounted()
    {
        SceneRow[] rows = [Good(), Wrong("right"), Wrong("above"), Wrong("empty"), Wrong("negative"), new() { Names = ["square"], BoundingBoxes = [40, 1, 50, 5] }];
        var view = Scenes.Keyed(_ml, rows);
        using var clipped = Trainer(options => options.InvalidBoxes = InvalidBoxes.Clip).Fit(view, view);
        CollectionAssert.AreEqual(
            new[]
            {
                "Of the training rows, 2 boxes reached outside their images and were clipped; 3 objects were left out for their boxes.",
                "Of the validation rows, 2 boxes reached outside their images and were clipped; 3 objects were left out for their boxes.",
            },
            _warnings.Where(warning => warning.StartsWith("Of the", StringComparison.Ordinal)).ToArray());
        _warnings.Clear();
        using var skipped = Trainer(options => options.InvalidBoxes = InvalidBoxes.Skip).Fit(view);
        CollectionAssert.AreEqual(new[] { "Of the training rows, 0 boxes reached outside their images and were clipped; 5 objects were left out for their boxes." }, _warnings);
        Assert.HasCount(2, skipped.Epochs);

        // Where no object is left there is nothing to learn.
        var error = Assert.Throws<InvalidDataException>(() => Trainer(options => options.InvalidBoxes = InvalidBoxes.Skip).Fit(Scenes.Keyed(_ml, [Wrong("right")])));
        Assert.Contains("of the 1 training rows (0 are held out for validation, the images of 0 cannot be used, 1 objects are left out for their boxes)", error.Message);
    }

    [TestMethod]
    public void AHundredthOfAPixelOutsideIsRounding()
    {
        using var model = Trainer(_ => { }).Fit(Scenes.Keyed(_ml, [new SceneRow { Names = ["square"], BoundingBoxes = [-0.01f, 1, 32.01f, 5] }]));
        Assert.IsEmpty(_warnings);
    }

    [TestMethod]
    public void ACrowdsBoxMayBeAnything()
    {
        CrowdRow[] rows = [new() { Names = ["square", "frame"], BoundingBoxes = [1, 1, 50, 5, 2, 2, 60, 6], IsCrowd = [true, false] }];
        var error = Assert.Throws<InvalidDataException>(() => Trainer(_ => { }).Fit(Scenes.Keyed(_ml, rows)));
        Assert.Contains("row 0: box 1 (2, 2, 60, 6) reaches outside", error.Message);
        rows[0].BoundingBoxes[6] = 20;
        using var model = Trainer(_ => { }).Fit(Scenes.Keyed(_ml, rows));
        Assert.HasCount(2, model.Epochs);
    }

    [TestMethod]
    public void ImagesThatCannotBeDecoded()
    {
        using var folder = new TemporaryFolder();
        for (var i = 0; i < 12; i++)
            folder.WriteImage($"{i}.png", 40, 30);
        folder.Write("7.png", "this is no picture");
        var view = Files(folder, [.. Enumerable.Range(0, 12)]);

        var watched = new WatchedView(view);
        var error = Assert.Throws<InvalidDataException>(() => Trainer(Small).Fit(watched));
        Assert.Contains("Image column 'Image', row 7: ", error.Message);
        Assert.Contains("set option InvalidImages to Skip", error.Message);
        Assert.HasCount(1, watched.Cursors);

        void Skipping(DeformableDetectorTrainer.Options options)
        {
            Small(options);
            (options.InvalidImages, options.BatchSize) = (InvalidImages.Skip, 11);
        }

        using var model = Trainer(Skipping).Fit(view, Files(folder, [3, 7, 8]));
        Assert.Contains("1 training rows are left out because their image could not be used.", _warnings);
        Assert.Contains("1 validation rows are left out because their image could not be used.", _warnings);
        Assert.IsTrue(model.Epochs.All(epoch => epoch.SkippedImages == 1));
        Assert.Contains(
            "There is no object in column 'Label' of the 0 training rows (0 are held out for validation, the images of 2 cannot be used",
            Assert.Throws<InvalidDataException>(() => Trainer(Skipping).Fit(Files(folder, [7, 7]))).Message);

        static void Small(DeformableDetectorTrainer.Options options) => options.Epochs = 1;
    }

    [TestMethod]
    public void ImagesOfAnotherSizeWhereThatIsRefused()
    {
        using var folder = new TemporaryFolder();
        folder.WriteImage("0.png", 32, 32);
        folder.WriteImage("1.png", 40, 30);
        var error = Assert.Throws<InvalidDataException>(() => Trainer(options => options.Resizing = ImageResizing.Refuse).Fit(Files(folder, [0, 1])));
        Assert.Contains("Image column 'Image', row 1: the image is 30 high and 40 wide where 32 and 32 are needed and option Resizing is Refuse", error.Message);
    }

    [TestMethod]
    public void NoRowHeldOut()
    {
        var error = Assert.Throws<InvalidDataException>(() => Trainer(options => options.ValidationFraction = 1e-9).Fit(Scenes.View(_ml, 10)));
        Assert.Contains("Option ValidationFraction is 1E-09, but of 10 rows none is held out", error.Message);
    }

    [TestMethod]
    public void NoObjectInTheRowsHeldOut()
    {
        // One of the two kinds of rows has no object, whichever are held out.
        var held = new HeldOutRows(0.5, Scenes.Options().Seed!.Value);
        var rows = Enumerable.Range(0, 10).Select(row => held.Contains(new DataViewRowId((ulong)row, 0)) ? new SceneRow() : Good()).ToArray();
        var count = rows.Count(row => row.Names.Length == 0);
        var error = Assert.Throws<InvalidDataException>(() => Trainer(options => options.ValidationFraction = 0.5).Fit(Scenes.Keyed(_ml, rows)));
        Assert.Contains($"There is no object in column 'Label' of the {count} training rows that are held out for validation: raise option ValidationFraction, or give a ValidationSet.", error.Message);
    }

    [TestMethod]
    public void WeightsThatDoNotFitAreFoundBeforeAnyRowIsRead()
    {
        using var folder = new TemporaryFolder();
        folder.Write("resnet18.safetensors", "these are no weights");
        folder.WriteImage("0.png", 64, 64);
        var view = new WatchedView(Files(folder, [0]));
        var error = Assert.Throws<FormatException>(() => Trainer(options =>
        {
            (options.Backbone, options.BackboneWeights) = (BackboneKind.ResNet18, folder.Path("resnet18.safetensors"));
            options.ImageHeight = options.ImageWidth = 64;
        }).Fit(view));
        Assert.Contains("resnet18.safetensors", error.Message);
        Assert.IsEmpty(view.Cursors);
    }

    [TestMethod]
    public void TheLookAtTheRowsCanBeCancelled()
    {
        using var cancellation = new CancellationTokenSource();
        var view = new WatchedView(Scenes.Keyed(_ml, Enumerable.Range(0, 30).Select(i => i == 20 ? Wrong("right") : Good())));
        view.Moved = (_, position) =>
        {
            if (position == 10)
                cancellation.Cancel();
        };
        using var model = Trainer(options => options.CancellationToken = cancellation.Token).Fit(view);
        Assert.IsEmpty(model.Epochs);
    }

    private static SceneRow Good() => new() { Names = ["square"], BoundingBoxes = [1, 1, 5, 5] };

    private static SceneRow Wrong(string what)
    {
        if (what == "image")
        {
            var row = Good();
            row.Image[Scenes.Side + 3] = float.NaN;
            return row;
        }

        return what switch
        {
            "count" => new SceneRow { Names = ["square"], BoundingBoxes = [1, 1, 5, 5, 6] },
            "nan" => new SceneRow { Names = ["square"], BoundingBoxes = [1, float.NaN, 5, 5] },
            "infinite" => new SceneRow { Names = ["square"], BoundingBoxes = [1, 1, float.PositiveInfinity, 5] },
            "empty" => new SceneRow { Names = ["square"], BoundingBoxes = [5, 1, 5, 5] },
            "negative" => new SceneRow { Names = ["square"], BoundingBoxes = [5, 1, 3, 5] },
            "name" => new SceneRow { Names = ["circle"], BoundingBoxes = [1, 1, 5, 5] },
            "right" => new SceneRow { Names = ["square"], BoundingBoxes = [1, 1, 32.5f, 5] },
            "above" => new SceneRow { Names = ["square"], BoundingBoxes = [1, -1, 5, 5] },
            _ => new SceneRow(),
        };
    }

    private DeformableDetectorTrainer Trainer(Action<DeformableDetectorTrainer.Options> set)
    {
        var options = Scenes.Options(deformableLayers: 0);
        options.EpochCompleted = null;
        set(options);
        return _ml.MulticlassClassification.Trainers.DeformableDetector(options);
    }

    private IDataView Files(TemporaryFolder folder, int[] numbers)
    {
        var rows = numbers.Select(i => new FileRow { File = $"{i}.png", Names = ["square"], BoundingBoxes = [1, 1, 20, 20] }).ToArray();
        var view = Scenes.Keyed(_ml, rows);
        return _ml.Transforms.LoadImages("Image", folder.Root, "File").Fit(view).Transform(view);
    }

    private sealed class KeyedRow
    {
        [VectorType(1, Scenes.Side, Scenes.Side)]
        public float[] Image { get; set; } = new float[Scenes.Side * Scenes.Side];

        [KeyType(2)]
        public uint[] Label { get; set; } = [];

        public float[] BoundingBoxes { get; set; } = [];
    }

    private sealed class CrowdRow : SceneRow
    {
        public bool[] IsCrowd { get; set; } = [];
    }

    private sealed class FileRow
    {
        public string File { get; set; } = "";

        public string[] Names { get; set; } = [];

        public float[] BoundingBoxes { get; set; } = [];
    }
}
