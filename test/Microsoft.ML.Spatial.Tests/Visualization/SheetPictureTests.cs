using System.Drawing;
using Microsoft.ML.Data;
using Microsoft.ML.Spatial.Visualization;

namespace Microsoft.ML.Spatial.Tests.Visualization;

[TestClass]
public sealed class SheetPictureTests
{
    [TestMethod]
    [DataRow(MLPixelFormat.Bgra32)]
    [DataRow(MLPixelFormat.Rgba32)]
    public void TakesBothPixelFormats(MLPixelFormat format)
    {
        byte[] pixels = [1, 2, 3, 255, 4, 5, 6, 255];
        using var image = MLImage.CreateFromPixels(2, 1, format, pixels);
        var picture = SheetPicture.FromImage(image);
        Assert.AreEqual(2, picture.Width);
        Assert.AreEqual(1, picture.Height);
        Assert.AreEqual(format == MLPixelFormat.Bgra32 ? Color.FromArgb(3, 2, 1) : Color.FromArgb(1, 2, 3), picture.ColorAt(0, 0));
    }

    [TestMethod]
    public void TakesGreyValues()
    {
        var picture = SheetPicture.FromValues([0, 1, 0.5f, -3, 7, float.NaN], 1, 2, 3);
        byte[] expected = [0, 255, 128, 0, 255, 0];
        for (int k = 0; k < 6; k++)
            Assert.AreEqual(Color.FromArgb(expected[k], expected[k], expected[k]), picture.ColorAt(k / 3, k % 3));
    }

    [TestMethod]
    public void TakesPlanesOfColour()
    {
        var picture = SheetPicture.FromValues([0, 0.2f, 0.4f, 0.6f, 0.8f, 1], 3, 1, 2);
        Assert.AreEqual(Color.FromArgb(0, 102, 204), picture.ColorAt(0, 0));
        Assert.AreEqual(Color.FromArgb(51, 153, 255), picture.ColorAt(0, 1));
    }

    [TestMethod]
    public void EveryGreyLevelOfAByteComesBack()
    {
        var picture = SheetPicture.FromValues([.. Enumerable.Range(0, 256).Select(v => v / 255f)], 1, 1, 256);
        for (int v = 0; v < 256; v++)
            Assert.AreEqual(v, picture.ColorAt(0, v).R);
    }

    [TestMethod]
    public void RefusesWrongShapes()
    {
        Assert.ThrowsExactly<ArgumentNullException>(() => SheetPicture.FromImage(null!));
        Assert.ThrowsExactly<ArgumentException>(() => SheetPicture.FromValues([1, 2, 3], 1, 2, 2));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => SheetPicture.FromValues([1, 2], 2, 1, 1));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => SheetPicture.FromValues([], 1, 0, 1));
    }
}
