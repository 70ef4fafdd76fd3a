using System.Drawing;
using Microsoft.ML.Spatial.Visualization;

namespace Microsoft.ML.Spatial.Tests.Visualization;

[TestClass]
public sealed class CanvasTests
{
    private static readonly Rectangle Everywhere = new(0, 0, 20, 12);

    [TestMethod]
    public void BeginsOpaqueInOneColour()
    {
        var canvas = new Canvas(20, 12, Color.FromArgb(10, 20, 30));
        Assert.HasCount(4 * 20 * 12, canvas.Pixels);
        for (int k = 0; k < canvas.Pixels.Length; k += 4)
            CollectionAssert.AreEqual(new byte[] { 30, 20, 10, 255 }, canvas.Pixels[k..(k + 4)]);
    }

    [TestMethod]
    public void ALineOnPixelCentresCoversItsPixels()
    {
        var canvas = Black();
        canvas.DrawLine(new PointF(2, 5.5f), new PointF(15, 5.5f), 1, Color.White, Everywhere);
        for (int x = 3; x < 14; x++)
        {
            Assert.AreEqual(255, Grey(canvas, x, 5));
            Assert.AreEqual(0, Grey(canvas, x, 4));
            Assert.AreEqual(0, Grey(canvas, x, 6));
        }
    }

    [TestMethod]
    public void ALineBetweenPixelsCoversBothByHalf()
    {
        var canvas = Black();
        canvas.DrawLine(new PointF(2, 5), new PointF(15, 5), 1, Color.White, Everywhere);
        Assert.AreEqual(128, Grey(canvas, 8, 4));
        Assert.AreEqual(128, Grey(canvas, 8, 5));
    }

    [TestMethod]
    public void ASlantingLineHasTheAreaOfItsStroke()
    {
        var canvas = Black();
        canvas.DrawLine(new PointF(3, 3), new PointF(16, 9), 2, Color.White, Everywhere);
        double area = Enumerable.Range(0, 20 * 12).Sum(k => canvas.Pixels[4 * k] / 255.0);
        // Length times thickness, and round ends.
        Assert.AreEqual(Math.Sqrt(13 * 13 + 6 * 6) * 2 + Math.PI, area, 2);
    }

    [TestMethod]
    public void LinesStayWithinTheClipAndTheCanvas()
    {
        var canvas = Black();
        canvas.DrawLine(new PointF(-1e30f, -3), new PointF(1e30f, 30), 3, Color.White, new Rectangle(5, 2, 4, 3));
        canvas.DrawLine(new PointF(-50, 6), new PointF(50, 6), 3, Color.White, new Rectangle(5, 2, 4, 100));
        canvas.DrawLine(new PointF(float.NaN, 1), new PointF(3, float.NaN), 3, Color.White, Everywhere);
        canvas.DrawLine(new PointF(1, 1), new PointF(float.PositiveInfinity, 2), 3, Color.White, Everywhere);
        for (int y = 0; y < 12; y++)
            for (int x = 0; x < 20; x++)
                if (x is < 5 or >= 9 || y < 2)
                    Assert.AreEqual(0, Grey(canvas, x, y), $"({x}, {y})");
    }

    [TestMethod]
    public void TextIsDrawnEnlargedAndCutAtTheEdge()
    {
        var canvas = Black();
        canvas.DrawText("LL", 1, -2, 2, Color.White);
        for (int y = 0; y < 12; y++)
            for (int x = 1; x < 11; x++)
                Assert.AreEqual(PixelFont.IsSet('L', (y + 2) / 2, (x - 1) / 2) ? 255 : 0, Grey(canvas, x, y));
        Assert.AreEqual(255, Grey(canvas, 13, 0));
    }

    private static Canvas Black() => new(20, 12, Color.Black);

    private static int Grey(Canvas canvas, int x, int y) => canvas.Pixels[4 * (y * canvas.Width + x)];
}
