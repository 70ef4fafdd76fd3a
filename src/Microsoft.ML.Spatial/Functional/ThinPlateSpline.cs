using System.Drawing;
using System.Globalization;
using Microsoft.ML.Spatial.Functional.Kernels;

namespace Microsoft.ML.Spatial.Functional;

/// <summary>
/// The control points of a thin plate spline in the output, and what follows from them alone: the constant matrix of the spline's equations,
/// inverted once. It holds no tensor and may be shared by threads.
/// </summary>
/// <remarks>
/// Convention: points are (x, y) in the normalised coordinates of the output; y points down.
/// A spline through K points is <c>f(p) = a0 + a1·x + a2·y + Σ_k F_k·φ(‖p − c_k‖)</c> with <c>φ(r) = r²·log r</c>; its coefficients solve
/// <c>[K P; Pᵀ 0]·[F; a] = [v; 0]</c> for the values v at the control points.
/// Source: Jaderberg et al. 2015, Spatial Transformer Networks, arXiv 1506.02025, section 3.2; Bookstein 1989, Principal Warps.
/// </remarks>
public sealed class ThinPlateSpline
{
    private const int MostControlPoints = 1024;

    // Distances and areas below this part of the points' own extent count as none.
    private const double Negligible = 1e-6;

    private readonly double[] _points;

    // [K + 3, K]: spline coefficients of the values at the control points.
    private readonly double[] _coefficients;

    private volatile SplineBasis? _latest;

    /// <summary>Control points on a regular grid that spans [−1, 1] both ways, row by row from the upper left.</summary>
    /// <param name="rows">Rows of control points, at least 2.</param>
    /// <param name="columns">Control points in a row, at least 2; rows times columns may be 1024 at most.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
    public ThinPlateSpline(int rows, int columns)
        : this(RegularGrid(rows, columns), nameof(columns))
    {
    }

    /// <summary>Control points anywhere.</summary>
    /// <param name="controlPoints">3 to 1024 finite points, no two of which coincide and not all of which lie on one line.</param>
    /// <exception cref="ArgumentNullException"><paramref name="controlPoints"/> is null.</exception>
    /// <exception cref="ArgumentException">There are too few or too many points, one is not finite, two coincide, or all lie on one line.</exception>
    public ThinPlateSpline(IReadOnlyList<PointF> controlPoints)
        : this([.. (controlPoints ?? throw new ArgumentNullException(nameof(controlPoints))).SelectMany(point => new double[] { point.X, point.Y })], nameof(controlPoints))
    {
    }

    private ThinPlateSpline(double[] points, string argument)
    {
        Check(points, argument);
        _points = points;
        _coefficients = Coefficients(points);
    }

    /// <summary>How many control points there are: K.</summary>
    public int ControlPointCount => _points.Length / 2;

    /// <summary>
    /// The theta that maps every point to itself, as a new array of 2·K numbers: (x, y) of each control point in their order.
    /// </summary>
    public float[] IdentityTheta() => Array.ConvertAll(_points, value => (float)value);

    /// <summary>What each control point weighs at each pixel of an output; the latest size is kept.</summary>
    /// <param name="outputHeight">Height of the output in pixels, at least 1.</param>
    /// <param name="outputWidth">Width of the output in pixels, at least 1.</param>
    /// <param name="alignCorners">The meaning of −1 and 1.</param>
    /// <param name="mostNumbers">How many numbers the caller can take; no more than an array holds.</param>
    /// <exception cref="ArgumentException">With so many control points the output needs more numbers.</exception>
    internal SplineBasis Basis(long outputHeight, long outputWidth, bool alignCorners, int mostNumbers)
    {
        var mostPixels = (mostNumbers / ControlPointCount) - SplinePoints.Group;
        if (outputHeight > mostPixels / outputWidth)
        {
            throw new ArgumentException(
                $"The output has {outputHeight}x{outputWidth} pixels; with a thin plate spline of {ControlPointCount} control points it can have {mostPixels} at most.", nameof(outputHeight));
        }

        if (_latest is { } latest && latest.IsOf(outputHeight, outputWidth, alignCorners))
            return latest;
        var made = new SplineBasis(_points, _coefficients, outputHeight, outputWidth, alignCorners);
        _latest = made;
        return made;
    }

    /// <summary>φ of a squared distance: r²·log r = r²·log(r²)/2.</summary>
    internal static double Phi(double squaredDistance) => squaredDistance > 0 ? squaredDistance * Math.Log(squaredDistance) / 2 : 0;

    private static double[] RegularGrid(int rows, int columns)
    {
        AtLeastTwo(rows, nameof(rows));
        AtLeastTwo(columns, nameof(columns));
        if ((long)rows * columns > MostControlPoints)
            throw new ArgumentOutOfRangeException(nameof(columns), columns, string.Create(CultureInfo.InvariantCulture, $"{rows} rows of {columns} control points are {(long)rows * columns}; {MostControlPoints} is the most."));
        var points = new double[2 * rows * columns];
        for (var k = 0; k < rows * columns; k++)
        {
            points[2 * k] = -1 + 2.0 * (k % columns) / (columns - 1);
            points[2 * k + 1] = -1 + 2.0 * (k / columns) / (rows - 1);
        }

        return points;

        static void AtLeastTwo(int value, string argument)
        {
            if (value < 2)
                throw new ArgumentOutOfRangeException(argument, value, string.Create(CultureInfo.InvariantCulture, $"{argument} is {value}; a grid of control points needs at least 2."));
        }
    }

    private static void Check(double[] points, string argument)
    {
        var count = points.Length / 2;
        if (count is < 3 or > MostControlPoints)
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"There are {count} control points; a thin plate spline needs 3 to {MostControlPoints}."), argument);
        for (var k = 0; k < count; k++)
        {
            if (!double.IsFinite(points[2 * k]) || !double.IsFinite(points[2 * k + 1]))
                throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"Control point {k} is ({points[2 * k]}, {points[2 * k + 1]}); its coordinates must be finite."), argument);
        }

        // The two points farthest from the first, and from the line through both, tell the extent along and across.
        var (along, far) = Farthest(k => Distance(points, 0, k));
        if (!(along > 0))
            throw new ArgumentException($"All {count} control points coincide; a thin plate spline needs distinct points that do not lie on one line.", argument);
        var (across, _) = Farthest(k => Math.Abs(Cross(points, far, k)) / along);
        if (across < Negligible * along)
            throw new ArgumentException($"All {count} control points lie on one line; a thin plate spline needs points that do not.", argument);
        for (var i = 0; i < count; i++)
        {
            for (var k = 0; k < i; k++)
            {
                if (Distance(points, i, k) < Negligible * along)
                    throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"Control points {k} and {i} coincide at ({points[2 * i]}, {points[2 * i + 1]}); they must be distinct."), argument);
            }
        }

        (double Most, int At) Farthest(Func<int, double> measure) => Enumerable.Range(0, count).Select(k => (measure(k), k)).Max();
    }

    private static double Distance(double[] points, int i, int k) => double.Hypot(points[2 * i] - points[2 * k], points[2 * i + 1] - points[2 * k + 1]);

    /// <summary>Twice the area of the triangle of point 0, point <paramref name="far"/> and point <paramref name="k"/>.</summary>
    private static double Cross(double[] points, int far, int k) =>
        (points[2 * far] - points[0]) * (points[2 * k + 1] - points[1]) - (points[2 * far + 1] - points[1]) * (points[2 * k] - points[0]);

    /// <summary>The first K columns of the inverse of [K P; Pᵀ 0], by Gauss-Jordan elimination with row pivoting.</summary>
    private static double[] Coefficients(double[] points)
    {
        var count = points.Length / 2;
        var order = count + 3;
        var width = order + count;
        var rows = new double[order][];
        for (var i = 0; i < order; i++)
        {
            var row = rows[i] = new double[width];
            if (i < count)
            {
                for (var k = 0; k < count; k++)
                {
                    var (dx, dy) = (points[2 * i] - points[2 * k], points[2 * i + 1] - points[2 * k + 1]);
                    row[k] = Phi(dx * dx + dy * dy);
                }

                (row[count], row[count + 1], row[count + 2]) = (1, points[2 * i], points[2 * i + 1]);
                row[order + i] = 1;
            }
            else
            {
                for (var k = 0; k < count; k++)
                    row[k] = i == count ? 1 : points[2 * k + i - count - 1];
            }
        }

        for (var column = 0; column < order; column++)
        {
            var pivot = column;
            for (var i = column + 1; i < order; i++)
            {
                if (Math.Abs(rows[i][column]) > Math.Abs(rows[pivot][column]))
                    pivot = i;
            }

            (rows[column], rows[pivot]) = (rows[pivot], rows[column]);
            var top = rows[column];
            var scale = 1 / top[column];
            for (var j = column; j < width; j++)
                top[j] *= scale;
            for (var i = 0; i < order; i++)
            {
                var factor = rows[i][column];
                if (i == column || factor == 0)
                    continue;
                var row = rows[i];
                for (var j = column; j < width; j++)
                    row[j] -= factor * top[j];
            }
        }

        var inverse = new double[order * count];
        for (var i = 0; i < order; i++)
            rows[i].AsSpan(order, count).CopyTo(inverse.AsSpan(i * count));
        return inverse;
    }
}
