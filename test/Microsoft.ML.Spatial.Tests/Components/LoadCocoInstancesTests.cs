using System.Globalization;
using Microsoft.ML.Data;
using Microsoft.ML.Spatial.Components;
using Microsoft.ML.Spatial.Tests.Data;

namespace Microsoft.ML.Spatial.Tests.Components;

[TestClass]
public sealed class LoadCocoInstancesTests
{
    private const string Images = """[{"id": 7, "file_name": "a.png", "width": 40, "height": 30, "license": 1}, {"id": 3, "file_name": "sub/b.png", "width": 20, "height": 50}]""";
    private const string Categories = """[{"id": 18, "name": "dog", "supercategory": "animal"}, {"id": 4, "name": "cat"}]""";
    private const string Annotations = """
        [{"id": 1, "image_id": 7, "category_id": 18, "bbox": [1.5, 2, 10, 20.25], "area": 150.5, "iscrowd": 0, "segmentation": [[1, 2, 3, 4, 5, 6]]},
         {"id": 2, "image_id": 7, "category_id": 4, "bbox": [0, 0, 40, 30], "iscrowd": 1, "segmentation": {"counts": [1, 2], "size": [30, 40]}}]
        """;

    private readonly MLContext _ml = new(1);
    private readonly TemporaryFolder _folder = new();
    private readonly List<string> _log = [];

    [TestInitialize]
    public void WriteImages()
    {
        _folder.WriteImage("images/a.png", 40, 30);
        _folder.WriteImage("images/sub/b.png", 20, 50, 200);
        _ml.Log += (_, message) => _log.Add(message.RawMessage);
    }

    [TestCleanup]
    public void RemoveFolder() => _folder.Dispose();

    [TestMethod]
    public void ARowIsAnImageWithItsObjects()
    {
        var rows = Rows(Load(Json()));
        Assert.HasCount(2, rows);
        Assert.AreEqual(7, rows[0].ImageId);
        Assert.AreEqual(_folder.Path("images", "a.png"), rows[0].ImagePath);
        Assert.AreEqual((40, 30), (rows[0].ImageWidth, rows[0].ImageHeight));
        CollectionAssert.AreEqual(new uint[] { 2, 1 }, rows[0].Label);
        CollectionAssert.AreEqual(new[] { 1.5f, 2, 11.5f, 22.25f, 0, 0, 40, 30 }, rows[0].BoundingBoxes);
        CollectionAssert.AreEqual(new[] { 150.5f, 1200 }, rows[0].Area);
        CollectionAssert.AreEqual(new[] { false, true }, rows[0].IsCrowd);
        Assert.AreEqual(3, rows[1].ImageId);
        Assert.IsEmpty(rows[1].Label);
        Assert.IsEmpty(rows[1].BoundingBoxes);
        Assert.IsEmpty(_log.Where(message => message.Contains("clipped")));
    }

    [TestMethod]
    public void KeysAreTheCategoriesByTheirIds()
    {
        var view = Load(Json());
        var type = (VectorDataViewType)view.Schema["Label"].Type;
        Assert.IsFalse(type.IsKnownSize);
        Assert.AreEqual(2ul, ((KeyDataViewType)type.ItemType).Count);
        var names = default(VBuffer<ReadOnlyMemory<char>>);
        view.Schema["Label"].GetKeyValues(ref names);
        CollectionAssert.AreEqual(new[] { "cat", "dog" }, names.DenseValues().Select(name => name.ToString()).ToArray());
    }

    [TestMethod]
    public void ImagesAreDecodedWhenAskedFor()
    {
        var view = Load(Json());
        File.Delete(_folder.Path("images", "a.png"));
        Assert.HasCount(2, Rows(view));
        using var cursor = view.GetRowCursor([view.Schema["Image"]]);
        var getter = cursor.GetGetter<MLImage>(view.Schema["Image"]);
        MLImage image = null!;
        cursor.MoveNext();
        var error = Assert.ThrowsExactly<InvalidDataException>(() => getter(ref image));
        StringAssert.Contains(error.Message, $"Image column 'Image', row 0: '{_folder.Path("images", "a.png")}' cannot be read as an image");
        cursor.MoveNext();
        getter(ref image);
        Assert.AreEqual((20, 50), (image.Width, image.Height));
        Assert.AreEqual(200, image.Pixels[0]);
        var before = image;
        getter(ref image);
        Assert.AreNotSame(before, image);
        image.Dispose();
    }

    [TestMethod]
    public void AnImageOfAnotherSizeThanSaidIsAnError()
    {
        var view = Load(Json(images: Images.Replace("40", "41", StringComparison.Ordinal)));
        using var cursor = view.GetRowCursor([view.Schema["Image"]]);
        cursor.MoveNext();
        MLImage image = null!;
        var error = Assert.ThrowsExactly<InvalidDataException>(() => cursor.GetGetter<MLImage>(view.Schema["Image"])(ref image));
        StringAssert.Contains(error.Message, "is 40 wide and 30 high, but its annotation says 41 and 30");
    }

    [TestMethod]
    public void CursorsAreIndependentAndShuffle()
    {
        var images = string.Join(", ", Enumerable.Range(0, 50).Select(i => $$"""{"id": {{i}}, "file_name": "a.png", "width": 40, "height": 30}"""));
        var view = Load(Json($"[{images}]", annotations: "[]"));
        Assert.AreEqual(50, view.GetRowCount());
        Assert.IsTrue(view.CanShuffle);
        var (first, second) = (Ids(new Random(1)), Ids(new Random(1)));
        CollectionAssert.AreEqual(first, second);
        CollectionAssert.AreNotEqual(Ids(null), first);
        CollectionAssert.AreEqual(Ids(null), first.Order().ToArray());

        long[] Ids(Random? random)
        {
            using var cursor = view.GetRowCursor([view.Schema["ImageId"]], random);
            var getter = cursor.GetGetter<long>(view.Schema["ImageId"]);
            var rowId = cursor.GetIdGetter();
            var ids = new List<long>();
            while (cursor.MoveNext())
            {
                var (id, row) = (0L, default(DataViewRowId));
                getter(ref id);
                rowId(ref row);
                Assert.AreEqual((ulong)id, row.Low);
                ids.Add(id);
            }

            Assert.IsFalse(cursor.MoveNext());
            return [.. ids];
        }
    }

    [TestMethod]
    public void ACursorIsReadOnARowAndAsItsColumnsAre()
    {
        var view = Load(Json());
        using var cursor = view.GetRowCursor([view.Schema["ImageId"]]);
        var getter = cursor.GetGetter<long>(view.Schema["ImageId"]);
        var id = 0L;
        StringAssert.Contains(Assert.ThrowsExactly<InvalidOperationException>(() => getter(ref id)).Message, "stands on no row");
        StringAssert.Contains(Assert.ThrowsExactly<InvalidOperationException>(() => cursor.GetGetter<int>(view.Schema["ImageId"])).Message, "Int64");
        StringAssert.Contains(Assert.ThrowsExactly<InvalidOperationException>(() => cursor.GetGetter<MLImage>(view.Schema["Image"])).Message, "not active");
    }

    [TestMethod]
    public void AnEvaluationHonoursTheFlagsAndAreas()
    {
        var view = _ml.Transforms.CopyColumns("PredictedLabel", "Label").Append(_ml.Transforms.CopyColumns("PredictedBoundingBoxes", "BoundingBoxes"))
            .Append(_ml.Transforms.CopyColumns("Score", "Area")).Fit(Load(Json())).Transform(Load(Json()));
        var metrics = _ml.MulticlassClassification.EvaluateDetections(view);
        CollectionAssert.AreEqual(new[] { "cat", "dog" }, metrics.Classes.Select(c => c.Name).ToArray());
        CollectionAssert.AreEqual(new[] { 0, 1 }, metrics.Classes.Select(c => c.Objects).ToArray());
        Assert.AreEqual(1, metrics.AveragePrecision, 1e-9);
    }

    [TestMethod]
    [DataRow(InvalidBoxes.Clip)]
    [DataRow(InvalidBoxes.Skip)]
    public void InvalidBoxesAreClippedOrLeftOutAndCounted(InvalidBoxes invalid)
    {
        var view = Load(Json(annotations: $"[{Box(1, "[30, 20, 20, 20]")}, {Box(2, "[5, 5, 10, 10]")}, {Box(3, "[5, 5, 0, 10]")}, {Box(4, "[50, 5, 10, 10]")}]"), invalid);
        var clipped = invalid == InvalidBoxes.Clip;
        CollectionAssert.AreEqual(clipped ? [30, 20, 40, 30, 5, 5, 15, 15] : new float[] { 5, 5, 15, 15 }, Rows(view)[0].BoundingBoxes);
        Assert.HasCount(1, _log.Where(message => message.Contains(clipped ? "1 boxes reached outside their images and were clipped; 2 objects were left out" : "0 boxes reached outside their images and were clipped; 3 objects were left out")));
    }

    [TestMethod]
    public void AHundredthOfAPixelOutsideIsRounding()
    {
        var view = Load(Json(annotations: $"[{Box(1, "[30.01, 20, 10, 10.01]")}]"));
        CollectionAssert.AreEqual(new[] { 30.01f, 20, 40, 30 }, Rows(view)[0].BoundingBoxes);
    }

    [TestMethod]
    [DataRow("[30, 20, 20, 5]", "bbox [30, 20, 20, 5] reaches outside the image, which is 40 wide and 30 high")]
    [DataRow("[-1, 20, 5, 5]", "bbox [-1, 20, 5, 5] reaches outside")]
    [DataRow("[1, 2, -5, 4]", "bbox [1, 2, -5, 4] is -5 wide and 4 high; both must be above 0")]
    [DataRow("[1, 2, 5, 0]", "is 5 wide and 0 high")]
    [DataRow("[1, 2, 5, 1e999]", "is no box: its numbers must be finite")]
    [DataRow("[1, 2, 5]", "has a bbox of 3 numbers")]
    [DataRow("[1, 2, 5, \"6\"]", "has a bbox with something else than a number in it")]
    [DataRow("5", "has a bbox that is no array")]
    public void ABoxThatCannotBeUsedIsNamed(string box, string expected)
    {
        var message = Fault(Json(annotations: $"[{Box(12, box)}]"));
        StringAssert.Contains(message, "annotations[0]");
        StringAssert.Contains(message, expected);
    }

    [TestMethod]
    public void AFileOfImagesAloneHasImagesWithoutObjects()
    {
        var view = Load($$"""{"info": {}, "images": {{Images}}, "licenses": [], "categories": {{Categories}}}""");
        var rows = Rows(view);
        CollectionAssert.AreEqual(new long[] { 7, 3 }, rows.Select(row => row.ImageId).ToArray());
        Assert.IsTrue(rows.All(row => row.Label.Length == 0 && row.BoundingBoxes.Length == 0));
        var options = new DeformableDetectorTrainer.Options { Epochs = 1 };
        var error = Assert.ThrowsExactly<InvalidDataException>(() => _ml.MulticlassClassification.Trainers.DeformableDetector(options).Fit(view));
        StringAssert.Contains(error.Message, "There is no object in column 'Label' of the 2 training rows");
    }

    [TestMethod]
    public void ARemedyIsNamed() => StringAssert.Contains(Fault(Json(annotations: $"[{Box(12, "[30, 20, 20, 5]")}]")), "annotations[0] (id 12): bbox [30, 20, 20, 5] reaches outside the image, which is 40 wide and 30 high. Mend it, or load with InvalidBoxes.Clip or Skip.");

    [TestMethod]
    [DataRow("image_id\": 7", "image_id\": 8", "annotations[0] (id 1) has image_id 8, but no image has that id")]
    [DataRow("category_id\": 18", "category_id\": 19", "annotations[0] (id 1) has category_id 19, but no category has that id")]
    [DataRow("{\"id\": 2, \"image", "{\"id\": 1, \"image", "annotations[1] has id 1, which annotations[0] has too")]
    [DataRow("{\"id\": 3,", "{\"id\": 7,", "images[1] has id 7, which images[0] has too")]
    [DataRow("{\"id\": 4,", "{\"id\": 18,", "categories[1] has id 18, which categories[0] has too")]
    [DataRow("\"cat\"", "\"dog\"", "categories[1] has the name 'dog', which another category has too")]
    [DataRow("a.png", "c.png", "images[0] (id 7): file_name is 'c.png', but there is no file")]
    [DataRow("a.png", "../a.png", "images[0] (id 7): file_name is '../a.png', which leads out of folder")]
    [DataRow("a.png", "/etc/passwd", "file_name is '/etc/passwd', which leads out of folder")]
    [DataRow("a.png", "", "images[0] has 'file_name' of kind String ''; a text is needed")]
    [DataRow("a.png", "a\\u0000", "which is no file name")]
    [DataRow("a.png", "\\ud800", "is not valid JSON")]
    [DataRow("\"width\": 40", "\"width\": 0", "images[0] has a width of 0")]
    [DataRow("\"width\": 40", "\"width\": 40.5", "images[0] has 'width' of kind Number 40.5; a whole number is needed")]
    [DataRow("\"width\": 40, ", "", "images[0] has no 'width'")]
    [DataRow("\"height\": 30, ", "", "images[0] has no 'height'")]
    [DataRow("\"id\": 7, ", "", "images[0] has no 'id'")]
    [DataRow("\"image_id\": 7, \"category_id\": 18, ", "", "annotations[0] has no 'image_id'")]
    [DataRow("\"category_id\": 18, ", "", "annotations[0] has no 'category_id'")]
    [DataRow("\"bbox\"", "\"box\"", "annotations[0] has no 'bbox'")]
    [DataRow("\"iscrowd\": 1", "\"iscrowd\": 2", "annotations[1] has an iscrowd of 2; it must be 0 or 1")]
    [DataRow("\"area\": 150.5", "\"area\": -1", "annotations[0] has an area of -1")]
    [DataRow("\"area\": 150.5", "\"area\": \"big\"", "annotations[0] has 'area' of kind String 'big'; a number is needed")]
    [DataRow("\"images\"", "\"pictures\"", "the root has no 'images'")]
    [DataRow("\"categories\"", "\"classes\"", "the root has no 'categories'")]
    [DataRow("\"image_id\": 7", "\"image_id\": \"7\"", "annotations[0] has 'image_id' of kind String '7'; a whole number is needed")]
    [DataRow("\"name\": \"cat\"", "\"name\": 5", "categories[1] has 'name' of kind Number 5; a text is needed")]
    [DataRow("\"bbox\": [1.5, 2, 10, 20.25]", "\"bbox\": null", "annotations[0] has a bbox that is no array")]
    [DataRow("\"info\": {}", "\"images\": []", "the root has 'images' twice")]
    [DataRow("[1.5,", "[NaN,", "is not valid JSON")]
    public void AFaultyFileIsRefusedByName(string there, string instead, string expected)
    {
        var json = Json();
        Assert.Contains(there, json);
        var at = json.IndexOf(there, StringComparison.Ordinal);
        StringAssert.Contains(Fault(json[..at] + instead + json[(at + there.Length)..]), expected);
    }

    [TestMethod]
    [DataRow("", "is not valid JSON")]
    [DataRow("[]", "the root is no object")]
    [DataRow("{\"images\": {}}", "'images' is no array")]
    [DataRow("{\"images\": [1]}", "images[0] is no object")]
    [DataRow("{\"images\": [], \"annotations\": [], \"categories\": []}", "'categories' is empty")]
    public void AFileOfAnotherKindIsRefused(string json, string expected)
    {
        var message = Fault(json);
        StringAssert.Contains(message, expected);
        StringAssert.StartsWith(message, _folder.Path("instances.json"));
    }

    [TestMethod]
    public void AFileCutShortIsRefused()
    {
        var json = Json();
        foreach (var length in new[] { 1, json.Length / 3, json.Length / 2, json.Length - 1 })
        {
            StringAssert.Contains(Fault(json[..length]), "is not valid JSON");
        }
    }

    [TestMethod]
    public void AMissingFileOrFolderIsAnError()
    {
        Assert.ThrowsExactly<FileNotFoundException>(() => _ml.Data.LoadCocoInstances(_folder.Path("nowhere.json"), _folder.Path("images")));
        Assert.ThrowsExactly<DirectoryNotFoundException>(() => _ml.Data.LoadCocoInstances(_folder.Write("instances.json", Json()), _folder.Path("nowhere")));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Load(Json(), (InvalidBoxes)9));
    }

    private static string Json(string images = Images, string annotations = Annotations) =>
        $$"""{"info": {}, "annotations": {{annotations}}, "images": {{images}}, "categories": {{Categories}}}""";

    private static string Box(int id, string box) => string.Create(CultureInfo.InvariantCulture, $$"""{"id": {{id}}, "image_id": 7, "category_id": 4, "bbox": {{box}}}""");

    private IDataView Load(string json, InvalidBoxes invalid = InvalidBoxes.Fail) => _ml.Data.LoadCocoInstances(_folder.Write("instances.json", json), _folder.Path("images"), invalid);

    private string Fault(string json) => Assert.ThrowsExactly<InvalidDataException>(() => Load(json)).Message;

    private CocoRow[] Rows(IDataView view) => _ml.Data.CreateEnumerable<CocoRow>(view, reuseRowObject: false).ToArray();

    private sealed class CocoRow
    {
        public long ImageId { get; set; }

        public string ImagePath { get; set; } = "";

        public int ImageWidth { get; set; }

        public int ImageHeight { get; set; }

        [KeyType(2)]
        public uint[] Label { get; set; } = [];

        public float[] BoundingBoxes { get; set; } = [];

        public float[] Area { get; set; } = [];

        public bool[] IsCrowd { get; set; } = [];
    }
}
