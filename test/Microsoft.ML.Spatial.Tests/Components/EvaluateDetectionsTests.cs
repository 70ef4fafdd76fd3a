using Microsoft.ML.Data;
using Microsoft.ML.Spatial.Evaluation;

namespace Microsoft.ML.Spatial.Tests.Components;

[TestClass]
public sealed class EvaluateDetectionsTests
{
    private readonly MLContext _ml = new(1);

    [TestMethod]
    public void ReadsTheColumnsOfEachRow()
    {
        var metrics = Evaluate(
            Row(),
            new DetectionRow { PredictedLabel = [3], PredictedBoundingBoxes = [0, 0, 4, 4], Score = [0.1f] },
            new DetectionRow());
        Assert.AreEqual(3, metrics.Images);
        CollectionAssert.AreEqual(new[] { "1", "2", "3" }, metrics.Classes.Select(c => c.Name).ToArray());
        CollectionAssert.AreEqual(new[] { 1, 0, 1 }, metrics.Classes.Select(c => c.Objects).ToArray());
        Assert.AreEqual(1, metrics.Classes[0].AveragePrecision50, 1e-9);
        Assert.AreEqual(0, metrics.Classes[2].AveragePrecision50);
        Assert.AreEqual(0.5, metrics.AveragePrecision50, 1e-9);
    }

    [TestMethod]
    public void FlagsAreTakenWhereTheyAre()
    {
        var crowd = Row();
        crowd.IsCrowd = [false, true];
        Assert.AreEqual(0, Evaluate(crowd).Classes[2].Objects);

        var difficult = Row();
        difficult.IsDifficult = [true, false];
        Assert.AreEqual(0, Evaluate(difficult).Classes[0].Objects);
    }

    [TestMethod]
    public void AreasDecideWhatIsSmall()
    {
        var rows = new[] { new AreaRow { Label = [1], BoundingBoxes = [0, 0, 50, 50], Area = [900], PredictedLabel = [1], PredictedBoundingBoxes = [0, 0, 50, 50], Score = [1] } };
        var metrics = _ml.MulticlassClassification.EvaluateDetections(_ml.Data.LoadFromEnumerable(rows));
        Assert.AreEqual(1, metrics.AveragePrecisionSmall, 1e-9);
        Assert.AreEqual(double.NaN, metrics.AveragePrecisionMedium);
    }

    [TestMethod]
    public void NamesComeFromTheKeys()
    {
        var view = Named(["dog", "cat"], ["cat", "dog"]);
        var metrics = _ml.MulticlassClassification.EvaluateDetections(view);
        CollectionAssert.AreEqual(new[] { "dog", "cat" }, metrics.Classes.Select(c => c.Name).ToArray());
        Assert.AreEqual(0, metrics.AveragePrecision);
    }

    [TestMethod]
    public void KeysOfOtherValuesAreRefused()
    {
        var view = Named(["dog", "cat"], ["cat", "dog"], sameKeys: false);
        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.MulticlassClassification.EvaluateDetections(view));
        StringAssert.Contains(error.Message, "'PredictedLabel' has 'cat' as key value 1, but column 'Label' has 'dog'");

        view = Named(["dog", "cat"], ["dog", "dog"], sameKeys: false);
        error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.MulticlassClassification.EvaluateDetections(view));
        StringAssert.Contains(error.Message, "'PredictedLabel' is a key of 1 values, but that of column 'Label' has 2");
    }

    [TestMethod]
    public void AMissingColumnIsNamed()
    {
        var view = _ml.Data.LoadFromEnumerable([Row()]);
        StringAssert.Contains(Refused(() => _ml.MulticlassClassification.EvaluateDetections(view, scoreColumnName: "Nowhere")), "finds no score column 'Nowhere'");
        StringAssert.Contains(Refused(() => _ml.MulticlassClassification.EvaluateDetections(view, isCrowdColumnName: "Nowhere")), "finds no crowd flag column 'Nowhere'");
        StringAssert.Contains(Refused(() => _ml.MulticlassClassification.EvaluateDetections(view, labelColumnName: "Score")), "The label column 'Score' is of type Vector<Single>; EvaluateDetections needs a vector of keys");
        StringAssert.Contains(Refused(() => _ml.MulticlassClassification.EvaluateDetections(view, boundingBoxColumnName: "IsCrowd")), "The box column 'IsCrowd' is of type Vector<Boolean>; EvaluateDetections needs a vector of Single");
        StringAssert.Contains(Refused(() => _ml.MulticlassClassification.EvaluateDetections(view, isDifficultColumnName: "Score")), "The difficulty flag column 'Score'");
    }

    [TestMethod]
    public void AValueThatCannotBeUsedIsNamed()
    {
        StringAssert.Contains(Fault(row => row.BoundingBoxes = [1, 2, 3, 4]), "Box column 'BoundingBoxes', row 1: the vector holds 4 values, but column 'Label' holds 2 labels, for which 8 are needed");
        StringAssert.Contains(Fault(row => row.BoundingBoxes[5] = float.NaN), "Box column 'BoundingBoxes', row 1: box 1 is (20, NaN, 30, 30); its numbers must be finite");
        StringAssert.Contains(Fault(row => row.BoundingBoxes[2] = -1), "Box column 'BoundingBoxes', row 1: box 0 is (0, 0, -1, 10), of a negative size");
        StringAssert.Contains(Fault(row => row.Label[1] = 4), "Label column 'Label', row 1: label 1 is 4, which lies beyond the 3 values of the key");
        StringAssert.Contains(Fault(row => row.PredictedLabel[0] = 0), "Label column 'PredictedLabel', row 1: label 0 is missing");
        StringAssert.Contains(Fault(row => row.PredictedBoundingBoxes = []), "Box column 'PredictedBoundingBoxes', row 1: the vector holds 0 values, but column 'PredictedLabel' holds 2 labels, for which 8");
        StringAssert.Contains(Fault(row => row.Score = [1]), "Score column 'Score', row 1: the vector holds 1 values");
        StringAssert.Contains(Fault(row => row.Score[1] = float.PositiveInfinity), "Score column 'Score', row 1: score 1 is");
        StringAssert.Contains(Fault(row => row.IsCrowd = [true]), "Flag column 'IsCrowd', row 1: the vector holds 1 values");
        StringAssert.Contains(Fault(row => row.IsDifficult = [true]), "Flag column 'IsDifficult', row 1: the vector holds 1 values");
    }

    [TestMethod]
    [DataRow(-1f)]
    [DataRow(float.NaN)]
    public void AnAreaThatCannotBeUsedIsNamed(float area)
    {
        var view = _ml.Data.LoadFromEnumerable([new AreaRow { Label = [1], BoundingBoxes = [0, 0, 1, 1], Area = [area] }]);
        var error = Assert.ThrowsExactly<InvalidDataException>(() => _ml.MulticlassClassification.EvaluateDetections(view));
        StringAssert.Contains(error.Message, "Area column 'Area', row 0: area 0 is");
    }

    [TestMethod]
    public void NoRowIsAnError() =>
        StringAssert.Contains(Assert.ThrowsExactly<InvalidDataException>(() => Evaluate()).Message, "There is no row to evaluate");

    [TestMethod]
    public void OnlyTheColumnsNamedAreRead()
    {
        var watched = new WatchedView(_ml.Data.LoadFromEnumerable([Row()]));
        _ml.MulticlassClassification.EvaluateDetections(watched);
        Assert.HasCount(1, watched.Cursors);
        CollectionAssert.AreEquivalent(new[] { "Label", "BoundingBoxes", "IsCrowd", "IsDifficult", "PredictedLabel", "PredictedBoundingBoxes", "Score" }, watched.Cursors[0]);
    }

    /// <summary>Two objects, the first of which is found.</summary>
    private static DetectionRow Row() => new()
    {
        Label = [1, 3],
        BoundingBoxes = [0, 0, 10, 10, 20, 20, 30, 30],
        IsCrowd = [false, false],
        IsDifficult = [false, false],
        PredictedLabel = [1, 1],
        PredictedBoundingBoxes = [0, 0, 10, 9, 20, 20, 30, 30],
        Score = [0.9f, 0.8f],
    };

    private DetectionMetrics Evaluate(params DetectionRow[] rows) => _ml.MulticlassClassification.EvaluateDetections(_ml.Data.LoadFromEnumerable(rows));

    private string Fault(Action<DetectionRow> spoil)
    {
        var bad = Row();
        spoil(bad);
        return Assert.ThrowsExactly<InvalidDataException>(() => Evaluate(Row(), bad)).Message;
    }

    private static string Refused(Action evaluate) => Assert.ThrowsExactly<ArgumentOutOfRangeException>(evaluate).Message;

    /// <summary>One row of two objects in two places, with names for keys.</summary>
    private IDataView Named(string[] names, string[] predicted, bool sameKeys = true)
    {
        var rows = new[] { new NamedRow { Name = names, PredictedName = predicted, BoundingBoxes = [0, 0, 1, 1, 5, 5, 6, 6], PredictedBoundingBoxes = [0, 0, 1, 1, 5, 5, 6, 6], Score = [1, 1] } };
        var view = _ml.Data.LoadFromEnumerable(rows);
        var keys = sameKeys ? _ml.Data.LoadFromEnumerable(names.Select(name => new KeyRow { Key = name })) : null;
        return _ml.Transforms.Conversion.MapValueToKey("Label", "Name", keyData: keys)
            .Append(_ml.Transforms.Conversion.MapValueToKey("PredictedLabel", "PredictedName", keyData: keys)).Fit(view).Transform(view);
    }

    private sealed class AreaRow
    {
        [KeyType(1)]
        public uint[] Label { get; set; } = [];

        public float[] BoundingBoxes { get; set; } = [];

        public float[] Area { get; set; } = [];

        [KeyType(1)]
        public uint[] PredictedLabel { get; set; } = [];

        public float[] PredictedBoundingBoxes { get; set; } = [];

        public float[] Score { get; set; } = [];
    }

    private sealed class NamedRow
    {
        public string[] Name { get; set; } = [];

        public string[] PredictedName { get; set; } = [];

        public float[] BoundingBoxes { get; set; } = [];

        public float[] PredictedBoundingBoxes { get; set; } = [];

        public float[] Score { get; set; } = [];
    }

    private sealed class KeyRow
    {
        public string Key { get; set; } = "";
    }
}
