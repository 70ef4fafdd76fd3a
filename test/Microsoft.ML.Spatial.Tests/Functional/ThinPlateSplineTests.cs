using System.Drawing;
using Microsoft.ML.Spatial.Functional;

namespace Microsoft.ML.Spatial.Tests.Functional;

[TestClass]
public class ThinPlateSplineTests
{
    [TestMethod]
    public void ARegularGridRunsRowByRow()
    {
        var spline = new ThinPlateSpline(2, 3);

        Assert.AreEqual(6, spline.ControlPointCount);
        CollectionAssert.AreEqual(new float[] { -1, -1, 0, -1, 1, -1, -1, 1, 0, 1, 1, 1 }, spline.IdentityTheta());
    }

    [TestMethod]
    public void GivenPointsAreKept()
    {
        var spline = new ThinPlateSpline([new(0, 0), new(1, 0.5f), new(-0.25f, 1)]);

        Assert.AreEqual(3, spline.ControlPointCount);
        CollectionAssert.AreEqual(new float[] { 0, 0, 1, 0.5f, -0.25f, 1 }, spline.IdentityTheta());
    }

    [TestMethod]
    [DataRow(1, 4, "rows")]
    [DataRow(0, 4, "rows")]
    [DataRow(-2, 4, "rows")]
    [DataRow(4, 1, "columns")]
    [DataRow(33, 32, "columns")]
    [DataRow(int.MaxValue, int.MaxValue, "columns")]
    public void RefusesAGridOutOfRange(int rows, int columns, string argument)
    {
        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new ThinPlateSpline(rows, columns));

        Assert.AreEqual(argument, error.ParamName);
    }

    public static IEnumerable<object[]> BadPoints =>
    [
        ["none", Array.Empty<PointF>(), "0 control points"],
        ["two", new PointF[] { new(0, 0), new(1, 1) }, "2 control points"],
        ["too many", Enumerable.Range(0, 1025).Select(i => new PointF(i % 32, i / 32)).ToArray(), "1025 control points"],
        ["not a number", new PointF[] { new(0, 0), new(1, float.NaN), new(0, 1) }, "Control point 1 is (1, NaN)"],
        ["infinite", new PointF[] { new(0, 0), new(1, 0), new(float.NegativeInfinity, 1) }, "Control point 2"],
        ["all the same", new PointF[] { new(0.5f, 0), new(0.5f, 0), new(0.5f, 0) }, "coincide"],
        ["two the same", new PointF[] { new(0, 0), new(1, 0), new(0, 1), new(1, 0) }, "Control points 1 and 3 coincide"],
        ["two nearly the same", new PointF[] { new(0, 0), new(1, 0), new(0, 1), new(1, 1e-8f) }, "Control points 1 and 3 coincide"],
        ["on a line", new PointF[] { new(-1, -1), new(0, 0), new(0.5f, 0.5f), new(1, 1) }, "on one line"],
        ["on a level line", new PointF[] { new(-1, 0.25f), new(0, 0.25f), new(0.5f, 0.25f) }, "on one line"],
        ["nearly on a line", new PointF[] { new(-1, 0), new(0, 1e-8f), new(1, 0) }, "on one line"],
        ["on a tiny line", new PointF[] { new(-1e-10f, 0), new(0, 0), new(1e-10f, 0) }, "on one line"],
    ];

    [TestMethod]
    [DynamicData(nameof(BadPoints))]
    public void RefusesPointsWithoutASpline(string name, PointF[] points, string part)
    {
        var error = Assert.ThrowsExactly<ArgumentException>(() => new ThinPlateSpline(points), name);

        Assert.AreEqual("controlPoints", error.ParamName);
        StringAssert.Contains(error.Message, part);
    }

    [TestMethod]
    public void RefusesNoPoints() => Assert.ThrowsExactly<ArgumentNullException>(() => new ThinPlateSpline(null!));

    /// <summary>The least that is allowed, and points that are small, large or far from regular.</summary>
    [TestMethod]
    public void TakesOddButSoundPoints()
    {
        PointF[][] sound =
        [
            [new(0, 0), new(1, 0), new(0, 1)],
            [new(0, 0), new(1e-3f, 0), new(0, 1e-3f), new(1e-3f, 2e-3f)],
            [new(-50, 0), new(70, 3), new(0, 90)],
            [new(-1, 0), new(0, 0.01f), new(1, 0), new(0.5f, 0)],
            [.. Enumerable.Range(0, 1024).Select(i => new PointF((i % 32 / 15.5f) - 1, (i / 32 / 15.5f) - 1))],
        ];
        foreach (var points in sound)
        {
            // Each point is brought exactly where its own value says.
            var spline = new ThinPlateSpline(points);
            var basis = spline.Basis(1, 1, false, Array.MaxLength);
            var sum = basis.Planes.Sum();
            Assert.AreEqual(1, sum, 1e-6, $"{points.Length} points");
        }
    }
}
