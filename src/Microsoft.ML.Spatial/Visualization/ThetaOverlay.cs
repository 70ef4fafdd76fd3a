using System.Collections.Concurrent;
using System.Drawing;
using System.Globalization;
using Microsoft.ML.Spatial.Functional;
using Microsoft.ML.Spatial.Modules;

namespace Microsoft.ML.Spatial.Visualization;

/// <summary>Shows where a spatial transformer looked: the outline, on its input, of what became its output.</summary>
public static class ThetaOverlay
{
    private const int SplineEdgesPerSide = 16;

    // A spline takes longer to solve than an outline to draw; there is one for each number of control points per side.
    private static readonly ConcurrentDictionary<int, ThinPlateSpline> Splines = new();

    /// <summary>The outline of the region of the input that a transformation brings to the whole output.</summary>
    /// <param name="kind">What theta are the parameters of. It cannot be told from their number: 8 are of a projective transformation, or of a spline of 2 x 2 control points.</param>
    /// <param name="theta">
    /// The parameters of one transformer for one sample, as <see cref="GridGenerator"/> of that kind takes them: 6 of an affine transformation, 3 of an attention
    /// window, 8 of a projective transformation, or 2·K of a thin plate spline of K = 4, 9, 16, … 1024 control points. Of several transformers side by side
    /// theta is the concatenation: give one's part.
    /// </param>
    /// <param name="width">The input's width in pixels.</param>
    /// <param name="height">The input's height in pixels.</param>
    /// <returns>
    /// Corners of a closed outline, in pixels of the input: pixel (row r, column c) covers [c, c+1] x [r, r+1]. They are the source points of the output's edge,
    /// clockwise in the output from its upper left corner: its four corners, so the identity gives (0, 0), (width, 0), (width, height), (0, height); for a
    /// thin plate spline, whose sides are curves, 16 points of each side, so the first quarter is the upper side. Points outside the input are returned as they are.
    /// </returns>
    /// <remarks>
    /// Convention: <c>alignCorners: false</c>, where -1 and 1 are the outer edges of the first and last pixel. The transformation maps
    /// target coordinates to source coordinates. Where a projective denominator changes its sign within the output, the region passes through infinity and has no such outline;
    /// the four points are then still those of the corners. Source: Jaderberg et al. 2015, arXiv 1506.02025, section 3.2.
    /// </remarks>
    /// <exception cref="ArgumentException"><paramref name="theta"/> holds another number of values than the kind has.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="width"/> or <paramref name="height"/> is not positive, or the kind is not one of the named values.</exception>
    public static PointF[] Outline(TransformationKind kind, ReadOnlySpan<float> theta, int width, int height)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        var points = kind == TransformationKind.ThinPlateSpline ? Edge(theta) : Corners(kind, theta);
        return Array.ConvertAll(points, point => new PointF((point.X + 1) * width / 2, (point.Y + 1) * height / 2));
    }

    private static PointF[] Corners(TransformationKind kind, ReadOnlySpan<float> theta)
    {
        // No kind but the spline has control points.
        var length = GridGenerator.ParametersOf(kind, GridGenerator.DefaultControlPointsPerSide);
        if (theta.Length != length)
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"Theta holds {theta.Length} values; {kind} has {length}."), nameof(theta));
        float[] matrix = kind switch
        {
            TransformationKind.Affine => [.. theta, 0, 0],
            TransformationKind.Attention => [theta[0], 0, theta[1], 0, theta[0], theta[2], 0, 0],
            _ => theta.ToArray(),
        };
        return [Corner(-1, -1), Corner(1, -1), Corner(1, 1), Corner(-1, 1)];

        PointF Corner(float x, float y)
        {
            var denominator = matrix[6] * x + matrix[7] * y + 1;
            if (MathF.Abs(denominator) < SpatialOps.LeastDenominator)
                denominator = (float)(denominator < 0 ? -SpatialOps.LeastDenominator : SpatialOps.LeastDenominator);
            return new((matrix[0] * x + matrix[1] * y + matrix[2]) / denominator, (matrix[3] * x + matrix[4] * y + matrix[5]) / denominator);
        }
    }

    /// <summary>Points of the output's edge through a spline, clockwise from the upper left.</summary>
    private static PointF[] Edge(ReadOnlySpan<float> theta)
    {
        var side = (int)Math.Round(Math.Sqrt(theta.Length / 2));
        if (side is < GridGenerator.LeastControlPointsPerSide or > GridGenerator.MostControlPointsPerSide || theta.Length != 2 * side * side)
        {
            throw new ArgumentException(
                string.Create(CultureInfo.InvariantCulture, $"Theta holds {theta.Length} values; {TransformationKind.ThinPlateSpline} has 2 for each of 4, 9, 16, ... 1024 control points."),
                nameof(theta));
        }

        // With aligned corners the pixels of a small output lie on the edge itself.
        const int Pixels = SplineEdgesPerSide + 1;
        var basis = Splines.GetOrAdd(side, points => new ThinPlateSpline(points, points)).Basis(Pixels, Pixels, alignCorners: true, Array.MaxLength);
        var edge = new PointF[4 * SplineEdgesPerSide];
        for (var i = 0; i < edge.Length; i++)
        {
            var along = i % SplineEdgesPerSide;
            var (row, column) = (i / SplineEdgesPerSide) switch
            {
                0 => (0, along),
                1 => (along, Pixels - 1),
                2 => (Pixels - 1, Pixels - 1 - along),
                _ => (Pixels - 1 - along, 0),
            };
            double x = 0, y = 0;
            for (var k = 0; k < basis.Count; k++)
            {
                var weight = basis.Planes[k * Pixels * Pixels + row * Pixels + column];
                x += weight * theta[2 * k];
                y += weight * theta[2 * k + 1];
            }

            edge[i] = new PointF((float)x, (float)y);
        }

        return edge;
    }
}
