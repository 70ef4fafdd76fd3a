using Microsoft.ML.Spatial.Samples.FashionMnist.Data;

namespace Microsoft.ML.Spatial.Tests.Samples;

[TestClass]
public sealed class PixelBoxTests
{
    [TestMethod]
    [DataRow(0, 0, 4, 2, 1.0)]
    [DataRow(2, 0, 4, 2, 4.0 / 12)]
    [DataRow(1, 1, 4, 2, 3.0 / 13)]
    [DataRow(1, 0.5, 1, 1, 1.0 / 8)]
    [DataRow(4, 0, 4, 2, 0.0)]
    [DataRow(-9, 5, 4, 2, 0.0)]
    public void OverlapIsTheCommonPartOfAll(double left, double top, double width, double height, double expected)
    {
        var (box, other) = (new PixelBox(0, 0, 4, 2), new PixelBox(left, top, width, height));
        Assert.AreEqual(expected, box.IntersectionOverUnion(other), 1e-12);
        Assert.AreEqual(expected, other.IntersectionOverUnion(box), 1e-12);
    }

    [TestMethod]
    public void WindowsAreInPixels()
    {
        Assert.AreEqual(new PixelBox(0, 0, 60, 60), PixelBox.OfWindow([1, 0, 0], 60));
        Assert.AreEqual(new PixelBox(30, 15, 30, 30), PixelBox.OfWindow([0.5f, 0.5f, 0], 60));
        Assert.AreEqual(new PixelBox(0, 30, 30, 30), PixelBox.OfWindow([-0.5f, -0.5f, 0.5f], 60));
    }
}
