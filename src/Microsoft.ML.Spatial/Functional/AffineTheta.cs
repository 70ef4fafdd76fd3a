using System.Globalization;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Spatial.Functional;

/// <summary>Builds, composes and inverts the parameters of affine transformations, <c>[N, 2, 3]</c>.</summary>
/// <remarks>
/// Convention: theta maps target to source coordinates, (x, y) in [−1, 1], y down. The builders are named after what the picture visibly does when
/// <see cref="SpatialOps.AffineWarp"/> warps it, which is the inverse of that map. Coordinates are relative to the sides of a picture, so that a rotation or
/// shear in them is none in pixels unless the picture is square: give <c>aspect</c>, width over height of the picture, which the output should share
/// (with <c>alignCorners</c>: (W − 1)/(H − 1)).
/// Source: Jaderberg et al. 2015, Spatial Transformer Networks, arXiv 1506.02025, equation 1.
/// </remarks>
public static class AffineTheta
{
    private const double RadiansPerDegree = Math.PI / 180;

    /// <summary>Leaves the picture as it is.</summary>
    /// <param name="count">How many: N, 0 or more.</param>
    /// <param name="dtype">A floating-point type.</param>
    /// <param name="device">Where.</param>
    /// <returns><c>[count, 2, 3]</c>.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="device"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is negative.</exception>
    public static Tensor Identity(long count, ScalarType dtype, Device device)
    {
        ArgumentNullException.ThrowIfNull(device);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        using var scope = torch.NewDisposeScope();
        var zero = TensorFactory.Zeros([count], dtype, device);
        var one = zero.add(1);
        return Matrices(one, zero, zero, zero, one, zero).MoveToOuterDisposeScope();
    }

    /// <summary>Turns the picture about its centre.</summary>
    /// <param name="degrees"><c>[N]</c>: 30 turns the picture by 30 degrees counter-clockwise, as seen with y down.</param>
    /// <param name="aspect">Width of the picture over its height, above 0.</param>
    /// <returns><c>[N, 2, 3]</c>. Gradients flow to the angles.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="degrees"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="degrees"/> has another shape or is not floating point.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="aspect"/> is not above 0 and finite.</exception>
    public static Tensor RotationFromDegrees(Tensor degrees, double aspect = 1)
    {
        CheckVector(degrees, nameof(degrees));
        using var radians = degrees.mul(RadiansPerDegree);
        return RotationFromRadians(radians, aspect);
    }

    /// <summary>Turns the picture about its centre.</summary>
    /// <param name="radians"><c>[N]</c>: positive angles turn the picture counter-clockwise, as seen with y down.</param>
    /// <param name="aspect">Width of the picture over its height, above 0.</param>
    /// <returns><c>[N, 2, 3]</c>: <c>[cos, −sin/aspect, 0; aspect·sin, cos, 0]</c>. Gradients flow to the angles.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="radians"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="radians"/> has another shape or is not floating point.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="aspect"/> is not above 0 and finite.</exception>
    public static Tensor RotationFromRadians(Tensor radians, double aspect = 1)
    {
        CheckVector(radians, nameof(radians));
        CheckAspect(aspect);
        using var scope = torch.NewDisposeScope();
        var (cos, sin) = (radians.cos(), radians.sin());
        var zero = ZeroOf(radians);
        return Matrices(cos, sin.mul(-1 / aspect), zero, sin.mul(aspect), cos, zero).MoveToOuterDisposeScope();
    }

    /// <summary>Moves the picture.</summary>
    /// <param name="x"><c>[N]</c>: how far to the right, in normalised units: 2 is the whole width.</param>
    /// <param name="y"><c>[N]</c>: how far down, in normalised units: 2 is the whole height.</param>
    /// <returns><c>[N, 2, 3]</c>: <c>[1, 0, −x; 0, 1, −y]</c>. Gradients flow to both.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">A shape or type does not fit.</exception>
    public static Tensor Translation(Tensor x, Tensor y)
    {
        CheckVectors(x, y, nameof(x), nameof(y));
        using var scope = torch.NewDisposeScope();
        var zero = ZeroOf(x);
        var one = zero.add(1);
        return Matrices(one, zero, x.neg(), zero, one, y.neg()).MoveToOuterDisposeScope();
    }

    /// <summary>Magnifies the picture about its centre.</summary>
    /// <param name="x"><c>[N]</c>: 2 makes the picture twice as wide, a negative number mirrors it; 0 gives an infinite theta, which reads outside.</param>
    /// <param name="y"><c>[N]</c>: the same of its height.</param>
    /// <returns><c>[N, 2, 3]</c>: <c>[1/x, 0, 0; 0, 1/y, 0]</c>. Gradients flow to both.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">A shape or type does not fit.</exception>
    public static Tensor Scale(Tensor x, Tensor y)
    {
        CheckVectors(x, y, nameof(x), nameof(y));
        using var scope = torch.NewDisposeScope();
        var zero = ZeroOf(x);
        return Matrices(x.reciprocal(), zero, zero, zero, y.reciprocal(), zero).MoveToOuterDisposeScope();
    }

    /// <summary>Slants the picture about its centre, first along x, then along y.</summary>
    /// <param name="x"><c>[N]</c>: the angle by which vertical lines lean; positive ones move the lower half to the right.</param>
    /// <param name="y"><c>[N]</c>: the angle by which horizontal lines then lean; positive ones move the right half down.</param>
    /// <param name="aspect">Width of the picture over its height, above 0.</param>
    /// <returns><c>[N, 2, 3]</c>. Gradients flow to both angles.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">A shape or type does not fit.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="aspect"/> is not above 0 and finite.</exception>
    public static Tensor ShearFromDegrees(Tensor x, Tensor y, double aspect = 1)
    {
        CheckVectors(x, y, nameof(x), nameof(y));
        using var scope = torch.NewDisposeScope();
        return ShearFromRadians(x.mul(RadiansPerDegree), y.mul(RadiansPerDegree), aspect).MoveToOuterDisposeScope();
    }

    /// <summary>Slants the picture about its centre, first along x, then along y.</summary>
    /// <param name="x"><c>[N]</c>: the angle by which vertical lines lean; positive ones move the lower half to the right.</param>
    /// <param name="y"><c>[N]</c>: the angle by which horizontal lines then lean; positive ones move the right half down.</param>
    /// <param name="aspect">Width of the picture over its height, above 0.</param>
    /// <returns>
    /// <c>[N, 2, 3]</c>: <c>[1 + p·q, −p, 0; −q, 1, 0]</c> with <c>p = tan(x)/aspect</c> and <c>q = aspect·tan(y)</c>; its determinant is 1.
    /// Gradients flow to both angles.
    /// </returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">A shape or type does not fit.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="aspect"/> is not above 0 and finite.</exception>
    public static Tensor ShearFromRadians(Tensor x, Tensor y, double aspect = 1)
    {
        CheckVectors(x, y, nameof(x), nameof(y));
        CheckAspect(aspect);
        using var scope = torch.NewDisposeScope();
        var (p, q) = (x.tan().div(aspect), y.tan().mul(aspect));
        var zero = ZeroOf(x);
        return Matrices(p.mul(q).add(1), p.neg(), zero, q.neg(), zero.add(1), zero).MoveToOuterDisposeScope();
    }

    /// <summary>The transformation that applies one map of coordinates after another: <c>p ↦ outer(inner(p))</c>.</summary>
    /// <param name="outer"><c>[N, 2, 3]</c> or <c>[N, 6]</c>: the map applied last to a target point.</param>
    /// <param name="inner"><c>[N, 2, 3]</c> or <c>[N, 6]</c>, of the same N, type and device: the map applied first.</param>
    /// <returns><c>[N, 2, 3]</c>: the product outer·inner of the matrices with a third row (0, 0, 1). Gradients flow to both.</returns>
    /// <remarks>
    /// Convention: maps go from target to source, so the picture undergoes them the other way round: <c>warp(x, Compose(a, b))</c> is
    /// <c>warp(warp(x, a), b)</c> without reading twice: what the picture visibly does first comes first.
    /// </remarks>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">A shape, type or device does not fit.</exception>
    public static Tensor Compose(Tensor outer, Tensor inner)
    {
        SpatialOps.CheckAffineTheta(outer, nameof(outer));
        SpatialOps.CheckAffineTheta(inner, nameof(inner));
        CheckAlike(outer, inner);
        using var scope = torch.NewDisposeScope();
        var count = outer.shape[0];
        var (after, before) = (outer.reshape(count, 2, 3), inner.reshape(count, 2, 3));
        var moved = torch.cat([TensorFactory.Zeros([count, 2, 2], outer.dtype, outer.device), after.narrow(2, 2, 1)], 2);
        return after.narrow(2, 0, 2).matmul(before).add(moved).MoveToOuterDisposeScope();
    }

    /// <summary>The transformation that undoes another.</summary>
    /// <param name="theta"><c>[N, 2, 3]</c> or <c>[N, 6]</c>, none of them singular.</param>
    /// <returns><c>[N, 2, 3]</c>. Gradients flow to theta.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="theta"/> is null.</exception>
    /// <exception cref="ArgumentException">
    /// <paramref name="theta"/> has another shape or is not floating point, or one of its matrices is singular or not finite.
    /// </exception>
    public static Tensor Inverse(Tensor theta)
    {
        SpatialOps.CheckAffineTheta(theta, nameof(theta));
        CheckInvertible(theta);
        using var scope = torch.NewDisposeScope();
        var parameters = theta.reshape(theta.shape[0], 6);
        Tensor At(long i) => parameters.select(1, i);
        var (a, b, c, d, e, f) = (At(0), At(1), At(2), At(3), At(4), At(5));
        var determinant = a.mul(e).sub(b.mul(d));
        var (x, y) = (b.mul(f).sub(c.mul(e)), c.mul(d).sub(a.mul(f)));
        var adjugate = Matrices(e, b.neg(), x, d.neg(), a, y);
        return adjugate.div(determinant.view(-1, 1, 1)).MoveToOuterDisposeScope();
    }

    /// <summary>Refuses two sets of parameters that cannot be composed.</summary>
    internal static void CheckAlike(Tensor outer, Tensor inner)
    {
        if (outer.shape[0] != inner.shape[0])
            throw new ArgumentException($"inner has {inner.shape[0]} transformations and outer has {outer.shape[0]}; both need the same number.", nameof(inner));
        TensorCheck.Alike(inner, nameof(inner), outer, nameof(outer));
    }

    private static void CheckInvertible(Tensor theta)
    {
        var values = TensorCheck.Elements(theta);
        for (var n = 0; n < values.Length / 6; n++)
        {
            var matrix = values.AsSpan(6 * n, 6);
            var (main, other) = (matrix[0] * matrix[4], matrix[1] * matrix[3]);

            // A difference no larger than its rounding is no difference.
            if (!TensorCheck.AllFinite(matrix) || !TensorCheck.IsDistinct(main - other, Math.Abs(main) + Math.Abs(other), theta.dtype))
                throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"The transformation of picture {n} cannot be inverted: its determinant is {main - other:g6}."), nameof(theta));
        }
    }

    private static void CheckVector(Tensor values, string argument)
    {
        ArgumentNullException.ThrowIfNull(values, argument);
        if (values.shape is not [_])
            throw new ArgumentException($"{argument} has shape {TensorCheck.Describe(values.shape)}; [N] is needed, one number a picture.", argument);
        TensorCheck.FloatingPoint(values, argument);
    }

    private static void CheckVectors(Tensor x, Tensor y, string xName, string yName)
    {
        CheckVector(x, xName);
        CheckVector(y, yName);
        if (y.shape[0] != x.shape[0])
            throw new ArgumentException($"{yName} has {y.shape[0]} numbers and {xName} has {x.shape[0]}; both need the same.", yName);
        TensorCheck.Alike(y, yName, x, xName);
    }

    private static void CheckAspect(double aspect)
    {
        if (!(aspect > 0 && double.IsFinite(aspect)))
            throw new ArgumentOutOfRangeException(nameof(aspect), aspect, string.Create(CultureInfo.InvariantCulture, $"aspect is {aspect}; it must be above 0 and finite: width over height."));
    }

    private static Tensor ZeroOf(Tensor vector) => TensorFactory.Zeros(vector.shape, vector.dtype, vector.device);

    private static Tensor Matrices(params Tensor[] rowByRow) => torch.stack(rowByRow, 1).view(-1, 2, 3);
}
