using Microsoft.ML.Spatial.Components;
using Microsoft.ML.Spatial.Data;

namespace Microsoft.ML.Spatial.Tests.Data;

[TestClass]
public sealed class ImageResamplerTests
{
    [TestMethod]
    public void TheSameSizeIsTheSamePicture()
    {
        var source = Enumerable.Range(0, 2 * 3 * 4).Select(i => i * 0.25f).ToArray();
        CollectionAssert.AreEqual(source, Resize(source, 3, 4, new ImageShape(2, 3, 4)));
    }

    [TestMethod]
    public void AConstantStaysConstant()
    {
        foreach (var value in Resize(Enumerable.Repeat(0.7f, 3 * 11 * 5).ToArray(), 11, 5, new ImageShape(3, 4, 9)))
        {
            Assert.AreEqual(0.7f, value, 1e-6f);
        }
    }

    [TestMethod]
    public void EnlargingInterpolatesBetweenPixelCentres()
    {
        // Centres of 4 columns over 2 lie at -0.25, 0.25, 0.75, 1.25 of the source.
        var enlarged = Resize([0, 1], 1, 2, new ImageShape(1, 1, 4));
        CollectionAssert.AreEqual(new[] { 0f, 0.25f, 0.75f, 1f }, enlarged);
    }

    [TestMethod]
    public void ShrinkingAveragesWhatItPassesOver()
    {
        // A checkerboard has nothing left but its mean.
        var board = Enumerable.Range(0, 64).Select(i => (float)(((i / 8) + i) % 2)).ToArray();
        foreach (var value in Resize(board, 8, 8, new ImageShape(1, 2, 2)))
        {
            Assert.AreEqual(0.5f, value, 0.05f);
        }
    }

    [TestMethod]
    public void ARampStaysARampInside()
    {
        var ramp = Enumerable.Range(0, 5 * 12).Select(i => (float)(i % 12)).ToArray();
        var shrunk = Resize(ramp, 5, 12, new ImageShape(1, 5, 6));
        for (var column = 1; column < 5; column++)
        {
            Assert.AreEqual((2 * column) + 0.5f, shrunk[6 + column], 1e-5f);
        }
    }

    private static float[] Resize(float[] source, int height, int width, ImageShape shape)
    {
        var target = new float[shape.Length];
        new ImageResampler().Resize(source, ImagePlacement.Of(new ImageSize(height, width), shape, ImageResizing.Resize), target, shape);
        return target;
    }
}
