using static TorchSharp.torch;

namespace Microsoft.ML.Spatial.Functional;

public static partial class SpatialOps
{
    /// <summary>Transforms affinely a volume: reads <paramref name="input"/> at the points of <see cref="AffineGrid3d"/>.</summary>
    /// <param name="input"><c>[N, C, D, H, W]</c>, floating point, D, H and W at least 1; any memory layout. <c>N</c> may be 0.</param>
    /// <param name="theta"><c>[N, 3, 4]</c> or <c>[N, 12]</c>, as <see cref="AffineGrid3d"/> takes it, of the input's type and device.</param>
    /// <param name="outputDepth">Depth of the output in voxels, at least 1.</param>
    /// <param name="outputHeight">Height of the output in voxels, at least 1.</param>
    /// <param name="outputWidth">Width of the output in voxels, at least 1.</param>
    /// <param name="mode">How the value between voxels is read: trilinearly (<see cref="SamplingMode.Bilinear"/>) or the nearest.</param>
    /// <param name="padding">What is read outside the volume.</param>
    /// <param name="alignCorners">Whether −1 and 1 are the centres of the outermost voxels (<c>true</c>) or their outer faces (<c>false</c>).</param>
    /// <returns><c>[N, C, outputDepth, outputHeight, outputWidth]</c>. Gradients flow to the input and, unless the nearest voxel is read, to theta.</returns>
    /// <remarks>
    /// Convention: that of <see cref="AffineGrid3d"/> and <see cref="GridSample"/>, which it equals: theta maps target to source coordinates, (x, y, z) in [−1, 1].
    /// Source: Jaderberg et al. 2015, Spatial Transformer Networks, arXiv 1506.02025, section 3.2 and appendix A.3.
    /// </remarks>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">A shape, type or device does not fit, or <paramref name="mode"/> is <see cref="SamplingMode.Bicubic"/>.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A side of the output is below 1, or <paramref name="mode"/> or <paramref name="padding"/> is not one of the named values.</exception>
    public static Tensor AffineWarp3d(
        Tensor input,
        Tensor theta,
        long outputDepth,
        long outputHeight,
        long outputWidth,
        SamplingMode mode = SamplingMode.Bilinear,
        PaddingMode padding = PaddingMode.Zeros,
        bool alignCorners = false)
    {
        CheckAffineTheta3d(theta);
        CheckSampled(input, theta, nameof(theta), mode, padding, isVolume: true);
        using var grid = AffineGrid3d(theta, outputDepth, outputHeight, outputWidth, alignCorners);
        return ComposedGridSample(input, grid, mode, padding, alignCorners);
    }
}
