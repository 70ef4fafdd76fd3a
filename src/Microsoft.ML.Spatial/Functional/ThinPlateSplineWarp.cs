using static TorchSharp.torch;

namespace Microsoft.ML.Spatial.Functional;

public static partial class SpatialOps
{
    /// <summary>
    /// Bends by a thin plate spline a picture: reads <paramref name="input"/> at the points of <see cref="ThinPlateSplineGrid"/>, without keeping the grid in memory where it can.
    /// </summary>
    /// <param name="input"><c>[N, C, H, W]</c>, floating point, H and W at least 1; any memory layout. <c>N</c> may be 0.</param>
    /// <param name="theta"><c>[N, 2·K]</c> or <c>[N, K, 2]</c>, as <see cref="ThinPlateSplineGrid"/> takes it, of the input's type and device.</param>
    /// <param name="spline">The control points.</param>
    /// <param name="outputHeight">Height of the output in pixels, at least 1.</param>
    /// <param name="outputWidth">Width of the output in pixels, at least 1.</param>
    /// <param name="mode">How the value between pixels is read.</param>
    /// <param name="padding">What is read outside the picture.</param>
    /// <param name="alignCorners">Whether −1 and 1 are the centres of the outermost pixels (<c>true</c>) or their outer edges (<c>false</c>).</param>
    /// <returns><c>[N, C, outputHeight, outputWidth]</c>. Gradients flow to the input and, unless the nearest pixel is read, to theta.</returns>
    /// <remarks>
    /// Convention: that of <see cref="ThinPlateSplineGrid"/> and <see cref="GridSample"/>, which it equals: theta maps target to source coordinates, (x, y) in [−1, 1].
    /// In single precision on the CPU one kernel does it all, on as many threads as torch has, with the same result for any number of them. Its gradients have
    /// none of their own, and are NaN where a tensor was written to in place before the backward pass.
    /// Source: Jaderberg et al. 2015, Spatial Transformer Networks, arXiv 1506.02025, sections 3.2 and 3.3.
    /// </remarks>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">
    /// A shape, type or device does not fit, or K·(outputHeight·outputWidth + 32) exceeds <see cref="Array.MaxLength"/>; other
    /// than in single precision on the CPU, 2^28 − 1.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">A side of the output is below 1, or <paramref name="mode"/> or <paramref name="padding"/> is not one of the named values.</exception>
    public static Tensor ThinPlateSplineWarp(
        Tensor input,
        Tensor theta,
        ThinPlateSpline spline,
        long outputHeight,
        long outputWidth,
        SamplingMode mode = SamplingMode.Bilinear,
        PaddingMode padding = PaddingMode.Zeros,
        bool alignCorners = false)
    {
        CheckSplineTheta(theta, spline);
        return Warp(
            input, theta, new FusedWarp.Request(FusedWarp.ThetaKind.ThinPlateSpline, outputHeight, outputWidth, mode, padding, alignCorners, spline),
            () => ThinPlateSplineGrid(theta, spline, outputHeight, outputWidth, alignCorners));
    }
}
