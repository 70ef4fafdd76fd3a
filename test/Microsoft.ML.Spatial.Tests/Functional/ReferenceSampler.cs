using Microsoft.ML.Spatial.Functional;

namespace Microsoft.ML.Spatial.Tests.Functional;

/// <summary>The formulae of the paper in float64, one point at a time.</summary>
internal static class ReferenceSampler
{
    /// <summary>Normalised coordinate of pixel <paramref name="index"/>.</summary>
    internal static double Normalised(long index, long side, bool alignCorners) =>
        alignCorners ? side == 1 ? 0 : 2.0 * index / (side - 1) - 1 : (2.0 * index + 1) / side - 1;

    /// <summary>Pixel coordinate of a normalised one.</summary>
    internal static double Pixel(double normalised, long side, bool alignCorners) =>
        alignCorners ? (normalised + 1) / 2 * (side - 1) : ((normalised + 1) * side - 1) / 2;

    internal static double[] AffineGrid(double[] theta, long height, long width, bool alignCorners) =>
        Grid(theta, 6, height, width, alignCorners, (a, x, y) => (a[0] * x + a[1] * y + a[2], a[3] * x + a[4] * y + a[5]));

    internal static double[] AttentionGrid(double[] theta, long height, long width, bool alignCorners) =>
        Grid(theta, 3, height, width, alignCorners, (a, x, y) => (a[0] * x + a[1], a[0] * y + a[2]));

    internal static double[] ProjectiveGrid(double[] theta, long height, long width, bool alignCorners) =>
        Grid(theta, 8, height, width, alignCorners, (a, x, y) =>
        {
            var denominator = a[6] * x + a[7] * y + 1;
            if (Math.Abs(denominator) < 1e-6)
                denominator = denominator < 0 ? -1e-6 : 1e-6;
            return ((a[0] * x + a[1] * y + a[2]) / denominator, (a[3] * x + a[4] * y + a[5]) / denominator);
        });

    /// <summary>Control points (x, y) on a regular grid over [−1, 1], row by row.</summary>
    internal static double[] RegularControls(int rows, int columns) =>
        [.. Enumerable.Range(0, rows * columns).SelectMany(k => new[] { Normalised(k % columns, columns, true), Normalised(k / columns, rows, true) })];

    /// <summary>Each spline is solved for its own values, coordinate by coordinate.</summary>
    internal static double[] SplineGrid(double[] controls, double[] theta, long height, long width, bool alignCorners)
    {
        var count = controls.Length / 2;
        var latest = (Of: Array.Empty<double>(), X: Array.Empty<double>(), Y: Array.Empty<double>());
        return Grid(theta, 2 * count, height, width, alignCorners, (values, x, y) =>
        {
            if (!values.SequenceEqual(latest.Of))
                latest = (values, Spline(controls, [.. values.Where((_, i) => i % 2 == 0)]), Spline(controls, [.. values.Where((_, i) => i % 2 == 1)]));
            return (SplineAt(controls, latest.X, x, y), SplineAt(controls, latest.Y, x, y));
        });
    }

    internal static double[] AffineGrid3d(double[] theta, long depth, long height, long width, bool alignCorners)
    {
        var grid = new List<double>();
        foreach (var a in theta.Chunk(12))
        {
            for (long i = 0; i < depth * height * width; i++)
            {
                var x = Normalised(i % width, width, alignCorners);
                var y = Normalised(i / width % height, height, alignCorners);
                var z = Normalised(i / width / height, depth, alignCorners);
                for (var axis = 0; axis < 12; axis += 4)
                    grid.Add(a[axis] * x + a[axis + 1] * y + a[axis + 2] * z + a[axis + 3]);
            }
        }

        return [.. grid];
    }

    private static double[] Grid(double[] theta, int size, long height, long width, bool alignCorners, Func<double[], double, double, (double X, double Y)> source)
    {
        var grid = new List<double>();
        foreach (var own in theta.Chunk(size))
        {
            for (long i = 0; i < height * width; i++)
            {
                var (x, y) = source(own, Normalised(i % width, width, alignCorners), Normalised(i / width, height, alignCorners));
                grid.Add(x);
                grid.Add(y);
            }
        }

        return [.. grid];
    }

    /// <summary>The coefficients F_1 to F_K, a0, a1, a2 of the spline through values at the control points, by Gaussian elimination.</summary>
    private static double[] Spline(double[] controls, double[] values)
    {
        var count = values.Length;
        var size = count + 3;
        var rows = new double[size][];
        for (var i = 0; i < count; i++)
            rows[i] = [.. SplineTerms(controls, controls[2 * i], controls[2 * i + 1]), values[i]];
        for (var side = 0; side < 3; side++)
            rows[count + side] = [.. Enumerable.Range(0, count).Select(k => side == 0 ? 1 : controls[2 * k + side - 1]), 0, 0, 0, 0];

        for (var column = 0; column < size; column++)
        {
            var pivot = Enumerable.Range(column, size - column).MaxBy(i => Math.Abs(rows[i][column]));
            (rows[column], rows[pivot]) = (rows[pivot], rows[column]);
            for (var i = column + 1; i < size; i++)
            {
                var factor = rows[i][column] / rows[column][column];
                for (var j = column; j <= size; j++)
                    rows[i][j] -= factor * rows[column][j];
            }
        }

        var solution = new double[size];
        for (var i = size - 1; i >= 0; i--)
        {
            var rest = rows[i][size];
            for (var j = i + 1; j < size; j++)
                rest -= rows[i][j] * solution[j];
            solution[i] = rest / rows[i][i];
        }

        return solution;
    }

    private static double SplineAt(double[] controls, double[] coefficients, double x, double y) =>
        SplineTerms(controls, x, y).Zip(coefficients, (term, coefficient) => term * coefficient).Sum();

    private static IEnumerable<double> SplineTerms(double[] controls, double x, double y)
    {
        for (var k = 0; k < controls.Length / 2; k++)
        {
            var r = Math.Sqrt(Math.Pow(x - controls[2 * k], 2) + Math.Pow(y - controls[2 * k + 1], 2));
            yield return r == 0 ? 0 : r * r * Math.Log(r);
        }

        yield return 1;
        yield return x;
        yield return y;
    }

    /// <summary>Reads pictures <c>[N, C, H, W]</c>, or volumes <c>[N, C, D, H, W]</c>, at the points of a grid.</summary>
    internal static double[] Sample(double[] input, long[] shape, double[] grid, SamplingMode mode, PaddingMode padding, bool alignCorners)
    {
        var planes = Planes.Of(shape, grid);
        var output = new double[planes.Outputs];
        planes.Visit(grid, mode, padding, alignCorners, (from, to, weight) => output[to] += weight * input[from]);
        return output;
    }

    /// <summary>The gradient of the input of <see cref="Sample"/>, for a gradient of its output.</summary>
    internal static double[] SampleBackward(double[] gradient, long[] shape, double[] grid, SamplingMode mode, PaddingMode padding, bool alignCorners)
    {
        var input = new double[shape.Aggregate(1L, (product, side) => product * side)];
        Planes.Of(shape, grid).Visit(grid, mode, padding, alignCorners, (to, from, weight) => input[to] += weight * gradient[from]);
        return input;
    }

    /// <summary>
    /// One for every point of a grid, but zero for points that lie so close to where the kernel jumps or has a kink that rounding could bring them across.
    /// </summary>
    internal static double[] AwayFromKinks(double[] grid, long[] shape, bool alignCorners)
    {
        var axes = shape.Length - 2;
        return [.. grid.Chunk(axes).Select(point =>
        {
            // Pixel centres, and half-way between two.
            double Distance(int axis)
            {
                var twice = 2 * Pixel(point[axis], shape[^(axis + 1)], alignCorners);
                return Math.Abs(twice - Math.Round(twice)) / 2;
            }

            return Enumerable.Range(0, axes).All(axis => Distance(axis) > 1e-3) ? 1.0 : 0.0;
        })];
    }

    /// <summary>Which pixels of an axis a coordinate reads, and what each weighs; one outside is left away.</summary>
    private static List<(long Pixel, double Weight)> Reads(double pixel, long side, SamplingMode mode, PaddingMode padding, bool alignCorners)
    {
        var padded = Pad(pixel, side, padding, alignCorners);
        IEnumerable<(double Pixel, double Weight)> reads = mode switch
        {
            SamplingMode.Nearest => [(Pad(Math.Floor(pixel + 0.5), side, padding, alignCorners), 1)],
            SamplingMode.Bilinear => Enumerable.Range(0, 2).Select(i => Math.Floor(padded) + i).Select(at => (at, Math.Max(0, 1 - Math.Abs(padded - at)))),
            _ => Enumerable.Range(-1, 4).Select(i => Math.Floor(pixel) + i).Select(at => (Pad(at, side, padding, alignCorners), Cubic(Math.Abs(pixel - at)))),
        };
        return [.. reads.Where(read => read.Pixel >= 0 && read.Pixel < side).Select(read => ((long)read.Pixel, read.Weight))];
    }

    /// <summary>Keys' cubic convolution kernel with a = −0.75.</summary>
    private static double Cubic(double distance)
    {
        const double A = -0.75;
        return distance <= 1
            ? (A + 2) * Math.Pow(distance, 3) - (A + 3) * Math.Pow(distance, 2) + 1
            : A * Math.Pow(distance, 3) - 5 * A * Math.Pow(distance, 2) + 8 * A * distance - 4 * A;
    }

    private static double Pad(double pixel, long side, PaddingMode padding, bool alignCorners)
    {
        if (padding == PaddingMode.Zeros)
            return pixel;
        if (padding == PaddingMode.Reflection)
        {
            var (low, high) = alignCorners ? (0, side - 1.0) : (-0.5, side - 0.5);
            if (low == high)
                return 0;
            while (pixel < low || pixel > high)
                pixel = pixel < low ? 2 * low - pixel : 2 * high - pixel;
        }

        return Math.Clamp(pixel, 0, side - 1);
    }

    /// <summary>The sizes of a sampling.</summary>
    private sealed record Planes(long[] Shape, long Points)
    {
        internal long Outputs => Shape[0] * Shape[1] * Points;

        internal static Planes Of(long[] shape, double[] grid) => new(shape, shape[0] == 0 ? 0 : grid.Length / (shape.Length - 2) / shape[0]);

        /// <summary>Tells every read: the element of the input, that of the output, and the weight.</summary>
        internal void Visit(double[] grid, SamplingMode mode, PaddingMode padding, bool alignCorners, Action<long, long, double> read)
        {
            var sides = Shape[2..];
            var area = sides.Aggregate(1L, (product, side) => product * side);
            for (long n = 0; n < Shape[0]; n++)
            {
                for (long p = 0; p < Points; p++)
                {
                    // The grid's last axis runs the other way than the input's.
                    var reads = new List<(long At, double Weight)> { (0, 1) };
                    for (var axis = 0; axis < sides.Length; axis++)
                    {
                        var coordinate = grid[(n * Points + p + 1) * sides.Length - 1 - axis];
                        var along = Reads(Pixel(coordinate, sides[axis], alignCorners), sides[axis], mode, padding, alignCorners);
                        reads = [.. from outer in reads from inner in along select (outer.At * sides[axis] + inner.Pixel, outer.Weight * inner.Weight)];
                    }

                    for (long c = 0; c < Shape[1]; c++)
                    {
                        foreach (var (at, weight) in reads)
                            read((n * Shape[1] + c) * area + at, (n * Shape[1] + c) * Points + p, weight);
                    }
                }
            }
        }
    }
}
