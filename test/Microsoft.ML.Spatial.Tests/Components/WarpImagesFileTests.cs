using Microsoft.ML.Data;
using Microsoft.ML.Spatial.Components;
using Microsoft.ML.Spatial.FreshProcess;
using Microsoft.ML.Spatial.Functional;
using Microsoft.ML.Spatial.Modules;

namespace Microsoft.ML.Spatial.Tests.Components;

[TestClass]
public sealed class WarpImagesFileTests
{
    private const string Part = "Warp.bin";
    private readonly MLContext _ml = new(1);
    private string _folder = null!;

    private string Model => Path.Combine(_folder, "model.zip");

    [TestInitialize]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("spatial-warp-").FullName;

    [TestCleanup]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [TestMethod]
    public void EachWayToWarpIsSavedAndLoaded()
    {
        var rows = WarpRow.Make(4, 6, 9);
        rows[2].Theta = [0.5f, 0.2f, 0, 0, 0.7f, -0.1f];
        var view = _ml.Data.LoadFromEnumerable(rows);
        foreach (var options in new ImageWarpingEstimator.Options[]
        {
            new() { Parameters = [0.8f, 0.3f, 0.1f, -0.3f, 0.8f, 0], OutputHeight = 5, Sampling = SamplingMode.Nearest, Padding = PaddingMode.Reflection },
            new() { Parameters = [0.7f, 0.3f, 0.1f], Transformation = TransformationKind.Attention, Padding = PaddingMode.Border },
            new() { Parameters = [0.9f, 0.1f, 0, 0, 1, 0.1f, 0.2f, -0.1f], Transformation = TransformationKind.Projective },
            new() { Parameters = [-1, -0.8f, 0.9f, -1, -1, 1, 0.7f, 0.8f], Transformation = TransformationKind.ThinPlateSpline, ControlPointsPerSide = 2 },
            new() { ParametersColumnName = "Theta", InputColumnName = "Image", OutputColumnName = "Warped", OutputWidth = 12 },
            new() { Random = new RandomWarp { RotationDegrees = new(-10.5, 20), HorizontalFlipProbability = 0.25 }, OutputWidth = 12, OutputHeight = 3 },
        })
        {
            var transformer = _ml.Transforms.WarpImages(options).Fit(view);
            _ = transformer.Transform(view); // the one that trains
            _ml.Model.Save(transformer, view.Schema, Model);
            var loaded = _ml.Model.Load(Model, out _);
            Assert.AreEqual(transformer.GetOutputSchema(view.Schema)[options.OutputColumnName].Type, loaded.GetOutputSchema(view.Schema)[options.OutputColumnName].Type);
            RowsAssert.AreEqual(WarpRow.Pixels(transformer.Transform(view), options.OutputColumnName), WarpRow.Pixels(loaded.Transform(view), options.OutputColumnName));

            var bytes = ModelArchive.Part(File.ReadAllBytes(Model), Part);
            _ml.Model.Save(loaded, view.Schema, Model);
            CollectionAssert.AreEqual(bytes, ModelArchive.Part(File.ReadAllBytes(Model), Part), "saved again as it was");
        }
    }

    [TestMethod]
    public void AFreshProcessThatKnowsNoTypeOfOursLoadsAndWarps()
    {
        var view = _ml.Data.LoadFromEnumerable(WarpRow.Make(1, 2, 3));
        var transformer = _ml.Transforms.WarpImages("Image", "Theta").Fit(view);
        _ml.Model.SaveModel(transformer, view.Schema, Model);
        var lines = FreshProcesses.Run("warp", Model).Split('\n', StringSplitOptions.TrimEntries);
        Assert.AreEqual("loaded before: False", lines[0]);
        Assert.AreEqual("pixels: " + SavedWarp.PixelHash(_ml, transformer), lines[1]);
    }

    [TestMethod]
    [DataRow("\"Parameters\":[1,0,0,0,1,0]", "\"Parameters\":[1,0,0,0,1]", "Parameters is 5 numbers")]
    [DataRow("\"Parameters\":[1,0,0,0,1,0]", "\"Parameters\":null", "Parameters is null")]
    [DataRow("\"Parameters\":[1,0,0,0,1,0]", "\"Parameters\":[1,0,0,0,1,1e99]", "Parameters[5] is")]
    [DataRow("\"Transformation\":\"Affine\"", "\"Transformation\":77", "Transformation is 77")]
    [DataRow("\"ControlPointsPerSide\":4", "\"ControlPointsPerSide\":40000", "ControlPointsPerSide is 40000")]
    [DataRow("\"OutputHeight\":4", "\"OutputHeight\":2000000000", "OutputHeight is 2000000000")]
    [DataRow("\"InputColumnName\":\"Image\"", "\"InputColumnName\":\" \"", "InputColumnName is")]
    [DataRow("\"Padding\"", "\"Unheard\"", "header")]
    public void AHeaderThatNoWarpCanHaveIsRefusedThoughItsHashIsRight(string there, string instead, string expected)
    {
        Save();
        ModelArchive.ReplaceHeader(Model, Part, there, instead);
        StringAssert.Contains(LoadError(), expected);
    }

    [TestMethod]
    public void AnAlteredPartIsRefused()
    {
        Save();
        var bytes = ModelArchive.Part(File.ReadAllBytes(Model), Part);
        bytes[20] ^= 1;
        ModelArchive.Rewrite(Model, Part, bytes);
        StringAssert.Contains(LoadError(), "SHA-256");
    }

    [TestMethod]
    public void APartCutShortOrGoingOnIsRefused()
    {
        Save();
        ModelArchive.RewriteHashed(Model, Part, part => [.. part, 7]);
        StringAssert.Contains(LoadError(), "followed by more");
        foreach (var length in new[] { 10, 3, 0 })
        {
            ModelArchive.RewriteHashed(Model, Part, part => part[..length]);
            StringAssert.Contains(LoadError(), "damaged");
        }
    }

    private void Save()
    {
        var view = _ml.Data.LoadFromEnumerable(WarpRow.Make(1, 2, 3));
        _ml.Model.Save(_ml.Transforms.WarpImages("Image", [1, 0, 0, 0, 1, 0], outputHeight: 4).Fit(view), view.Schema, Model);
    }

    private string LoadError()
    {
        var error = Assert.Throws<Exception>(() => _ml.Model.Load(Model, out _)).ToString();
        StringAssert.Contains(error, nameof(FormatException));
        return error;
    }
}
