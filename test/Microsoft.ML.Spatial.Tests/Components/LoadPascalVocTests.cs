using Microsoft.ML.Data;
using Microsoft.ML.Spatial.Components;
using Microsoft.ML.Spatial.Tests.Data;

namespace Microsoft.ML.Spatial.Tests.Components;

[TestClass]
public sealed class LoadPascalVocTests
{
    private const string First = """
        <annotation>
          <folder>VOC2007</folder>
          <filename>b.png</filename>
          <size><width>40</width><height>30</height><depth>3</depth></size>
          <object>
            <name>person</name>
            <truncated>1</truncated>
            <bndbox><xmin>1</xmin><ymin>2</ymin><xmax>40</xmax><ymax>30</ymax></bndbox>
            <part><name>head</name><bndbox><xmin>5</xmin><ymin>5</ymin><xmax>6</xmax><ymax>6</ymax></bndbox></part>
          </object>
          <object>
            <name>dog</name>
            <bndbox><ymax>20.5</ymax><xmin>3</xmin><ymin>4</ymin><xmax>3</xmax></bndbox>
            <difficult>1</difficult>
          </object>
        </annotation>
        """;

    private const string Second = "<annotation><filename>a.png</filename><size><width>20</width><height>50</height></size></annotation>";

    private readonly MLContext _ml = new(1);
    private readonly TemporaryFolder _folder = new();
    private readonly List<string> _log = [];

    [TestInitialize]
    public void WriteFiles()
    {
        _folder.WriteImage("images/b.png", 40, 30);
        _folder.WriteImage("images/a.png", 20, 50);
        _folder.Write("xml/000002.xml", First);
        _folder.Write("xml/000001.xml", Second);
        _folder.Write("xml/readme.txt", "no annotation");
        _ml.Log += (_, message) => _log.Add(message.RawMessage);
    }

    [TestCleanup]
    public void RemoveFolder() => _folder.Dispose();

    [TestMethod]
    public void ARowIsAnImageWithItsObjects()
    {
        var rows = Rows(Load());
        Assert.HasCount(2, rows);
        Assert.AreEqual("000001", rows[0].ImageId);
        Assert.AreEqual(_folder.Path("images", "a.png"), rows[0].ImagePath);
        Assert.IsEmpty(rows[0].Label);
        Assert.AreEqual("000002", rows[1].ImageId);
        Assert.AreEqual((40, 30), (rows[1].ImageWidth, rows[1].ImageHeight));
        CollectionAssert.AreEqual(new uint[] { 2, 1 }, rows[1].Label);
        CollectionAssert.AreEqual(new[] { 0, 1, 40, 30, 2, 3, 3, 20.5f }, rows[1].BoundingBoxes);
        CollectionAssert.AreEqual(new[] { false, true }, rows[1].IsDifficult);
    }

    [TestMethod]
    public void ImagesAreDecoded()
    {
        var view = Load();
        var sizes = view.GetColumn<MLImage>("Image").Select(image => (image.Width, image.Height)).ToArray();
        CollectionAssert.AreEqual(new[] { (20, 50), (40, 30) }, sizes);
    }

    [TestMethod]
    public void KeysAreTheClassesByName()
    {
        CollectionAssert.AreEqual(new[] { "dog", "person" }, KeyValues(Load()));
        var view = Load(classNames: ["cat", "person", "dog"]);
        CollectionAssert.AreEqual(new[] { "cat", "person", "dog" }, KeyValues(view));
        CollectionAssert.AreEqual(new uint[] { 2, 3 }, Rows(view)[1].Label);
    }

    [TestMethod]
    public void AnImageSetChoosesAndOrders()
    {
        CollectionAssert.AreEqual(new[] { "000002", "000001" }, Rows(Load(imageSet: ["000002", "000001"])).Select(row => row.ImageId).ToArray());
        CollectionAssert.AreEqual(new[] { "000002" }, Rows(Load(imageSet: ["000002"])).Select(row => row.ImageId).ToArray());
    }

    [TestMethod]
    public void DifficultObjectsAreHonouredByAnEvaluation()
    {
        var view = _ml.Transforms.CopyColumns("PredictedLabel", "Label").Append(_ml.Transforms.CopyColumns("PredictedBoundingBoxes", "BoundingBoxes")).Fit(Load()).Transform(Load());
        view = _ml.Transforms.CustomMapping<Found, Scored>((found, scored) => scored.Score = [.. found.IsDifficult.Select(_ => 1f)], null).Fit(view).Transform(view);
        var metrics = _ml.MulticlassClassification.EvaluateDetections(view);
        CollectionAssert.AreEqual(new[] { 0, 1 }, metrics.Classes.Select(c => c.Objects).ToArray());
        Assert.AreEqual(1, metrics.Voc07AveragePrecision, 1e-9);
    }

    [TestMethod]
    public void InvalidBoxesAreClippedOrLeftOutAndCounted()
    {
        _folder.Write("xml/000002.xml", First.Replace("<xmax>40</xmax>", "<xmax>50</xmax>", StringComparison.Ordinal));
        CollectionAssert.AreEqual(new[] { 0, 1, 40, 30, 2, 3, 3, 20.5f }, Rows(Load(invalid: InvalidBoxes.Clip))[1].BoundingBoxes);
        CollectionAssert.AreEqual(new[] { 2, 3, 3, 20.5f }, Rows(Load(invalid: InvalidBoxes.Skip))[1].BoundingBoxes);
        Assert.HasCount(1, _log.Where(message => message.Contains("1 boxes reached outside their images and were clipped; 0 objects")));
        Assert.HasCount(1, _log.Where(message => message.Contains("0 boxes reached outside their images and were clipped; 1 objects")));
    }

    [TestMethod]
    [DataRow("<xmax>40</xmax>", "<xmax>41</xmax>", "object[0] (person): bndbox (xmin 1, ymin 2, xmax 41, ymax 30) reaches outside the image, which is 40 wide and 30 high")]
    [DataRow("<xmin>1</xmin>", "<xmin>0</xmin>", "object[0] (person): bndbox (xmin 0, ymin 2, xmax 40, ymax 30) reaches outside")]
    [DataRow("<xmax>3</xmax>", "<xmax>2</xmax>", "object[1] (dog): bndbox (xmin 3, ymin 4, xmax 2, ymax 20.5) is 0 wide and 17.5 high; both must be above 0")]
    [DataRow("<xmin>1</xmin>", "<xmin>NaN</xmin>", "is no box: its numbers must be finite")]
    [DataRow("<xmin>1</xmin>", "<xmin>1e999</xmin>", "is no box: its numbers must be finite")]
    [DataRow("<xmin>1</xmin>", "<xmin><a>1</a></xmin>", "is not an annotation in XML")]
    [DataRow("<height>30</height>", "<height>tall</height>", "size has 'tall' as height; a whole number of at least 1 is needed")]
    [DataRow("<xmin>1</xmin>", "<xmin>left</xmin>", "object[0] has 'left' as xmin; a number is needed")]
    [DataRow("<xmin>1</xmin>", "", "object[0] has no 'xmin'")]
    [DataRow("<bndbox><xmin>1</xmin><ymin>2</ymin><xmax>40</xmax><ymax>30</ymax></bndbox>", "", "object[0] (person) has no 'bndbox'")]
    [DataRow("<name>person</name>", "", "object[0] has no 'name'")]
    [DataRow("<difficult>1</difficult>", "<difficult>yes</difficult>", "object[1] (dog) has 'yes' as difficult; it must be 0 or 1")]
    [DataRow("<filename>b.png</filename>", "", "annotation has no 'filename'")]
    [DataRow("b.png", "c.png", "filename is 'c.png', but there is no file")]
    [DataRow("b.png", "../b.png", "filename is '../b.png', which leads out of folder")]
    [DataRow("<width>40</width>", "", "annotation has no 'width' in its 'size'")]
    [DataRow("<width>40</width>", "<width>0</width>", "size has '0' as width; a whole number of at least 1 is needed")]
    [DataRow("</annotation>", "", "is not an annotation in XML")]
    [DataRow("<folder>VOC2007</folder>", "<folder>", "is not an annotation in XML")]
    [DataRow("<annotation>", "<!DOCTYPE a [<!ENTITY e SYSTEM \"file:///etc/passwd\">]><annotation>", "is not an annotation in XML")]
    [DataRow("<name>person</name>", "<name>&e;</name>", "is not an annotation in XML")]
    public void AFaultyFileIsRefusedByName(string there, string instead, string expected)
    {
        Assert.Contains(there, First);
        var at = First.IndexOf(there, StringComparison.Ordinal);
        var path = _folder.Write("xml/000002.xml", First[..at] + instead + First[(at + there.Length)..]);
        var message = Assert.ThrowsExactly<InvalidDataException>(() => Load()).Message;
        StringAssert.StartsWith(message, path);
        StringAssert.Contains(message, expected);
    }

    [TestMethod]
    public void AFileCutShortIsRefused()
    {
        foreach (var length in new[] { 0, 1, First.Length / 3, First.Length / 2, First.Length - 2 })
        {
            var path = _folder.Write("xml/000002.xml", First[..length]);
            StringAssert.StartsWith(Assert.ThrowsExactly<InvalidDataException>(() => Load()).Message, $"{path} is not an annotation in XML");
        }
    }

    [TestMethod]
    public void ARootOfAnotherNameIsRefused()
    {
        _folder.Write("xml/000002.xml", "<annotations/>");
        StringAssert.Contains(Assert.ThrowsExactly<InvalidDataException>(() => Load()).Message, "element 'annotations' is the root; 'annotation' is needed");
    }

    [TestMethod]
    public void AnUnknownClassIsRefusedByName() =>
        StringAssert.Contains(Assert.ThrowsExactly<InvalidDataException>(() => Load(classNames: ["person", "cat"])).Message, "object[1] (dog) is of a class that is not among those given: person, cat");

    [TestMethod]
    public void AFaultyImageSetIsRefused()
    {
        StringAssert.Contains(Assert.ThrowsExactly<InvalidDataException>(() => Load(imageSet: ["000001", "000009"])).Message, "imageSet[1] is '000009.xml', but there is no file");
        StringAssert.Contains(Assert.ThrowsExactly<InvalidDataException>(() => Load(imageSet: ["000001", "000001"])).Message, "imageSet[1] is '000001', which the image set has twice");
        StringAssert.Contains(Assert.ThrowsExactly<InvalidDataException>(() => Load(imageSet: [])).Message, "The image set is empty");
    }

    [TestMethod]
    public void FoldersWithoutWhatIsNeededAreRefused()
    {
        Assert.ThrowsExactly<DirectoryNotFoundException>(() => _ml.Data.LoadPascalVoc(_folder.Path("nowhere"), _folder.Path("images")));
        Assert.ThrowsExactly<DirectoryNotFoundException>(() => _ml.Data.LoadPascalVoc(_folder.Path("xml"), _folder.Path("nowhere")));
        StringAssert.Contains(Assert.ThrowsExactly<InvalidDataException>(() => _ml.Data.LoadPascalVoc(_folder.Path("images"), _folder.Path("images"))).Message, "There is no *.xml");
        StringAssert.Contains(Assert.ThrowsExactly<InvalidDataException>(() => Load(imageSet: ["000001"])).Message, "so that there is no class; give the names of the classes");
    }

    [TestMethod]
    [DataRow("dog", "dog", "Class name 1 is 'dog'")]
    [DataRow("dog", " ", "Class name 1 is ' '")]
    public void FaultyClassNamesAreRefused(string first, string second, string expected) =>
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => Load(classNames: [first, second])).Message, expected);

    private IDataView Load(IEnumerable<string>? imageSet = null, IEnumerable<string>? classNames = null, InvalidBoxes invalid = InvalidBoxes.Fail) =>
        _ml.Data.LoadPascalVoc(_folder.Path("xml"), _folder.Path("images"), imageSet, classNames, invalid);

    private VocRow[] Rows(IDataView view) => _ml.Data.CreateEnumerable<VocRow>(view, reuseRowObject: false).ToArray();

    private static string[] KeyValues(IDataView view)
    {
        var names = default(VBuffer<ReadOnlyMemory<char>>);
        view.Schema["Label"].GetKeyValues(ref names);
        return names.DenseValues().Select(name => name.ToString()).ToArray();
    }

    private sealed class VocRow
    {
        public string ImageId { get; set; } = "";

        public string ImagePath { get; set; } = "";

        public int ImageWidth { get; set; }

        public int ImageHeight { get; set; }

        [KeyType(2)]
        public uint[] Label { get; set; } = [];

        public float[] BoundingBoxes { get; set; } = [];

        public bool[] IsDifficult { get; set; } = [];
    }

    private sealed class Found
    {
        public bool[] IsDifficult { get; set; } = [];
    }

    private sealed class Scored
    {
        public float[] Score { get; set; } = [];
    }
}
