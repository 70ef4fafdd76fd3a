using System.Drawing;
using Microsoft.ML.Spatial.Functional;
using static Microsoft.ML.Spatial.Tests.Functional.TestTensors;
using static TorchSharp.torch;

namespace Microsoft.ML.Spatial.Tests.Functional;

/// <summary>One operator that samples pictures by parameters, the parameters to try it with, and the grid that the formula gives.</summary>
internal sealed class WarpUnderTest
{
    internal delegate Tensor Operator(Tensor input, Tensor theta, long height, long width, SamplingMode mode, PaddingMode padding, bool alignCorners);

    internal delegate double[] GridFormula(double[] theta, long height, long width, bool alignCorners);

    internal const string Affine = "affine", Attention = "attention", Projective = "projective", Spline = "spline", Scattered = "scattered spline", Grid = "grid";

    // Off the unit square too, and on no regular grid.
    private static readonly PointF[] ScatteredPoints = [new(-0.9f, -0.7f), new(0.8f, -1.1f), new(0.1f, 0.2f), new(-1.2f, 0.9f), new(0.7f, 1)];

    private readonly Func<long, long, long[]> _thetaShape;
    private readonly double[] _plain;
    private readonly double _spread;

    private WarpUnderTest(Operator warp, GridFormula formula, double[] plain, double spread, Func<long, long, long[]> thetaShape)
    {
        (Warp, Formula, _plain, _spread, _thetaShape) = (warp, formula, plain, spread, thetaShape);
    }

    internal static IEnumerable<string> Names => [Affine, Attention, Projective, Spline, Scattered, Grid];

    internal Operator Warp { get; }

    internal GridFormula Formula { get; }

    internal static WarpUnderTest Named(string name) => name switch
    {
        Affine => new(SpatialOps.AffineWarp, ReferenceSampler.AffineGrid, [1, 0, 0, 0, 1, 0], 0.6, (_, _) => [2, 3]),
        Attention => new(SpatialOps.AttentionWarp, ReferenceSampler.AttentionGrid, [1, 0, 0], 0.6, (_, _) => [3]),
        Projective => new(SpatialOps.ProjectiveWarp, ReferenceSampler.ProjectiveGrid, [1, 0, 0, 0, 1, 0, 0, 0], 0.3, (_, _) => [8]),
        Spline => Bent(new ThinPlateSpline(3, 4), ReferenceSampler.RegularControls(3, 4)),
        Scattered => Bent(new ThinPlateSpline(ScatteredPoints), [.. ScatteredPoints.SelectMany(point => new double[] { point.X, point.Y })]),
        _ => new(
            (input, grid, _, _, mode, padding, alignCorners) => SpatialOps.GridSample(input, grid, mode, padding, alignCorners),
            (grid, _, _, _) => grid, [0], 1.8, (height, width) => [height, width, 2]),
    };

    /// <summary>The shape of one picture's parameters, for an output of a size.</summary>
    internal long[] ThetaShape(long height, long width) => _thetaShape(height, width);

    /// <summary>Parameters about those that leave the picture as it is; some points read well outside.</summary>
    internal double[] Thetas(int seed, long pictures, long height, long width)
    {
        var size = _thetaShape(height, width).Aggregate(1L, (product, side) => product * side);
        return [.. Uniform(seed, (int)(pictures * size), -_spread, _spread).Select((value, i) => value + _plain[i % _plain.Length])];
    }

    private static WarpUnderTest Bent(ThinPlateSpline spline, double[] controls) => new(
        (input, theta, height, width, mode, padding, alignCorners) => SpatialOps.ThinPlateSplineWarp(input, theta, spline, height, width, mode, padding, alignCorners),
        (theta, height, width, alignCorners) => ReferenceSampler.SplineGrid(controls, theta, height, width, alignCorners),
        controls, 0.3, (_, _) => [spline.ControlPointCount, 2]);
}
