using Microsoft.ML.Data;
using Microsoft.ML.Spatial.Components;
using Microsoft.ML.Spatial.Functional;
using Microsoft.ML.Spatial.Modules;
using TorchSharp;

namespace Microsoft.ML.Spatial.Tests.Components;

[TestClass]
public sealed class WarpImagesTests
{
    private const int Height = 5;
    private const int Width = 7;

    private readonly MLContext _ml = new(1);

    private static long LiveTensors => DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount;

    [TestMethod]
    [DataRow(MLPixelFormat.Bgra32, TransformationKind.Affine, SamplingMode.Bilinear)]
    [DataRow(MLPixelFormat.Rgba32, TransformationKind.Affine, SamplingMode.Nearest)]
    [DataRow(MLPixelFormat.Rgba32, TransformationKind.Affine, SamplingMode.Bicubic)]
    [DataRow(MLPixelFormat.Bgra32, TransformationKind.Attention, SamplingMode.Nearest)]
    [DataRow(MLPixelFormat.Rgba32, TransformationKind.Attention, SamplingMode.Bilinear)]
    [DataRow(MLPixelFormat.Bgra32, TransformationKind.Projective, SamplingMode.Bilinear)]
    [DataRow(MLPixelFormat.Rgba32, TransformationKind.ThinPlateSpline, SamplingMode.Bilinear)]
    public void IdentityReturnsTheVerySameBytes(MLPixelFormat format, TransformationKind kind, SamplingMode mode)
    {
        var rows = WarpRow.Make(3, 37, 53, format);
        var warped = Warped(rows, new() { Parameters = Theta(kind, 0), Transformation = kind, ControlPointsPerSide = 3, Sampling = mode });
        RowsAssert.AreEqual(Array.ConvertAll(rows, row => row.Image!.Pixels.ToArray()), warped);
    }

    [TestMethod]
    [DataRow(MLPixelFormat.Bgra32)]
    [DataRow(MLPixelFormat.Rgba32)]
    public void ShiftsFlipsAndTurnsMovePixelsExactly(MLPixelFormat format)
    {
        foreach (var (theta, source) in new (float[], Func<int, int, (int, int)>)[]
        {
            ([1, 0, 2f * 2 / Width, 0, 1, 0], (row, column) => (row, column + 2)),
            ([1, 0, 0, 0, 1, -2f * 3 / Height], (row, column) => (row - 3, column)),
            ([-1, 0, 0, 0, 1, 0], (row, column) => (row, Width - 1 - column)),
            ([-1, 0, 0, 0, -1, 0], (row, column) => (Height - 1 - row, Width - 1 - column)),
            ([1, 0, 5, 0, 1, 0], (row, column) => (-1, -1)),
        })
        {
            var rows = WarpRow.Make(1, Height, Width, format);
            CollectionAssert.AreEqual(WarpRow.Read(rows[0].Image!, Height, Width, source), Warped(rows, new() { Parameters = theta })[0]);
        }
    }

    [TestMethod]
    public void AnAttentionWindowIsRead()
    {
        var rows = WarpRow.Make(1, 6, 8);
        var warped = Warped(rows, new() { Parameters = [0.5f, 0.25f, -0.5f], Transformation = TransformationKind.Attention, OutputHeight = 3, OutputWidth = 4 });
        CollectionAssert.AreEqual(WarpRow.Read(rows[0].Image!, 3, 4, (row, column) => (row, column + 3)), warped[0]);
    }

    [TestMethod]
    [DataRow(TransformationKind.Affine)]
    [DataRow(TransformationKind.Attention)]
    [DataRow(TransformationKind.Projective)]
    [DataRow(TransformationKind.ThinPlateSpline)]
    public void EveryKindShiftsExactlyByFixedParametersAndByThoseOfAColumn(TransformationKind kind)
    {
        var rows = WarpRow.Make(2, Height, Width);
        var theta = Theta(kind, 2f * 2 / Width);
        var expected = rows.Select(row => WarpRow.Read(row.Image!, Height, Width, (y, x) => (y, x + 2))).ToArray();
        var options = new ImageWarpingEstimator.Options { Transformation = kind, ControlPointsPerSide = 3, Parameters = theta };
        var warped = Warped(rows, options);

        (options.Parameters, options.ParametersColumnName) = (null, "Shift");
        var view = _ml.Data.LoadFromEnumerable(rows, Definition(theta.Length));
        var byColumn = WarpRow.Pixels(_ml.Transforms.WarpImages(options).Fit(view).Transform(view));
        RowsAssert.AreEqual(expected, warped);
        RowsAssert.AreEqual(expected, byColumn);

        SchemaDefinition Definition(int length)
        {
            foreach (var row in rows)
            {
                row.Shift = theta;
            }

            var definition = SchemaDefinition.Create(typeof(WarpRow));
            definition.Single(column => column.ColumnName == nameof(WarpRow.Shift)).ColumnType = new VectorDataViewType(NumberDataViewType.Single, length);
            return definition;
        }
    }

    [TestMethod]
    public void PaddingIsAsAskedFor()
    {
        var rows = WarpRow.Make(1, Height, Width);
        float[] theta = [1, 0, 2f * 2 / Width, 0, 1, 0];
        CollectionAssert.AreEqual(WarpRow.Read(rows[0].Image!, Height, Width, (row, column) => (row, Math.Min(column + 2, Width - 1))), Warped(rows, new() { Parameters = theta, Padding = PaddingMode.Border })[0]);
        CollectionAssert.AreEqual(
            WarpRow.Read(rows[0].Image!, Height, Width, (row, column) => (row, column + 2 < Width ? column + 2 : (2 * Width) - 1 - (column + 2))),
            Warped(rows, new() { Parameters = theta, Padding = PaddingMode.Reflection })[0]);
    }

    [TestMethod]
    public void TheNearestPixelIsRepeatedInALargerOutput()
    {
        var rows = WarpRow.Make(1, Height, Width);
        var warped = Warped(rows, new() { Parameters = [1, 0, 0, 0, 1, 0], Sampling = SamplingMode.Nearest, OutputHeight = 2 * Height, OutputWidth = 3 * Width });
        CollectionAssert.AreEqual(WarpRow.Read(rows[0].Image!, 2 * Height, 3 * Width, (row, column) => (row / 2, column / 3)), warped[0]);
    }

    [TestMethod]
    public void BetweenPixelsTheDefaultIsBilinear()
    {
        var image = MLImage.CreateFromPixels(2, 1, MLPixelFormat.Rgba32, [0, 100, 200, 255, 100, 50, 0, 255]);
        var warped = Warped([new WarpRow { Image = image }], new() { Parameters = [1, 0, 0.5f, 0, 1, 0], Padding = PaddingMode.Border });
        CollectionAssert.AreEqual(new byte[] { 50, 75, 100, 255, 100, 50, 0, 255 }, warped[0]);
    }

    [TestMethod]
    public void TheCubicKernelIsHeldWithinTheRangeOfBytes()
    {
        // Half-way between pixels it weighs -3/32, 19/32, 19/32, -3/32 (a = -0.75): over- and undershooting is cut off.
        var image = MLImage.CreateFromPixels(4, 1, MLPixelFormat.Bgra32, [0, 255, 60, 255, 255, 0, 80, 255, 255, 0, 40, 255, 0, 255, 20, 255]);
        var warped = Warped([new WarpRow { Image = image }], new() { Parameters = [1, 0, 0.25f, 0, 1, 0], Sampling = SamplingMode.Bicubic, Padding = PaddingMode.Border });
        CollectionAssert.AreEqual(new byte[] { 255, 0, 64, 255 }, warped[0]![4..8]);
    }

    [TestMethod]
    public void FormatIsKeptAndTheResultIsOpaque()
    {
        foreach (var format in new[] { MLPixelFormat.Bgra32, MLPixelFormat.Rgba32 })
        {
            var rows = new[] { new WarpRow { Image = MLImage.CreateFromPixels(1, 1, format, [10, 20, 30, 40]) } };
            foreach (var options in new ImageWarpingEstimator.Options[] { new() { Parameters = [1, 0, 0, 0, 1, 0] }, new() { Random = new RandomWarp() } })
            {
                using var warped = Transformed(rows, options).GetColumn<MLImage>("Image").Single();
                Assert.AreEqual(format, warped.PixelFormat);
                CollectionAssert.AreEqual(new byte[] { 10, 20, 30, 255 }, warped.Pixels.ToArray());
            }
        }
    }

    [TestMethod]
    public void EachRowIsWarpedByTheParametersOfItsColumn()
    {
        var rows = WarpRow.Make(4, Height, Width);
        for (var i = 0; i < 4; i++)
        {
            rows[i].Theta = [1, 0, 2f * i / Width, 0, 1, 0];
        }

        var view = _ml.Data.LoadFromEnumerable(rows);
        var warped = WarpRow.Pixels(_ml.Transforms.WarpImages("Warped", "Theta", "Image").Fit(view).Transform(view), "Warped");
        RowsAssert.AreEqual(rows.Select((row, i) => WarpRow.Read(row.Image!, Height, Width, (y, x) => (y, x + i))).ToArray(), warped);
    }

    [TestMethod]
    public void PicturesOfDifferentSizesComeOutAsTheyCameOrInOneSize()
    {
        var rows = new[] { new WarpRow { Image = WarpRow.Picture(3, 4) }, new WarpRow { Image = WarpRow.Picture(6, 5) } };
        Assert.AreEqual("3x4 6x5", Sizes(new() { Parameters = [1, 0, 0.1f, 0, 1, 0] }));
        Assert.AreEqual("3x9 6x9", Sizes(new() { Parameters = [1, 0, 0.1f, 0, 1, 0], OutputWidth = 9 }));
        Assert.AreEqual("8x9 8x9", Sizes(new() { Random = new RandomWarp(), OutputHeight = 8, OutputWidth = 9 }));

        string Sizes(ImageWarpingEstimator.Options options) => string.Join(' ', Transformed(rows, options).GetColumn<MLImage>("Image").Select(image => $"{image.Height}x{image.Width}"));
    }

    [TestMethod]
    public void ARowWithoutAnImageHasNoWarpedImage()
    {
        var rows = WarpRow.Make(3, Height, Width);
        rows[0].Image = null;
        rows[2].Image = null;
        var warped = Warped(rows, new() { ParametersColumnName = "Theta" });
        Assert.IsNull(warped[0]);
        Assert.IsNotNull(warped[1]);
        Assert.IsNull(warped[2]);
    }

    [TestMethod]
    public void SourcePointsOutOfAnyBoundsGiveAPicture()
    {
        var rows = WarpRow.Make(1, Height, Width);
        foreach (var theta in new float[][] { [float.MaxValue, 0, 0, 0, 1, 0], [0, 0, -1e30f, 1e30f, 0, float.MinValue], [float.MaxValue, float.MaxValue, float.MaxValue, 1, 1, 1], [0, 0, 0, 0, 0, 0] })
        {
            foreach (var padding in Enum.GetValues<PaddingMode>())
            {
                foreach (var mode in Enum.GetValues<SamplingMode>())
                {
                    Assert.HasCount(Height * Width * 4, Warped(rows, new() { Parameters = theta, Padding = padding, Sampling = mode })[0]!);
                }
            }
        }
    }

    [TestMethod]
    public void ImagesBelongToWhoTakesThemAndTheSourcesAreLeftAlone()
    {
        var rows = WarpRow.Make(3, Height, Width);
        var images = Array.ConvertAll(rows, row => row.Image!);
        foreach (var options in new ImageWarpingEstimator.Options[] { new() { Parameters = [-1, 0, 0, 0, 1, 0] }, new() { Random = new RandomWarp() } })
        {
            options.OutputColumnName = "Warped";
            options.InputColumnName = "Image";
            var view = Transformed(rows, options);
            var handedOut = new List<MLImage>();
            using (var cursor = view.GetRowCursor([view.Schema["Warped"]]))
            {
                var getter = cursor.GetGetter<MLImage>(view.Schema["Warped"]);
                MLImage image = null!;
                while (cursor.MoveNext())
                {
                    MLImage? again = null;
                    getter(ref image);
                    getter(ref again!);
                    Assert.AreNotSame(image, again);
                    CollectionAssert.AreEqual(image.Pixels.ToArray(), again.Pixels.ToArray());
                    handedOut.Add(image);
                    handedOut.Add(again);
                }
            }

            Assert.HasCount(6, handedOut.Except(images).Distinct().ToArray());
            Assert.IsTrue(images.All(image => image.Pixels.Length > 0), "the owner's images are there");
            Assert.IsTrue(handedOut.Where((_, i) => i % 2 == 1).All(image => image.Pixels.Length > 0), "an image that its taker holds is there after the cursor");
            Assert.Throws<Exception>(() => handedOut[0].Pixels.Length, "what the taker's reference held is disposed");
        }
    }

    [TestMethod]
    public void NoTensorStaysAlive()
    {
        var rows = WarpRow.Make(5, Height, Width);
        var before = LiveTensors;
        foreach (var options in new ImageWarpingEstimator.Options[]
        {
            new() { Parameters = [1, 0, 0.2f, 0, 1, 0] },
            new() { ParametersColumnName = "Theta", Sampling = SamplingMode.Nearest },
            new() { Random = new RandomWarp { RotationDegrees = new(-30, 30) }, OutputHeight = 9, Padding = PaddingMode.Reflection },
        })
        {
            Assert.HasCount(5, Warped(rows, options));
            Assert.AreEqual(before, LiveTensors);
        }
    }

    [TestMethod]
    public void OnlyWhatIsAskedForIsRead()
    {
        var watched = new WatchedView(_ml.Data.LoadFromEnumerable(WarpRow.Make(4, Height, Width)));
        var view = _ml.Transforms.WarpImages("Warped", "Theta", "Image").Fit(watched).Transform(watched);
        Assert.IsEmpty(watched.Cursors);
        CollectionAssert.AreEqual(new[] { 0, 1, 2, 3 }, view.GetColumn<int>("Index").ToArray());
        CollectionAssert.AreEqual(new[] { "Index" }, watched.Cursors[0]);
        using var cursor = view.GetRowCursor([view.Schema["Warped"]]);
        CollectionAssert.AreEqual(new[] { "Image", "Theta" }, watched.Cursors[1]);
        Assert.AreEqual(4, watched.Moves);
        Assert.IsTrue(cursor.MoveNext());
        Assert.AreEqual(5, watched.Moves, "no row is read ahead");
        Assert.IsTrue(cursor.IsColumnActive(view.Schema["Warped"]));
        Assert.IsFalse(cursor.IsColumnActive(view.Schema["Index"]));
        Assert.ThrowsExactly<InvalidOperationException>(() => cursor.GetGetter<int>(view.Schema["Index"]));
        Assert.ThrowsExactly<InvalidOperationException>(() => cursor.GetGetter<int>(view.Schema["Warped"]));
        Assert.AreEqual(watched.CanShuffle, view.CanShuffle);
        Assert.AreEqual(watched.GetRowCount(), view.GetRowCount());
    }

    [TestMethod]
    public void SeveralCursorsAtOnceAgree()
    {
        var view = Transformed(WarpRow.Make(30, 9, 11), new() { Parameters = [0.8f, 0.3f, 0.1f, -0.3f, 0.8f, 0] });
        var expected = WarpRow.Pixels(view);
        Parallel.For(0, 4, new ParallelOptions { MaxDegreeOfParallelism = 4 }, _ => RowsAssert.AreEqual(expected, WarpRow.Pixels(view)));
    }

    [TestMethod]
    public void APredictionEngineGivesWhatTransformGives()
    {
        var rows = WarpRow.Make(3, Height, Width);
        rows[1].Theta = [0.9f, 0.2f, 0, -0.2f, 0.9f, 0.1f];
        var view = _ml.Data.LoadFromEnumerable(rows);
        var transformer = _ml.Transforms.WarpImages("Image", "Theta").Fit(view);
        var expected = WarpRow.Pixels(transformer.Transform(view));
        using var engine = _ml.Model.CreatePredictionEngine<WarpRow, Prediction>(transformer);
        RowsAssert.AreEqual(expected, Array.ConvertAll(rows, row => engine.Predict(row).Image!.Pixels.ToArray()));
    }

    [TestMethod]
    public void PromisedIsDelivered()
    {
        var any = _ml.Data.LoadFromEnumerable(WarpRow.Make(2, Height, Width));
        var sized = _ml.Data.LoadFromEnumerable(PictureRow.Make(2, 1));
        foreach (var view in new[] { any, sized })
        {
            foreach (var options in new ImageWarpingEstimator.Options[]
            {
                new() { Parameters = [1, 0, 0, 0, 1, 0] },
                new() { Parameters = [1, 0, 0, 0, 1, 0], OutputHeight = 4 },
                new() { Random = new RandomWarp(), OutputHeight = 4, OutputWidth = 6, InputColumnName = "Image", OutputColumnName = "Warped" },
            })
            {
                SchemaAssert.PromisedIsDelivered(_ml.Transforms.WarpImages(options), view);
            }
        }

        SchemaAssert.PromisedIsDelivered(_ml.Transforms.WarpImages("Warped", "Theta", "Image"), any);
    }

    [TestMethod]
    public void TheSchemaTellsTheSizeWhereItIsKnown()
    {
        Assert.AreEqual("Image", TypeOf(_ml.Data.LoadFromEnumerable(WarpRow.Make(1, Height, Width)), null, 6));
        Assert.AreEqual("Image<4, 6>", TypeOf(_ml.Data.LoadFromEnumerable(WarpRow.Make(1, Height, Width)), 4, 6));
        Assert.AreEqual("Image<12, 12>", TypeOf(_ml.Data.LoadFromEnumerable(PictureRow.Make(1, 1)), null, null));
        Assert.AreEqual("Image<4, 12>", TypeOf(_ml.Data.LoadFromEnumerable(PictureRow.Make(1, 1)), 4, null));

        string TypeOf(IDataView view, int? height, int? width)
        {
            var type = (Transforms.Image.ImageDataViewType)_ml.Transforms.WarpImages("Image", [1, 0, 0, 0, 1, 0], outputHeight: height, outputWidth: width).Fit(view).GetOutputSchema(view.Schema)["Image"].Type;
            return type.Height == 0 ? "Image" : $"Image<{type.Height}, {type.Width}>";
        }
    }

    /// <summary>Parameters that read a part of the width further to the right.</summary>
    private static float[] Theta(TransformationKind kind, float right) => kind switch
    {
        TransformationKind.Affine => [1, 0, right, 0, 1, 0],
        TransformationKind.Attention => [1, right, 0],
        TransformationKind.Projective => [1, 0, right, 0, 1, 0, 0, 0],
        _ => new ThinPlateSpline(3, 3).IdentityTheta().Select((value, i) => i % 2 == 0 ? value + right : value).ToArray(),
    };

    private byte[]?[] Warped(WarpRow[] rows, ImageWarpingEstimator.Options options) => WarpRow.Pixels(Transformed(rows, options));

    private IDataView Transformed(WarpRow[] rows, ImageWarpingEstimator.Options options)
    {
        var view = _ml.Data.LoadFromEnumerable(rows);
        return _ml.Transforms.WarpImages(options).Fit(view).Transform(view);
    }

    private sealed class Prediction
    {
        [Transforms.Image.ImageType]
        public MLImage? Image { get; set; }
    }
}
