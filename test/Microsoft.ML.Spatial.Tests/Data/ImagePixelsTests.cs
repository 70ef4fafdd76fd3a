using Microsoft.ML.Data;
using Microsoft.ML.Spatial.Data;

namespace Microsoft.ML.Spatial.Tests.Data;

[TestClass]
public sealed class ImagePixelsTests
{
    private static readonly byte[] Bgra = [10, 20, 30, 255, 40, 50, 60, 255, 70, 80, 90, 255];

    [TestMethod]
    public void ColourIsRedGreenBluePlanesFromEitherPixelFormat()
    {
        var expected = new[] { 30, 60, 90, 20, 50, 80, 10, 40, 70 }.Select(value => value / 255f).ToArray();
        var rgba = Bgra.ToArray();
        for (var p = 0; p < rgba.Length; p += 4)
        {
            (rgba[p], rgba[p + 2]) = (rgba[p + 2], rgba[p]);
        }

        foreach (var (format, pixels) in new[] { (MLPixelFormat.Bgra32, Bgra), (MLPixelFormat.Rgba32, rgba) })
        {
            using var image = MLImage.CreateFromPixels(3, 1, format, pixels);
            var planes = new float[9];
            ImagePixels.ToPlanes(image, 3, planes);
            CollectionAssert.AreEqual(expected, planes);
        }
    }

    [TestMethod]
    public void EveryPixelOfALargerPictureIsReadInEitherForm()
    {
        var random = new Random(1);
        var pixels = new byte[7 * 13 * 4];
        random.NextBytes(pixels);
        using var image = MLImage.CreateFromPixels(13, 7, MLPixelFormat.Bgra32, pixels);
        var (grey, colour) = (new float[91], new float[3 * 91]);
        ImagePixels.ToPlanes(image, 1, grey);
        ImagePixels.ToPlanes(image, 3, colour);
        for (var i = 0; i < 91; i++)
        {
            var (blue, green, red) = (pixels[4 * i], pixels[(4 * i) + 1], pixels[(4 * i) + 2]);
            Assert.AreEqual(red / 255f, colour[i]);
            Assert.AreEqual(green / 255f, colour[91 + i]);
            Assert.AreEqual(blue / 255f, colour[182 + i]);
            Assert.AreEqual(((77 * red) + (150 * green) + (29 * blue)) / (256f * 255f), grey[i]);
        }
    }

    [TestMethod]
    public void GreyKeepsEveryGreyValueExactly()
    {
        var pixels = Enumerable.Range(0, 256).SelectMany(value => new[] { (byte)value, (byte)value, (byte)value, byte.MaxValue }).ToArray();
        using var image = MLImage.CreateFromPixels(16, 16, MLPixelFormat.Bgra32, pixels);
        var plane = new float[256];
        ImagePixels.ToPlanes(image, 1, plane);
        CollectionAssert.AreEqual(Enumerable.Range(0, 256).Select(value => value / 255f).ToArray(), plane);
    }

    [TestMethod]
    public void GreyWeighsTheColours()
    {
        using var image = MLImage.CreateFromPixels(3, 1, MLPixelFormat.Bgra32, [255, 0, 0, 255, 0, 255, 0, 255, 0, 0, 255, 255]);
        var plane = new float[3];
        ImagePixels.ToPlanes(image, 1, plane);
        Assert.AreEqual(0.114f, plane[0], 0.002f);
        Assert.AreEqual(0.587f, plane[1], 0.002f);
        Assert.AreEqual(0.299f, plane[2], 0.002f);
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(3)]
    public void PlanesBecomePicturesAndComeBack(int channels)
    {
        var shape = new ImageShape(channels, 3, 5);
        var planes = Enumerable.Range(0, shape.Length).Select(i => i * 5 / 255f).ToArray();
        using var image = ImagePixels.FromPlanes(planes, shape);
        Assert.AreEqual(3, image.Height);
        Assert.AreEqual(5, image.Width);
        Assert.AreEqual(255, image.Pixels[3]);
        var back = new float[shape.Length];
        ImagePixels.ToPlanes(image, channels, back);
        CollectionAssert.AreEqual(planes, back);
    }

    [TestMethod]
    public void ValuesOutsideTheRangeAreClamped()
    {
        using var image = ImagePixels.FromPlanes([-0.5f, 1.5f, 0.5f], new ImageShape(1, 1, 3));
        CollectionAssert.AreEqual(new byte[] { 0, 255, 128 }, new[] { image.Pixels[0], image.Pixels[4], image.Pixels[8] });
    }
}
