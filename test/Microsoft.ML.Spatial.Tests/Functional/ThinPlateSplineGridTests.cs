using System.Drawing;
using Microsoft.ML.Spatial.Functional;
using TorchSharp;
using static Microsoft.ML.Spatial.Tests.Functional.TestTensors;
using static TorchSharp.torch;

namespace Microsoft.ML.Spatial.Tests.Functional;

[TestClass]
public class ThinPlateSplineGridTests
{
    private static readonly PointF[] Scattered = [new(-0.9f, -0.7f), new(0.8f, -1.1f), new(0.1f, 0.2f), new(-1.2f, 0.9f), new(0.7f, 1), new(0.3f, -0.4f)];

    [TestMethod]
    [DataRow(2, 2, 5, 8, false)]
    [DataRow(4, 4, 5, 8, true)]
    [DataRow(3, 5, 1, 7, false)]
    [DataRow(5, 2, 1, 1, true)]
    public void EqualsASplineSolvedForItself(int rows, int columns, int height, int width, bool alignCorners)
    {
        using var scope = torch.NewDisposeScope();
        EqualsTheFormula(new ThinPlateSpline(rows, columns), ReferenceSampler.RegularControls(rows, columns), height, width, alignCorners);
    }

    [TestMethod]
    public void TakesScatteredPoints()
    {
        using var scope = torch.NewDisposeScope();
        EqualsTheFormula(new ThinPlateSpline(Scattered), ControlsOf(Scattered), 6, 9, false);
        EqualsTheFormula(new ThinPlateSpline(Scattered[..3]), ControlsOf(Scattered[..3]), 6, 9, true);
    }

    /// <summary>A spline passes through its values: with corners aligned, the corners of a regular grid of points are pixels.</summary>
    [TestMethod]
    public void BringsEachControlPointToItsOwnSource()
    {
        using var scope = torch.NewDisposeScope();
        var theta = Uniform(1, 2 * 12);

        AreClose(theta, SpatialOps.ThinPlateSplineGrid(Of(theta, 1, 24), new ThinPlateSpline(3, 4), 3, 4, alignCorners: true), 1e-10);
    }

    [TestMethod]
    public void KeepsToOneSizeAtATime()
    {
        using var scope = torch.NewDisposeScope();
        var (spline, controls) = (new ThinPlateSpline(3, 3), ReferenceSampler.RegularControls(3, 3));
        for (var turn = 0; turn < 2; turn++)
        {
            EqualsTheFormula(spline, controls, 4, 5, false);
            EqualsTheFormula(spline, controls, 4, 5, true);
            EqualsTheFormula(spline, controls, 5, 4, false);
        }

        Assert.AreSame(spline.Basis(5, 4, false, Array.MaxLength), spline.Basis(5, 4, false, Array.MaxLength));
    }

    [TestMethod]
    public void GradientEqualsTheWeights()
    {
        using var scope = torch.NewDisposeScope();
        var spline = new ThinPlateSpline(Scattered);
        var values = Uniform(2, 24);
        var weight = Uniform(3, 2 * 20 * 2);
        var controls = ControlsOf(Scattered);
        double Loss(double[] of) => ReferenceSampler.SplineGrid(controls, of, 4, 5, false).Zip(weight, (value, w) => value * w).Sum();
        double[] expected = [.. Enumerable.Range(0, 24).Select(i => Loss([.. values.Select((value, k) => k == i ? value + 0.5 : value)]) - Loss([.. values.Select((value, k) => k == i ? value - 0.5 : value)]))];

        foreach (var (type, tolerance) in new[] { (ScalarType.Float64, 1e-10), (ScalarType.Float32, 1e-5) })
        {
            var theta = Of(values, 2, 6, 2).to_type(type).requires_grad_();
            SpatialOps.ThinPlateSplineGrid(theta, spline, 4, 5).mul(Of(weight, 2, 4, 5, 2).to_type(type)).sum().backward();

            AreClose(expected, theta.grad!, tolerance);
        }
    }

    [TestMethod]
    public void OfNoPicturesIsEmpty()
    {
        using var scope = torch.NewDisposeScope();
        CollectionAssert.AreEqual(new long[] { 0, 4, 5, 2 }, SpatialOps.ThinPlateSplineGrid(Singles([], 0, 8), new ThinPlateSpline(2, 2), 4, 5).shape);
    }

    [TestMethod]
    public void RefusesWhatDoesNotFit()
    {
        using var scope = torch.NewDisposeScope();
        var spline = new ThinPlateSpline(2, 3);
        var theta = Singles(Uniform(4, 12), 1, 12);

        void Refused(string argument, string part, Action action)
        {
            var error = Assert.Throws<ArgumentException>(action);
            Assert.AreEqual(argument, error.ParamName);
            StringAssert.Contains(error.Message, part);
        }

        Refused("theta", "[3, 4]", () => SpatialOps.ThinPlateSplineGrid(theta.reshape(3, 4), spline, 4, 4));
        Refused("theta", "6 control points needs [N, 12] or [N, 6, 2]", () => SpatialOps.ThinPlateSplineGrid(theta.reshape(1, 2, 6), spline, 4, 4));
        Refused("theta", "Int64", () => SpatialOps.ThinPlateSplineGrid(theta.to_type(ScalarType.Int64), spline, 4, 4));
        Refused("outputHeight", "outputHeight is 0", () => SpatialOps.ThinPlateSplineGrid(theta, spline, 0, 4));
        Refused("outputWidth", "outputWidth is -1", () => SpatialOps.ThinPlateSplineGrid(theta, spline, 4, -1));
        Assert.Throws<ArgumentNullException>(() => SpatialOps.ThinPlateSplineGrid(null!, spline, 4, 4));
        Assert.Throws<ArgumentNullException>(() => SpatialOps.ThinPlateSplineGrid(theta, null!, 4, 4));
    }

    /// <summary>The weights of all control points at all pixels must be within an array, and those of the grid within a span of bytes.</summary>
    [TestMethod]
    public void RefusesAnOutputWithTooManyWeights()
    {
        using var scope = torch.NewDisposeScope();
        var spline = new ThinPlateSpline(32, 32);
        var theta = Singles(Uniform(5, 2048), 1, 2048);
        var input = Singles(Uniform(6, 4), 1, 1, 2, 2);

        void Refused(long height, long width, long most, Action<long, long> sample)
        {
            var error = Assert.ThrowsExactly<ArgumentException>(() => sample(height, width));
            Assert.AreEqual("outputHeight", error.ParamName);
            StringAssert.Contains(error.Message, $"The output has {height}x{width} pixels; with a thin plate spline of 1024 control points it can have {most} at most.");
        }

        Refused(2048, 2048, 2097119, (height, width) => SpatialOps.ThinPlateSplineWarp(input, theta, spline, height, width));
        Refused(512, 512, 262111, (height, width) => SpatialOps.ThinPlateSplineGrid(theta, spline, height, width));
        Refused(1L << 40, 1L << 40, 262111, (height, width) => SpatialOps.ThinPlateSplineGrid(theta, spline, height, width));
        Refused(512, 512, 262111, (height, width) => SpatialOps.ThinPlateSplineWarp(
            input.to_type(ScalarType.Float64), theta.to_type(ScalarType.Float64), spline, height, width));
    }

    private static double[] ControlsOf(PointF[] points) => [.. points.SelectMany(point => new double[] { point.X, point.Y })];

    private static void EqualsTheFormula(ThinPlateSpline spline, double[] controls, long height, long width, bool alignCorners)
    {
        var count = spline.ControlPointCount;
        var theta = Uniform(5, 3 * 2 * count, -1.5, 1.5);
        var expected = ReferenceSampler.SplineGrid(controls, theta, height, width, alignCorners);

        var grid = SpatialOps.ThinPlateSplineGrid(Of(theta, 3, 2 * count), spline, height, width, alignCorners);

        CollectionAssert.AreEqual(new long[] { 3, height, width, 2 }, grid.shape);
        AreClose(expected, grid, 1e-10);
        AreClose(expected, SpatialOps.ThinPlateSplineGrid(Of(theta, 3, count, 2), spline, height, width, alignCorners), 1e-10);
        AreClose(expected, SpatialOps.ThinPlateSplineGrid(Singles(theta, 3, 2 * count), spline, height, width, alignCorners), 1e-5);
        AreClose(expected, SpatialOps.ThinPlateSplineGrid(Of(theta, 3, 2 * count).transpose(0, 1).contiguous().transpose(0, 1), spline, height, width, alignCorners), 1e-10);
    }
}
