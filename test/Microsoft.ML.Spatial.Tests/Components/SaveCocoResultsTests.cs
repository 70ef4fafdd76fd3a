using System.Text.Json;
using Microsoft.ML.Data;
using Microsoft.ML.Spatial.Tests.Data;

namespace Microsoft.ML.Spatial.Tests.Components;

[TestClass]
public sealed class SaveCocoResultsTests
{
    private readonly MLContext _ml = new(1);
    private readonly TemporaryFolder _folder = new();

    private string Results => _folder.Path("out", "results.json");

    [TestCleanup]
    public void RemoveFolder() => _folder.Dispose();

    [TestMethod]
    public void ResultsGiveTheBoxesBackExactly()
    {
        _ml.Data.SaveCocoResults(View(Row(7), new ResultRow { ImageId = 8 }, Row(1L << 40)), Results);
        using var json = JsonDocument.Parse(File.ReadAllBytes(Results));
        Assert.AreEqual(4, json.RootElement.GetArrayLength());
        var second = json.RootElement[1];
        Assert.AreEqual(7, second.GetProperty("image_id").GetInt64());
        Assert.AreEqual(3, second.GetProperty("category_id").GetInt64());
        Assert.AreEqual((double)0.2f, second.GetProperty("score").GetDouble());
        var box = second.GetProperty("bbox").EnumerateArray().Select(number => number.GetDouble()).ToArray();
        Assert.HasCount(4, box);
        Assert.AreEqual((0.1f, 5.3f, 10.7f, 20.9f), ((float)box[0], (float)box[1], (float)(box[0] + box[2]), (float)(box[1] + box[3])));
        Assert.AreEqual(1L << 40, json.RootElement[2].GetProperty("image_id").GetInt64());
        Assert.HasCount(1, Directory.GetFiles(_folder.Path("out")));
    }

    [TestMethod]
    public void CategoryIdsAreThoseOfTheLoadedFile()
    {
        _folder.WriteImage("a.png", 40, 30);
        var instances = _folder.Write("instances.json", """
            {"images": [{"id": 7, "file_name": "a.png", "width": 40, "height": 30}],
             "annotations": [{"id": 1, "image_id": 7, "category_id": 18, "bbox": [1, 2, 3, 4]}, {"id": 2, "image_id": 7, "category_id": 90, "bbox": [2, 2, 3, 4]}],
             "categories": [{"id": 90, "name": "toothbrush"}, {"id": 18, "name": "dog"}]}
            """);
        var loaded = _ml.Data.LoadCocoInstances(instances, _folder.Root);
        var view = _ml.Transforms.CopyColumns("PredictedLabel", "Label").Append(_ml.Transforms.CopyColumns("PredictedBoundingBoxes", "BoundingBoxes"))
            .Append(_ml.Transforms.CopyColumns("Score", "Area")).Fit(loaded).Transform(loaded);
        _ml.Data.SaveCocoResults(view, Results);
        CollectionAssert.AreEqual(new long[] { 18, 90 }, Categories());
    }

    [TestMethod]
    public void CategoryIdsCanBeGiven()
    {
        var ids = new Dictionary<string, long> { ["1"] = 11, ["2"] = 22, ["3"] = 33 };
        _ml.Data.SaveCocoResults(View(Row(7)), Results, categoryIds: ids);
        CollectionAssert.AreEqual(new long[] { 11, 33 }, Categories());

        ids.Remove("2");
        var error = Assert.ThrowsExactly<ArgumentException>(() => _ml.Data.SaveCocoResults(View(Row(7)), Results, categoryIds: ids));
        StringAssert.Contains(error.Message, "Class '2' of column 'PredictedLabel' has no category id; those that have one are: 1, 3");
    }

    [TestMethod]
    public void AFaultLeavesTheOldFile()
    {
        _folder.Write("out/results.json", "old");
        var bad = Row(8);
        bad.Score[1] = float.NaN;
        var error = Assert.ThrowsExactly<InvalidDataException>(() => _ml.Data.SaveCocoResults(View(Row(7), bad), Results));
        StringAssert.Contains(error.Message, "Score column 'Score', row 1: score 1 is NaN");
        Assert.AreEqual("old", File.ReadAllText(Results));
        Assert.HasCount(1, Directory.GetFiles(_folder.Path("out")));
    }

    [TestMethod]
    public void ManyRowsAreOneArray()
    {
        _ml.Data.SaveCocoResults(View([.. Enumerable.Range(0, 3000).Select(i => Row(i))]), Results);
        Assert.HasCount(6000, Categories());
    }

    [TestMethod]
    public void NoRowIsAnEmptyArray()
    {
        _ml.Data.SaveCocoResults(View(), Results);
        Assert.AreEqual("[]", File.ReadAllText(Results));
    }

    [TestMethod]
    public void AnImageIdThatIsNoNumberIsRefused()
    {
        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Data.SaveCocoResults(View(Row(7)), Results, imageIdColumnName: "Score"));
        StringAssert.Contains(error.Message, "The image id column 'Score' is of type Vector<Single>; SaveCocoResults needs Int64");
        Assert.IsFalse(Directory.Exists(_folder.Path("out")));
    }

    private static ResultRow Row(long image) => new()
    {
        ImageId = image,
        PredictedLabel = [1, 3],
        PredictedBoundingBoxes = [0, 0, 4, 4, 0.1f, 5.3f, 10.7f, 20.9f],
        Score = [0.9f, 0.2f],
    };

    private long[] Categories()
    {
        using var json = JsonDocument.Parse(File.ReadAllBytes(Results));
        return [.. json.RootElement.EnumerateArray().Select(result => result.GetProperty("category_id").GetInt64())];
    }

    private IDataView View(params ResultRow[] rows) => _ml.Data.LoadFromEnumerable(rows);

    private sealed class ResultRow
    {
        public long ImageId { get; set; }

        [KeyType(3)]
        public uint[] PredictedLabel { get; set; } = [];

        public float[] PredictedBoundingBoxes { get; set; } = [];

        public float[] Score { get; set; } = [];
    }
}
