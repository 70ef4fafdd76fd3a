using System.Drawing;

namespace Microsoft.ML.Spatial.Visualization;

/// <summary>Shows where a spatial transformer looked: the outline, on its input, of what became its output.</summary>
public static class ThetaOverlay
{
    /// <summary>The corners of the region of the input that a transformation brings to the whole output.</summary>
    /// <param name="theta">
    /// The parameters of one sample: six of an affine transformation, row by row (A of equation 1 of Jaderberg et al. 2015, arXiv
    /// 1506.02025), or three of an attention transformation, s, t_x, t_y (equation 2).
    /// </param>
    /// <param name="width">The input's width in pixels.</param>
    /// <param name="height">The input's height in pixels.</param>
    /// <returns>
    /// The source points of the output's corners, in the order upper left, upper right, lower right, lower left, in pixels of the
    /// input: pixel (row r, column c) covers [c, c+1] x [r, r+1], so the identity gives (0, 0), (width, 0), (width, height), (0, height).
    /// Points outside the input are returned as they are.
    /// </returns>
    /// <remarks>
    /// Convention: <c>alignCorners: false</c>, where -1 and 1 are the outer edges of the first and last pixel. The transformation maps
    /// target coordinates to source coordinates.
    /// </remarks>
    /// <exception cref="ArgumentException"><paramref name="theta"/> holds neither six nor three values.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="width"/> or <paramref name="height"/> is not positive.</exception>
    public static PointF[] Quadrilateral(ReadOnlySpan<float> theta, int width, int height)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        float[] matrix = theta.Length switch
        {
            6 => theta.ToArray(),
            3 => [theta[0], 0, theta[1], 0, theta[0], theta[2]],
            _ => throw new ArgumentException($"Theta holds {theta.Length} values; an affine transformation has 6 and an attention transformation 3.", nameof(theta)),
        };
        return [Corner(-1, -1), Corner(1, -1), Corner(1, 1), Corner(-1, 1)];

        PointF Corner(float x, float y) => new(
            (matrix[0] * x + matrix[1] * y + matrix[2] + 1) * width / 2,
            (matrix[3] * x + matrix[4] * y + matrix[5] + 1) * height / 2);
    }
}
