using FsCheck;
using FsCheck.Fluent;
using Microsoft.ML.Data;
using Microsoft.ML.Spatial.Components;
using Microsoft.ML.Spatial.Data;
using Microsoft.ML.Spatial.Modules;
using Microsoft.ML.Spatial.Tests.Components;
using Microsoft.ML.Transforms.Image;

namespace Microsoft.ML.Spatial.Tests.Data;

[TestClass]
public sealed class ImagePlacementTests
{
    private readonly MLContext _ml = new(1);

    [TestMethod]
    public void APaddedImageFillsOneSideAndKeepsItsAspectRatio() => Holds((image, frame) =>
    {
        var extent = ImagePlacement.Of(image, frame, ImageResizing.Pad).Extent;
        Assert.IsTrue(extent.Height == frame.Height || extent.Width == frame.Width, $"{extent} in {frame}");
        Assert.IsTrue(extent.Height >= 1 && extent.Width >= 1 && extent.Height <= frame.Height && extent.Width <= frame.Width, $"{extent} in {frame}");
        var scale = Math.Min((double)frame.Height / image.Height, (double)frame.Width / image.Width);
        Assert.AreEqual(Math.Max(1, scale * image.Height), extent.Height, 0.5 + 1e-9);
        Assert.AreEqual(Math.Max(1, scale * image.Width), extent.Width, 0.5 + 1e-9);
    });

    [TestMethod]
    [DataRow(ImageResizing.Pad)]
    [DataRow(ImageResizing.Resize)]
    public void BoxesComeBackAsTheyWent(ImageResizing resizing) => Holds((image, frame) =>
    {
        var placement = ImagePlacement.Of(image, frame, resizing);
        var random = new Random(image.Height + (7919 * image.Width));
        float[] boxes = [.. Enumerable.Range(0, 12).Select(i => random.NextSingle() * (i % 2 == 0 ? image.Width : image.Height)), 0, 0, image.Width, image.Height];
        var there = boxes.ToArray();
        placement.ToNetwork(there);
        Assert.IsTrue(there.Index().All(side => side.Item >= 0 && side.Item <= (side.Index % 2 == 0 ? placement.Extent.Width : placement.Extent.Height) * (1 + 1e-6f)));
        placement.ToImage(there);
        for (var i = 0; i < boxes.Length; i++)
            Assert.AreEqual(boxes[i], there[i], 1e-6f * (i % 2 == 0 ? image.Width : image.Height), $"side {i}");
    });

    [TestMethod]
    [DataRow(ImageResizing.Pad)]
    [DataRow(ImageResizing.Resize)]
    [DataRow(ImageResizing.Refuse)]
    public void AnImageOfTheNetworksSizeStaysToTheBit(ImageResizing resizing)
    {
        var shape = new ImageShape(1, 37, 91);
        var placement = ImagePlacement.Of(new ImageSize(37, 91), shape, resizing);
        float[] boxes = [0.1f, 0.7f, 33.3f, 36.9f];
        var same = boxes.ToArray();
        placement.ToNetwork(same);
        CollectionAssert.AreEqual(boxes, same);
        placement.ToImage(same);
        CollectionAssert.AreEqual(boxes, same);
        Assert.AreEqual(new ImageSize(37, 91), placement.Extent);
        CollectionAssert.AreEqual(Read(37, 91, shape, ImageResizing.Refuse), Read(37, 91, shape, resizing));
    }

    [TestMethod]
    public void WhatIsFoundIsCutOffAtTheImageAndGoneInThePadding()
    {
        // 20 wide and 40 high in 80 x 80: twice as large, the right half is padding.
        var placement = ImagePlacement.Of(new ImageSize(40, 20), new ImageShape(1, 80, 80), ImageResizing.Pad);
        Assert.AreEqual(new ImageSize(80, 40), placement.Extent);
        var found = placement.ToImage(new Detections([10, 20, 60, 80, 50, 10, 70, 30, 4, 4, 8, 8, 3, 3, 3, 9], [0.9f, 0.8f, 0.7f, 0.6f], [1, 0, 2, 0]));

        CollectionAssert.AreEqual(new float[] { 5, 10, 20, 40, 2, 2, 4, 4, 1.5f, 1.5f, 1.5f, 4.5f }, found.Boxes);
        CollectionAssert.AreEqual(new[] { 0.9f, 0.7f, 0.6f }, found.Scores);
        CollectionAssert.AreEqual(new[] { 1, 2, 0 }, found.Classes);
    }

    [TestMethod]
    [DataRow(20, 50)]
    [DataRow(50, 20)]
    [DataRow(7, 9)]
    [DataRow(300, 31)]
    public void PaddingIsZeroAndTheRestIsTheImageResized(int height, int width)
    {
        var shape = new ImageShape(3, 24, 32);
        var extent = ImagePlacement.Of(new ImageSize(height, width), shape, ImageResizing.Pad).Extent;
        var padded = Read(height, width, shape, ImageResizing.Pad);
        var resized = Read(height, width, new ImageShape(3, extent.Height, extent.Width), ImageResizing.Resize);
        for (var i = 0; i < padded.Length; i++)
        {
            var (channel, row, column) = (i / (24 * 32), i / 32 % 24, i % 32);
            var isPadding = row >= extent.Height || column >= extent.Width;
            Assert.AreEqual(isPadding ? 0 : resized[(((channel * extent.Height) + row) * extent.Width) + column], padded[i], $"channel {channel}, row {row}, column {column}");
        }

        Assert.IsTrue(padded.Any(value => value > 0.2f));
    }

    /// <summary>A picture of bright noise as the network reads it.</summary>
    private float[] Read(int height, int width, ImageShape shape, ImageResizing resizing)
    {
        var random = new Random(5);
        float[] values = [.. Enumerable.Range(0, height * width).Select(_ => 0.3f + (0.7f * random.NextSingle()))];
        var view = _ml.Data.LoadFromEnumerable([new Picture { Image = Shapes.Picture(values, height, width) }]);
        using var cursor = view.GetRowCursor(view.Schema);
        Assert.IsTrue(cursor.MoveNext());
        using var reader = ImageReader.Create(cursor, view.Schema["Image"], shape, resizing);
        var planes = new float[shape.Length];
        Array.Fill(planes, 9);
        Assert.AreEqual(new ImageSize(height, width), reader.Measure());
        Assert.AreEqual(new ImageSize(height, width), reader.Read(planes));
        return planes;
    }

    private static void Holds(Action<ImageSize, ImageShape> property) => Prop.ForAll(
        Arb.From(
            from height in Gen.Choose(1, 700)
            from width in Gen.Choose(1, 700)
            from rows in Gen.Choose(1, 500)
            from columns in Gen.Choose(1, 500)
            select (Image: new ImageSize(height, width), Frame: new ImageShape(1, rows, columns))),
        one => property(one.Image, one.Frame)).Check(Config.QuickThrowOnFailure.WithMaxTest(500).WithReplay(20260117, 7));

    private sealed class Picture
    {
        [ImageType]
        public MLImage Image { get; set; } = null!;
    }
}
