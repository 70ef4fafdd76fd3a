using System.Drawing;
using Microsoft.ML.Spatial.Modules;
using Microsoft.ML.Spatial.Tests.Functional;
using Microsoft.ML.Spatial.Visualization;
using TorchSharp;

namespace Microsoft.ML.Spatial.Tests.Visualization;

[TestClass]
public sealed class ThetaOverlayTests
{
    [TestMethod]
    public void TheIdentityIsThePicturesEdge()
    {
        PointF[] edge = [new(0, 0), new(42, 0), new(42, 30), new(0, 30)];
        CollectionAssert.AreEqual(edge, ThetaOverlay.Outline(TransformationKind.Affine, [1, 0, 0, 0, 1, 0], 42, 30));
        CollectionAssert.AreEqual(edge, ThetaOverlay.Outline(TransformationKind.Attention, [1, 0, 0], 42, 30));
        CollectionAssert.AreEqual(edge, ThetaOverlay.Outline(TransformationKind.Projective, [1, 0, 0, 0, 1, 0, 0, 0], 42, 30));
    }

    [TestMethod]
    public void AttentionIsAScaledAndShiftedEdge() =>
        CollectionAssert.AreEqual(
            new PointF[] { new(15, 0), new(25, 0), new(25, 10), new(15, 10) },
            ThetaOverlay.Outline(TransformationKind.Attention, [0.5f, 1, -0.5f], 20, 20));

    [TestMethod]
    public void AQuarterTurnMovesEachCornerToTheNext() =>
        CollectionAssert.AreEqual(
            new PointF[] { new(20, 0), new(20, 20), new(0, 20), new(0, 0) },
            ThetaOverlay.Outline(TransformationKind.Affine, [0, -1, 0, 1, 0, 0], 20, 20));

    /// <summary>Corner pixels of the output have their centres half an output pixel inside the quadrilateral's corners.</summary>
    [TestMethod]
    public void AgreesWithTheSamplingGrid()
    {
        float[] theta = [0.7f, 0.2f, 0.1f, -0.3f, 0.9f, -0.2f];
        const int side = 28, width = 42, height = 42;
        var corners = ThetaOverlay.Outline(TransformationKind.Affine, theta, width, height);
        // The centre of output pixel (0, 0) in normalised coordinates, through theta, into pixels of the input.
        float g = 1f / side - 1;
        float x = (theta[0] * g + theta[1] * g + theta[2] + 1) * width / 2, y = (theta[3] * g + theta[4] * g + theta[5] + 1) * height / 2;
        float dx = ((corners[1].X - corners[0].X) + (corners[3].X - corners[0].X)) / (2 * side);
        float dy = ((corners[1].Y - corners[0].Y) + (corners[3].Y - corners[0].Y)) / (2 * side);
        Assert.AreEqual(x, corners[0].X + dx, 1e-4f);
        Assert.AreEqual(y, corners[0].Y + dy, 1e-4f);
    }

    [TestMethod]
    public void APerspectiveDividesEachCorner()
    {
        // The denominator is 0.5 on the left and 1.5 on the right.
        var corners = ThetaOverlay.Outline(TransformationKind.Projective, [1, 0, 0, 0, 1, 0, 0.5f, 0], 12, 12);
        PointF[] expected = [new(-6, -6), new(10, 2), new(10, 10), new(-6, 18)];
        for (var i = 0; i < 4; i++)
        {
            Assert.AreEqual(expected[i].X, corners[i].X, 1e-5f);
            Assert.AreEqual(expected[i].Y, corners[i].Y, 1e-5f);
        }

        // Through zero on the left.
        Assert.IsTrue(ThetaOverlay.Outline(TransformationKind.Projective, [1, 0, 0, 0, 1, 0, 1, 0], 12, 12).All(corner => float.IsFinite(corner.X) && float.IsFinite(corner.Y)));
    }

    [TestMethod]
    [DataRow(2)]
    [DataRow(4)]
    public void ASplineGivesAPolylineThroughItsControlPointsOnTheEdge(int side)
    {
        var theta = TransformationStart.Window(TransformationKind.ThinPlateSpline, 0.8f, 0.1f, -0.1f, side);
        var random = new Random(3);
        for (var i = 0; i < theta.Length; i++)
            theta[i] += 0.2f * (random.NextSingle() - 0.5f);

        var outline = ThetaOverlay.Outline(TransformationKind.ThinPlateSpline, theta, 40, 30);

        Assert.HasCount(64, outline);
        int[] corners = [0, side - 1, side * side - 1, side * (side - 1)];
        for (var corner = 0; corner < 4; corner++)
        {
            Assert.AreEqual((theta[2 * corners[corner]] + 1) * 20, outline[16 * corner].X, 1e-3f);
            Assert.AreEqual((theta[2 * corners[corner] + 1] + 1) * 15, outline[16 * corner].Y, 1e-3f);
        }
    }

    /// <summary>The upper edge of a spline equals that of the sampling grid with aligned corners.</summary>
    [TestMethod]
    public void ASplinesOutlineAgreesWithTheSamplingGrid()
    {
        using var scope = torch.NewDisposeScope();
        using var generator = GridGenerator.Create(TransformationKind.ThinPlateSpline, 17, 17, alignCorners: true);
        var theta = generator.IdentityTheta().Select((value, i) => value + 0.1f * MathF.Sin(i)).ToArray();
        var grid = TestTensors.Values(generator.call(TestTensors.Singles([.. theta.Select(value => (double)value)], 1, 32)));

        var outline = ThetaOverlay.Outline(TransformationKind.ThinPlateSpline, theta, 2, 2);

        for (var i = 0; i < 16; i++)
        {
            Assert.AreEqual(grid[2 * i] + 1, outline[i].X, 1e-5);
            Assert.AreEqual(grid[2 * i + 1] + 1, outline[i].Y, 1e-5);
        }
    }

    [TestMethod]
    public void RefusesOtherParametersAndSizes()
    {
        foreach (var (kind, length) in new[] { (TransformationKind.Affine, 8), (TransformationKind.Attention, 6), (TransformationKind.Projective, 6), (TransformationKind.ThinPlateSpline, 6), (TransformationKind.ThinPlateSpline, 2), (TransformationKind.ThinPlateSpline, 33) })
        {
            var message = Assert.ThrowsExactly<ArgumentException>(() => ThetaOverlay.Outline(kind, new float[length], 4, 4)).Message;
            StringAssert.Contains(message, $"Theta holds {length} values; {kind}", StringComparison.Ordinal);
        }

        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => ThetaOverlay.Outline(TransformationKind.Affine, new float[6], 0, 4));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => ThetaOverlay.Outline(TransformationKind.Affine, new float[6], 4, -1));
        Assert.AreEqual("kind", Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => ThetaOverlay.Outline((TransformationKind)9, new float[6], 4, 4)).ParamName);
    }
}
