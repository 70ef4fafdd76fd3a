using Microsoft.ML.Data;
using Microsoft.ML.Spatial.Components;
using Microsoft.ML.Spatial.Functional;
using Microsoft.ML.Spatial.Modules;

namespace Microsoft.ML.Spatial.Tests.Components;

[TestClass]
public sealed class WarpImagesBadInputTests
{
    private readonly MLContext _ml = new(1);

    [TestMethod]
    public void OptionsOutOfRange()
    {
        foreach (var (name, set) in new (string, Action<ImageWarpingEstimator.Options>)[]
        {
            ("OutputColumnName", options => options.OutputColumnName = " "),
            ("InputColumnName", options => options.InputColumnName = ""),
            ("Transformation", options => options.Transformation = (TransformationKind)99),
            ("Parameters", options => options.Parameters = [1, 2, 3]),
            ("Parameters", options => options.Transformation = TransformationKind.Attention),
            ("Parameters", options => options.Transformation = TransformationKind.Projective),
            ("Parameters", options => options.Transformation = TransformationKind.ThinPlateSpline),
            ("ControlPointsPerSide", options => options.ControlPointsPerSide = 1),
            ("ControlPointsPerSide", options => options.ControlPointsPerSide = 33),
            ("Parameters[4]", options => options.Parameters = [1, 0, 0, 0, float.NaN, 0]),
            ("Parameters[2]", options => options.Parameters = [1, 0, float.NegativeInfinity, 0, 1, 0]),
            ("Parameters", options => options.Parameters = null),
            ("ParametersColumnName", options => options.ParametersColumnName = "Theta"),
            ("ParametersColumnName", options => (options.Parameters, options.ParametersColumnName) = (null, " ")),
            ("Random", options => options.Random = new RandomWarp()),
            ("Random", options => (options.Parameters, options.ParametersColumnName, options.Random) = (null, "Theta", new RandomWarp())),
            ("Transformation", options => (options.Parameters, options.Random, options.Transformation) = (null, new RandomWarp(), TransformationKind.Attention)),
            ("Seed", options => options.Seed = 5),
            ("OutputHeight", options => options.OutputHeight = 0),
            ("OutputWidth", options => options.OutputWidth = -1),
            ("OutputWidth", options => options.OutputWidth = 16385),
            ("OutputHeight", options => (options.OutputHeight, options.OutputWidth) = (16384, 10923)),
            ("Sampling", options => options.Sampling = (SamplingMode)99),
            ("Padding", options => options.Padding = (PaddingMode)99),
        })
        {
            var options = new ImageWarpingEstimator.Options { Parameters = [1, 0, 0, 0, 1, 0] };
            set(options);
            AssertRefused(options, name);
        }
    }

    [TestMethod]
    public void RangesOutOfRange()
    {
        foreach (var (name, warp) in new (string, RandomWarp)[]
        {
            ("RotationDegrees", new() { RotationDegrees = new(10, -10) }),
            ("RotationDegrees", new() { RotationDegrees = new(double.NaN, 10) }),
            ("RotationDegrees", new() { RotationDegrees = new(0, double.PositiveInfinity) }),
            ("Scale", new() { Scale = new(0, 1) }),
            ("Scale", new() { Scale = new(-1, 1) }),
            ("Scale", new() { Scale = new(1.2, 0.8) }),
            ("Scale", new() { Scale = default }),
            ("TranslationX", new() { TranslationX = new(0.1, -0.1) }),
            ("TranslationY", new() { TranslationY = new(0, double.NaN) }),
            ("ShearXDegrees", new() { ShearXDegrees = new(-90, 0) }),
            ("ShearXDegrees", new() { ShearXDegrees = new(5, 0) }),
            ("ShearYDegrees", new() { ShearYDegrees = new(0, 90) }),
            ("HorizontalFlipProbability", new() { HorizontalFlipProbability = 1.1 }),
            ("HorizontalFlipProbability", new() { HorizontalFlipProbability = -0.1 }),
            ("HorizontalFlipProbability", new() { HorizontalFlipProbability = double.NaN }),
        })
        {
            AssertRefused(new ImageWarpingEstimator.Options { Random = warp }, $"Random.{name}");
        }
    }

    [TestMethod]
    public void ColumnsThatAreMissingOrOfTheWrongType()
    {
        var view = _ml.Data.LoadFromEnumerable(new[] { new OddRow() });
        AssertRefused(new() { Parameters = [1, 0, 0, 0, 1, 0], InputColumnName = "Picture" }, view, "'Picture'", "Image", "Values");
        AssertRefused(new() { Parameters = [1, 0, 0, 0, 1, 0], InputColumnName = "Values" }, view, "'Values'", "Vector<Single>", "MLImage");
        AssertRefused(new() { Parameters = [1, 0, 0, 0, 1, 0], InputColumnName = "Name" }, view, "'Name'", "String");
        AssertRefused(new() { ParametersColumnName = "Theta" }, view, "'Theta'", "Values");
        AssertRefused(new() { ParametersColumnName = "Image" }, view, "'Image'", "6 values");
        AssertRefused(new() { ParametersColumnName = "Doubles" }, view, "'Doubles'", "Vector<Double>");
        AssertRefused(new() { ParametersColumnName = "Number" }, view, "'Number'", "Single");
        AssertRefused(new() { ParametersColumnName = "Any" }, view, "'Any'", "variable-size");

        var estimator = _ml.Transforms.WarpImages("Image", "Values");
        Assert.HasCount(view.Schema.Count, estimator.GetOutputSchema(SchemaShapes.Of(view.Schema)).ToArray(), "a schema shape does not tell sizes");
        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => estimator.Fit(view));
        StringAssert.Contains(error.Message, "'Values' holds vectors of 5 values; 6 are needed");
    }

    [TestMethod]
    public void ParametersOfARowThatAreNotFinite()
    {
        var rows = WarpRow.Make(5, 4, 6);
        rows[1].Theta[3] = float.NaN;
        rows[3].Theta[0] = float.PositiveInfinity;
        var view = _ml.Data.LoadFromEnumerable(rows);
        AssertFailsAtRows(_ml.Transforms.WarpImages("Image", "Theta").Fit(view).Transform(view), "Image", (1, "Parameter column 'Theta', row 1: value 3 is NaN"), (3, "Parameter column 'Theta', row 3: value 0 is Infinity"));
    }

    [TestMethod]
    public void ImagesThatCannotBeRead()
    {
        var folder = Directory.CreateTempSubdirectory("spatial-warp-").FullName;
        try
        {
            using (var picture = WarpRow.Picture(4, 6))
            {
                foreach (var name in new[] { "0.png", "2.png" })
                {
                    picture.Save(Path.Combine(folder, name));
                }
            }

            File.WriteAllText(Path.Combine(folder, "1.png"), "this is no picture");
            var view = _ml.Data.LoadFromEnumerable(Enumerable.Range(0, 3).Select(i => new FileRow { File = $"{i}.png" }).ToArray());
            var chain = _ml.Transforms.LoadImages("Image", folder, "File").Append(_ml.Transforms.WarpImages("Image", [-1, 0, 0, 0, 1, 0]));
            AssertFailsAtRows(chain.Fit(view).Transform(view), "Image", (1, "Image column 'Image', row 1: "));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [TestMethod]
    public void AnOutputTooLargeByTheImagesOwnSide()
    {
        _ml.Transforms.WarpImages(new ImageWarpingEstimator.Options { Parameters = [1, 0, 0, 0, 1, 0], OutputHeight = 16384, OutputWidth = 10922 });
        using var wide = MLImage.CreateFromPixels(11000, 1, MLPixelFormat.Bgra32, new byte[4 * 11000]);
        var view = _ml.Data.LoadFromEnumerable(new[] { new WarpRow { Image = wide } });
        var warped = _ml.Transforms.WarpImages("Image", [1, 0, 0, 0, 1, 0], outputHeight: 16384).Fit(view).Transform(view);
        var error = Assert.ThrowsExactly<InvalidDataException>(() => WarpRow.Pixels(warped));
        StringAssert.StartsWith(error.Message, "Image column 'Image', row 0: Option OutputHeight is 16384");
        StringAssert.Contains(error.Message, "OutputWidth, here 11000");
    }

    [TestMethod]
    public void AnImageThatItsOwnerDisposed()
    {
        var rows = WarpRow.Make(3, 4, 6);
        rows[2].Image!.Dispose();
        var view = _ml.Data.LoadFromEnumerable(rows);
        AssertFailsAtRows(_ml.Transforms.WarpImages("Image", new RandomWarp()).Fit(view).Transform(view), "Image", (2, "Image column 'Image', row 2: "));
    }

    private static void AssertFailsAtRows(IDataView view, string column, params (long Row, string Message)[] failures)
    {
        using var cursor = view.GetRowCursor([view.Schema[column]]);
        var getter = cursor.GetGetter<MLImage>(view.Schema[column]);
        MLImage image = null!;
        var rows = 0;
        for (; cursor.MoveNext(); rows++)
        {
            var message = failures.Where(failure => failure.Row == cursor.Position).Select(failure => failure.Message).SingleOrDefault();
            if (message is null)
            {
                getter(ref image);
                Assert.AreEqual(6, image.Width);
            }
            else
            {
                var error = Assert.ThrowsExactly<InvalidDataException>(() => getter(ref image));
                StringAssert.StartsWith(error.Message, message);
            }
        }

        Assert.IsGreaterThan(failures[^1].Row, rows);
    }

    private void AssertRefused(ImageWarpingEstimator.Options options, string name)
    {
        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Transforms.WarpImages(options), name);
        StringAssert.Contains(error.Message, $"Option {name} is ");
        StringAssert.Contains(error.Message, "must be");
    }

    private void AssertRefused(ImageWarpingEstimator.Options options, IDataView view, params string[] expected)
    {
        var estimator = _ml.Transforms.WarpImages(options);
        foreach (var refused in new Action[] { () => estimator.Fit(view), () => estimator.GetOutputSchema(SchemaShapes.Of(view.Schema)) })
        {
            var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(refused);
            foreach (var piece in expected)
            {
                StringAssert.Contains(error.Message, piece);
            }
        }
    }

    private sealed class OddRow
    {
        [Transforms.Image.ImageType(4, 6)]
        public MLImage? Image { get; set; }

        [VectorType(5)]
        public float[] Values { get; set; } = new float[5];

        [VectorType(6)]
        public double[] Doubles { get; set; } = new double[6];

        public float[] Any { get; set; } = [];

        public float Number { get; set; }

        public string Name { get; set; } = "";
    }

    private sealed class FileRow
    {
        public string File { get; set; } = "";
    }
}
