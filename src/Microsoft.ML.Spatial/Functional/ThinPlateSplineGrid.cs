using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Spatial.Functional;

public static partial class SpatialOps
{
    // Their bytes are copied as one span.
    private const int MostGridNumbers = int.MaxValue / sizeof(double);

    /// <summary>
    /// The sampling grid of a thin plate spline: the smoothest map that brings each control point of the output to the source point that theta says.
    /// </summary>
    /// <param name="theta">
    /// <c>[N, 2·K]</c> or <c>[N, K, 2]</c>: the source point (x, y) of each of the spline's K control points, in their order, floating point, any value.
    /// <c>N</c> may be 0.
    /// </param>
    /// <param name="spline">The control points.</param>
    /// <param name="outputHeight">Height of the output in pixels, at least 1.</param>
    /// <param name="outputWidth">Width of the output in pixels, at least 1.</param>
    /// <param name="alignCorners">Whether −1 and 1 are the centres of the outermost pixels (<c>true</c>) or their outer edges (<c>false</c>).</param>
    /// <returns><c>[N, outputHeight, outputWidth, 2]</c>, of theta's type and device. Gradients flow to theta.</returns>
    /// <remarks>
    /// Convention: the last axis holds (x, y), normalised to [−1, 1] over the picture as <paramref name="alignCorners"/> says; y points down;
    /// the transformation maps target to source coordinates; <see cref="ThinPlateSpline.IdentityTheta"/> leaves every point where it is.
    /// Source: Jaderberg et al. 2015, Spatial Transformer Networks, arXiv 1506.02025, section 3.2.
    /// </remarks>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="theta"/> has another shape or is not floating point, or K·(outputHeight·outputWidth + 32) exceeds 2^28 − 1.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A side of the output is below 1.</exception>
    public static Tensor ThinPlateSplineGrid(Tensor theta, ThinPlateSpline spline, long outputHeight, long outputWidth, bool alignCorners = false)
    {
        CheckSplineTheta(theta, spline);
        TensorCheck.Positive(outputHeight, nameof(outputHeight));
        TensorCheck.Positive(outputWidth, nameof(outputWidth));

        using var scope = torch.NewDisposeScope();
        var basis = spline.Basis(outputHeight, outputWidth, alignCorners, MostGridNumbers);
        var (pictures, area) = (theta.shape[0], outputHeight * outputWidth);
        var planes = TensorFactory.FromArray<double>(basis.Planes, [basis.Count, area], theta.device).to_type(theta.dtype);
        var points = theta.reshape(pictures, basis.Count, 2).transpose(1, 2).matmul(planes);
        return points.transpose(1, 2).contiguous().view(pictures, outputHeight, outputWidth, 2).MoveToOuterDisposeScope();
    }

    private static void CheckSplineTheta(Tensor theta, ThinPlateSpline spline)
    {
        ArgumentNullException.ThrowIfNull(theta);
        ArgumentNullException.ThrowIfNull(spline);
        var points = spline.ControlPointCount;
        if (!(theta.shape is [_, var flat] && flat == 2 * points) && !(theta.shape is [_, var count, 2] && count == points))
            throw new ArgumentException($"theta has shape {TensorCheck.Describe(theta.shape)}; a thin plate spline of {points} control points needs [N, {2 * points}] or [N, {points}, 2].", nameof(theta));
        TensorCheck.FloatingPoint(theta, nameof(theta));
    }
}
