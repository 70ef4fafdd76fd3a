using System.Globalization;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Spatial.Functional;

/// <summary>Builds, composes and inverts the parameters of projective transformations (homographies), <c>[N, 8]</c>.</summary>
/// <remarks>
/// Convention: theta is (a, b, c, d, e, f, g, h) of the matrix <c>[a, b, c; d, e, f; g, h, 1]</c>, which maps target to source coordinates, (x, y, 1) with x and y
/// in [−1, 1], y down. Its last number is 1, so no theta brings the centre of the target to infinity.
/// Source: Hartley and Zisserman 2004, Multiple View Geometry, section 2.3; Heckbert 1989, Fundamentals of Texture Mapping and Image Warping, section 2.2.3.
/// </remarks>
public static class ProjectiveTheta
{
    /// <summary>Leaves the picture as it is.</summary>
    /// <param name="count">How many: N, 0 or more.</param>
    /// <param name="dtype">A floating-point type.</param>
    /// <param name="device">Where.</param>
    /// <returns><c>[count, 8]</c>.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="device"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is negative.</exception>
    public static Tensor Identity(long count, ScalarType dtype, Device device)
    {
        using var affine = AffineTheta.Identity(count, dtype, device);
        return FromAffine(affine);
    }

    /// <summary>The projective transformation that equals an affine one.</summary>
    /// <param name="theta"><c>[N, 2, 3]</c> or <c>[N, 6]</c>.</param>
    /// <returns><c>[N, 8]</c>: the six numbers and a perspective of zero. Gradients flow to theta.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="theta"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="theta"/> has another shape or is not floating point.</exception>
    public static Tensor FromAffine(Tensor theta)
    {
        SpatialOps.CheckAffineTheta(theta, nameof(theta));
        using var scope = torch.NewDisposeScope();
        var count = theta.shape[0];
        return torch.cat([theta.reshape(count, 6), TensorFactory.Zeros([count, 2], theta.dtype, theta.device)], 1).MoveToOuterDisposeScope();
    }

    /// <summary>The one projective transformation that brings four points of the target to four points of the source.</summary>
    /// <param name="target"><c>[N, 4, 2]</c>: (x, y) of four points of the output, no three of them on one line.</param>
    /// <param name="source"><c>[N, 4, 2]</c>: where each is read, no three on one line; of the same type and device.</param>
    /// <returns><c>[N, 8]</c>. Gradients flow to both.</returns>
    /// <remarks>
    /// Convention: the four pairs may come in any order. To bring the quadrilateral <c>source</c> of a picture to the whole output, the target is its corners (−1, −1), (1, −1), (1, 1), (−1, 1).
    /// </remarks>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">
    /// A shape, type or device does not fit, three points of a picture lie on one line or are not finite, or the centre of the target would go to infinity.
    /// </exception>
    public static Tensor FromCorners(Tensor target, Tensor source)
    {
        CheckCorners(target, nameof(target));
        CheckCorners(source, nameof(source));
        if (source.shape[0] != target.shape[0])
            throw new ArgumentException($"source has {source.shape[0]} pictures and target has {target.shape[0]}; both need the same number.", nameof(source));
        TensorCheck.Alike(source, nameof(source), target, nameof(target));

        using var scope = torch.NewDisposeScope();
        return Normalised(FromUnitSquare(source).matmul(Adjugate(FromUnitSquare(target))), "brings the four points there", nameof(target)).MoveToOuterDisposeScope();
    }

    /// <summary>The transformation that applies one map of coordinates after another: <c>p ↦ outer(inner(p))</c>.</summary>
    /// <param name="outer"><c>[N, 8]</c>: the map applied last to a target point.</param>
    /// <param name="inner"><c>[N, 8]</c>, of the same N, type and device: the map applied first.</param>
    /// <returns><c>[N, 8]</c>. Gradients flow to both.</returns>
    /// <remarks>Convention: <c>warp(x, Compose(a, b))</c> is <c>warp(warp(x, a), b)</c> without reading twice, as for <see cref="AffineTheta.Compose"/>.</remarks>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">A shape, type or device does not fit, one is not finite, or the centre of the target would go to infinity.</exception>
    public static Tensor Compose(Tensor outer, Tensor inner)
    {
        SpatialOps.CheckProjectiveTheta(outer, nameof(outer));
        SpatialOps.CheckProjectiveTheta(inner, nameof(inner));
        AffineTheta.CheckAlike(outer, inner);
        using var scope = torch.NewDisposeScope();
        return Normalised(Matrices(outer).matmul(Matrices(inner)), "is composed", nameof(outer)).MoveToOuterDisposeScope();
    }

    /// <summary>The transformation that undoes another.</summary>
    /// <param name="theta"><c>[N, 8]</c>, none of them singular.</param>
    /// <returns><c>[N, 8]</c>. Gradients flow to theta.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="theta"/> is null.</exception>
    /// <exception cref="ArgumentException">
    /// <paramref name="theta"/> has another shape or is not floating point, one of its matrices is singular or not finite, or the centre would go to infinity.
    /// </exception>
    public static Tensor Inverse(Tensor theta)
    {
        SpatialOps.CheckProjectiveTheta(theta, nameof(theta));
        CheckInvertible(theta);
        using var scope = torch.NewDisposeScope();
        return Normalised(Adjugate(Matrices(theta)), "is the inverse", nameof(theta)).MoveToOuterDisposeScope();
    }

    private static Tensor Matrices(Tensor theta)
    {
        var count = theta.shape[0];
        return torch.cat([theta, TensorFactory.Zeros([count, 1], theta.dtype, theta.device).add(1)], 1).view(count, 3, 3);
    }

    /// <summary>Matrices <c>[N, 3, 3]</c> scaled so that the last number is 1, which is left away.</summary>
    private static Tensor Normalised(Tensor matrices, string what, string argument)
    {
        var numbers = matrices.reshape(-1, 9);
        var last = numbers.narrow(1, 8, 1);
        var values = TensorCheck.Elements(numbers);
        for (var n = 0; n < values.Length / 9; n++)
        {
            var matrix = values.AsSpan(9 * n, 9);
            var largest = 0.0;
            foreach (var value in matrix)
                largest = Math.Max(largest, Math.Abs(value));
            if (!TensorCheck.AllFinite(matrix))
                throw new ArgumentException($"The transformation of picture {n} that {what} is not finite.", argument);
            if (!TensorCheck.IsDistinct(matrix[8], largest, numbers.dtype))
                throw new ArgumentException($"The transformation of picture {n} that {what} brings the centre of the target to infinity, which its 8 parameters cannot say.", argument);
        }

        return numbers.narrow(1, 0, 8).div(last);
    }

    /// <summary>The inverses of matrices <c>[N, 3, 3]</c>, times their determinants.</summary>
    private static Tensor Adjugate(Tensor matrices)
    {
        Tensor At(int row, int column) => matrices.select(1, row % 3).select(1, column % 3);

        // Cyclic indices take care of the signs.
        Tensor Cofactor(int row, int column) =>
            At(row + 1, column + 1).mul(At(row + 2, column + 2)).sub(At(row + 1, column + 2).mul(At(row + 2, column + 1)));
        return torch.stack(Enumerable.Range(0, 9).Select(i => Cofactor(i % 3, i / 3)), 1).view(-1, 3, 3);
    }

    /// <summary>The map of (0, 0), (1, 0), (1, 1), (0, 1) to four points each.</summary>
    private static Tensor FromUnitSquare(Tensor corners)
    {
        Tensor At(long corner, long axis) => corners.select(1, corner).select(1, axis);
        var (x0, x1, x2, x3) = (At(0, 0), At(1, 0), At(2, 0), At(3, 0));
        var (y0, y1, y2, y3) = (At(0, 1), At(1, 1), At(2, 1), At(3, 1));
        var (right, below, beyond) = (x1.sub(x2), x3.sub(x2), x0.sub(x1).add(x2).sub(x3));
        var (rightY, belowY, beyondY) = (y1.sub(y2), y3.sub(y2), y0.sub(y1).add(y2).sub(y3));
        Tensor Area(Tensor x, Tensor y, Tensor otherX, Tensor otherY) => x.mul(otherY).sub(otherX.mul(y));
        var area = Area(right, rightY, below, belowY);
        var g = Area(beyond, beyondY, below, belowY).div(area);
        var h = Area(right, rightY, beyond, beyondY).div(area);
        var matrix = new[]
        {
            x1.sub(x0).add(g.mul(x1)), x3.sub(x0).add(h.mul(x3)), x0,
            y1.sub(y0).add(g.mul(y1)), y3.sub(y0).add(h.mul(y3)), y0,
            g, h, TensorFactory.Zeros([corners.shape[0]], corners.dtype, corners.device).add(1),
        };
        return torch.stack(matrix, 1).view(-1, 3, 3);
    }

    private static void CheckCorners(Tensor corners, string argument)
    {
        ArgumentNullException.ThrowIfNull(corners, argument);
        if (corners.shape is not [_, 4, 2])
            throw new ArgumentException($"{argument} has shape {TensorCheck.Describe(corners.shape)}; [N, 4, 2] is needed: (x, y) of four points.", argument);
        TensorCheck.FloatingPoint(corners, argument);
        var values = TensorCheck.Elements(corners);
        for (var n = 0; n < values.Length / 8; n++)
        {
            var points = values.AsSpan(8 * n, 8);
            for (var leftOut = 0; leftOut < 4; leftOut++)
            {
                var (i, j, k) = ((leftOut + 1) % 4, (leftOut + 2) % 4, (leftOut + 3) % 4);
                var (x, y) = (points[2 * j] - points[2 * i], points[2 * j + 1] - points[2 * i + 1]);
                var (otherX, otherY) = (points[2 * k] - points[2 * i], points[2 * k + 1] - points[2 * i + 1]);
                if (!TensorCheck.AllFinite(points) || !TensorCheck.IsDistinct(x * otherY - otherX * y, Math.Abs(x * otherY) + Math.Abs(otherX * y), corners.dtype))
                    throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"Points {i}, {j} and {k} of picture {n} of {argument} lie on one line or are not finite; no three of the four may."), argument);
            }
        }
    }

    private static void CheckInvertible(Tensor theta)
    {
        var values = TensorCheck.Elements(theta);
        for (var n = 0; n < values.Length / 8; n++)
        {
            var m = values.AsSpan(8 * n, 8);
            double[] terms = [m[0] * m[4], -m[0] * m[5] * m[7], -m[1] * m[3], m[1] * m[5] * m[6], m[2] * m[3] * m[7], -m[2] * m[4] * m[6]];
            var determinant = terms.Sum();
            if (!TensorCheck.AllFinite(m) || !TensorCheck.IsDistinct(determinant, terms.Sum(Math.Abs), theta.dtype))
                throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"The transformation of picture {n} cannot be inverted: its determinant is {determinant:g6}."), nameof(theta));
        }
    }
}
