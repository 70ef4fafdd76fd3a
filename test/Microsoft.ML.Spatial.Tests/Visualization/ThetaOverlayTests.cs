using System.Drawing;
using Microsoft.ML.Spatial.Visualization;

namespace Microsoft.ML.Spatial.Tests.Visualization;

[TestClass]
public sealed class ThetaOverlayTests
{
    [TestMethod]
    public void TheIdentityIsThePicturesEdge()
    {
        PointF[] edge = [new(0, 0), new(42, 0), new(42, 30), new(0, 30)];
        CollectionAssert.AreEqual(edge, ThetaOverlay.Quadrilateral([1, 0, 0, 0, 1, 0], 42, 30));
        CollectionAssert.AreEqual(edge, ThetaOverlay.Quadrilateral([1, 0, 0], 42, 30));
    }

    [TestMethod]
    public void AttentionIsAScaledAndShiftedEdge() =>
        CollectionAssert.AreEqual(
            new PointF[] { new(15, 0), new(25, 0), new(25, 10), new(15, 10) },
            ThetaOverlay.Quadrilateral([0.5f, 1, -0.5f], 20, 20));

    [TestMethod]
    public void AQuarterTurnMovesEachCornerToTheNext() =>
        CollectionAssert.AreEqual(
            new PointF[] { new(20, 0), new(20, 20), new(0, 20), new(0, 0) },
            ThetaOverlay.Quadrilateral([0, -1, 0, 1, 0, 0], 20, 20));

    /// <summary>Corner pixels of the output have their centres half an output pixel inside the quadrilateral's corners.</summary>
    [TestMethod]
    public void AgreesWithTheSamplingGrid()
    {
        float[] theta = [0.7f, 0.2f, 0.1f, -0.3f, 0.9f, -0.2f];
        const int side = 28, width = 42, height = 42;
        var corners = ThetaOverlay.Quadrilateral(theta, width, height);
        // The centre of output pixel (0, 0) in normalised coordinates, through theta, into pixels of the input.
        float g = 1f / side - 1;
        float x = (theta[0] * g + theta[1] * g + theta[2] + 1) * width / 2, y = (theta[3] * g + theta[4] * g + theta[5] + 1) * height / 2;
        float dx = ((corners[1].X - corners[0].X) + (corners[3].X - corners[0].X)) / (2 * side);
        float dy = ((corners[1].Y - corners[0].Y) + (corners[3].Y - corners[0].Y)) / (2 * side);
        Assert.AreEqual(x, corners[0].X + dx, 1e-4f);
        Assert.AreEqual(y, corners[0].Y + dy, 1e-4f);
    }

    [TestMethod]
    public void RefusesOtherParametersAndSizes()
    {
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => ThetaOverlay.Quadrilateral(new float[8], 4, 4)).Message, "8", StringComparison.Ordinal);
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => ThetaOverlay.Quadrilateral(new float[6], 0, 4));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => ThetaOverlay.Quadrilateral(new float[6], 4, -1));
    }
}
