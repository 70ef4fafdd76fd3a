using System.Drawing;
using Microsoft.ML.Data;
using Microsoft.ML.Spatial.Functional;
using Microsoft.ML.Spatial.Modules;
using Microsoft.ML.Spatial.Visualization;
using TorchSharp;
using static Microsoft.ML.Spatial.Tests.Functional.TestTensors;

namespace Microsoft.ML.Spatial.Tests.Visualization;

[TestClass]
public sealed class SamplingOverlayTests
{
    private const int Margin = 16;

    [TestMethod]
    public void SamplesLieAtTheCentresOfWhatTheyStandFor()
    {
        var overlay = SamplingOverlay.Samples((1, 2), 8, [(0, 0), (2.5, -1)], 4);
        CollectionAssert.AreEqual(new[] { new PointF(2, 2), new PointF(-2, 12), new PointF(20, 12) }, overlay.Points.Select(point => point.At).ToArray());
        Assert.AreNotEqual(overlay.Points[0].Color, overlay.Points[2].Color);
        Assert.AreEqual("pointStride", Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => SamplingOverlay.Samples((1, 2), 8, [], 0)).ParamName);
        Assert.AreEqual("positionStride", Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => SamplingOverlay.Samples((1, 2), double.NaN, [], 1)).ParamName);
        Assert.ThrowsExactly<ArgumentNullException>(() => SamplingOverlay.Samples((1, 2), 8, null!, 1));
    }

    [TestMethod]
    public void RoIsCarryTheirDilation()
    {
        using var scope = torch.NewDisposeScope();
        var overlay = SamplingOverlay.Dilations(Singles([1, 2, 5, 9, 0, 0, 3, 3], 2, 4), Singles([8.44, 5], 2));
        CollectionAssert.AreEqual(new[] { "8.4", "5.0" }, overlay.Labels.Select(label => label.Text).ToArray());
        Assert.AreEqual(new PointF(1, 2), overlay.Labels[0].At);
        Assert.HasCount(8, overlay.Lines);
        CollectionAssert.AreEqual(new[] { new PointF(1, 2), new PointF(5, 2), new PointF(5, 9), new PointF(1, 9) }, overlay.Lines.Take(4).Select(line => line.From).ToArray());
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => SamplingOverlay.Dilations(Singles([1, 2, 5, 9], 1, 4), Singles([1, 2], 2))).Message, "[2]; [1]");
        Assert.AreEqual("boxes", Assert.ThrowsExactly<ArgumentException>(() => SamplingOverlay.Dilations(Singles([1, 2, 5], 1, 3), Singles([1], 1))).ParamName);
    }

    [TestMethod]
    public void MasksAreOutlined()
    {
        using var scope = torch.NewDisposeScope();

        // An L of three positions has an edge of eight sides.
        var overlay = SamplingOverlay.Mask(Singles([0, 0, 0, 0, 1, 0, 0, 0.9, 0.6], 3, 3), 10, 2);
        Assert.HasCount(8, overlay.Lines);
        var length = overlay.Lines.Sum(line => Math.Abs(line.From.X - line.To.X) + Math.Abs(line.From.Y - line.To.Y));
        Assert.AreEqual(80, length);
        Assert.AreEqual(20, overlay.Lines.Min(line => line.From.Y) + overlay.Lines.Min(line => line.From.X));
        Assert.AreEqual("2.0", overlay.Labels.Single().Text);
        Assert.AreEqual((1.5 + 2.5 + 2.5) / 3 * 10, overlay.Labels[0].At.Y, 1e-4);
        Assert.AreEqual((1.5 + 1.5 + 2.5) / 3 * 10, overlay.Labels[0].At.X, 1e-4);
        Assert.AreSame(SheetOverlay.Empty, SamplingOverlay.Mask(Singles([0, 0], 1, 2), 1, 2));
        Assert.AreEqual("mask", Assert.ThrowsExactly<ArgumentException>(() => SamplingOverlay.Mask(Singles([0, 0], 2), 1, 2)).ParamName);
        Assert.AreEqual("stride", Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => SamplingOverlay.Mask(Singles([0, 0], 1, 2), -1, 2)).ParamName);
    }

    [TestMethod]
    public void BinsAndRegionsAreOutlined()
    {
        using var scope = torch.NewDisposeScope();
        var rois = Singles([0, 10, 20, 40, 60], 1, 5);
        var overlay = SamplingOverlay.Bins(BinLocations.Of(rois, Singles(new double[12], 1, 2, 2, 3)), rois.narrow(1, 1, 4));
        Assert.HasCount(4 * 7, overlay.Lines);
        Assert.AreEqual(new PointF(20, 20), overlay.Lines[4].From);
        Assert.AreEqual(new PointF(20, 40), overlay.Lines[6].To with { X = 20 });
        Assert.AreEqual(new PointF(40, 60), overlay.Lines[26].From);
        Assert.AreEqual("bins", Assert.ThrowsExactly<ArgumentException>(() => SamplingOverlay.Bins(Singles([1, 2], 2), rois.narrow(1, 1, 4))).ParamName);
        Assert.AreEqual("boxes", Assert.ThrowsExactly<ArgumentException>(() => SamplingOverlay.Bins(Singles([], 0, 4), rois)).ParamName);
    }

    [TestMethod]
    public void IsDrawnOnThePictureAndNotOnTheNext()
    {
        var overlay = new SheetOverlay(
            [new SheetLine(new PointF(0, 5), new PointF(1e9f, 5), Color.Blue), new SheetLine(new PointF(float.NaN, 0), new PointF(3, 3), Color.Blue)],
            [new SheetPoint(new PointF(2, 2), Color.Red), new SheetPoint(new PointF(float.PositiveInfinity, 2), Color.Red)],
            [new SheetLabel(new PointF(500, 7), "1", Color.Lime), new SheetLabel(new PointF(float.NaN, 7), "1", Color.Lime)]);
        var picture = SheetPicture.FromValues(new float[100], 1, 10, 10);
        var sheet = new ContactSheet(columns: 1) { PictureSide = 40, TextScale = 1 };
        sheet.Add(new SheetCell([picture.With(overlay), picture], []));
        var canvas = sheet.Draw();

        Assert.AreEqual(255, Channel(canvas, 8, 8, 2), "the dot");
        Assert.AreEqual(0, Channel(canvas, 12, 8, 2), "beside the dot");
        Assert.AreEqual(255, Channel(canvas, 20, 20, 0), "the line");
        Assert.IsTrue(Enumerable.Range(34, 6).Any(x => Enumerable.Range(28, 10).Any(y => Channel(canvas, x, y, 1) == 255)), "the label, moved inside");

        // The gap is six pixels; the second picture is as if the first were not there.
        for (int y = 0; y < 40; y++)
            for (int x = 46; x < 86; x++)
                for (int channel = 0; channel < 3; channel++)
                    Assert.AreEqual(0, Channel(canvas, x, y, channel));
        Assert.HasCount(0, picture.Overlay.Lines);
        Assert.HasCount(4, picture.With(overlay).With(overlay).Overlay.Points);
    }

    [TestMethod]
    public void SavesWhatAStackOfLayersReads()
    {
        using var scope = torch.NewDisposeScope();
        var folder = Directory.CreateTempSubdirectory("samples-").FullName;
        try
        {
            using var first = new DeformConv2dPack(3, 4, (3, 3), (2, 2), (1, 1));
            using var second = new DeformConv2dPack(4, 4, (3, 3), padding: (1, 1));
            var image = Singles(Uniform(1, 3 * 32 * 40, 0), 1, 3, 32, 40);
            var features = first.call(image);
            (torch.Tensor, ConvolutionGeometry)[] layers = [(first.Offsets(image), first.Geometry), (second.Offsets(features), second.Geometry)];
            var points = SamplingLocations.Through(layers, picture: 0, row: 7, column: 9);
            Assert.HasCount(81, points);
            var dilation = EffectiveDilation.OfRoIs(EffectiveDilation.Map(layers[1].Item1, second.Geometry), Singles([0, 4, 4, 20, 20], 1, 5), 0.5);
            var overlay = SamplingOverlay.Samples((7, 9), 2, points, 1).With(SamplingOverlay.Dilations(Singles([4, 4, 20, 20], 1, 4), dilation));
            var sheet = new ContactSheet(columns: 1);
            sheet.Add(new SheetCell([SheetPicture.FromValues([.. Values(image).Select(value => (float)value)], 3, 32, 40).With(overlay)], []));
            var path = Path.Combine(folder, "samples.png");
            sheet.Save(path);

            // The position's dot is green: factor 4, so row 7.5 and column 9.5 of stride 2 lie 8 times as far.
            using var saved = MLImage.CreateFromFile(path);
            var pixel = saved.Pixels.Slice(4 * ((Margin + 60) * saved.Width + Margin + 76), 4);
            Assert.AreEqual(255, pixel[1]);
            Assert.AreEqual(64, Math.Min(pixel[0], pixel[2]));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static int Channel(Canvas canvas, int x, int y, int channel) => canvas.Pixels[4 * ((Margin + y) * canvas.Width + Margin + x) + channel];
}
