using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Spatial.Functional;

public static partial class SpatialOps
{
    /// <summary>
    /// The sampling grid of an affine transformation of volumes: for every voxel (x, y, z) of the output, the source point <c>A·(x, y, z, 1)</c> to read.
    /// </summary>
    /// <param name="theta">
    /// <c>[N, 3, 4]</c>, or <c>[N, 12]</c> row by row: one matrix A a volume, floating point, any value. <c>N</c> may be 0.
    /// </param>
    /// <param name="outputDepth">Depth of the output in voxels, at least 1.</param>
    /// <param name="outputHeight">Height of the output in voxels, at least 1.</param>
    /// <param name="outputWidth">Width of the output in voxels, at least 1.</param>
    /// <param name="alignCorners">Whether −1 and 1 are the centres of the outermost voxels (<c>true</c>) or their outer faces (<c>false</c>).</param>
    /// <returns><c>[N, outputDepth, outputHeight, outputWidth, 3]</c>, of theta's type and device. Gradients flow to theta.</returns>
    /// <remarks>
    /// Convention: the last axis holds (x, y, z), the reverse of the volume's axis order, normalised to [−1, 1] over the volume as
    /// <paramref name="alignCorners"/> says; the transformation maps target to source coordinates.
    /// Source: Jaderberg et al. 2015, Spatial Transformer Networks, arXiv 1506.02025, section 3.2 and appendix A.3.
    /// </remarks>
    /// <exception cref="ArgumentNullException"><paramref name="theta"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="theta"/> has another shape or is not floating point.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A side of the output is below 1.</exception>
    public static Tensor AffineGrid3d(Tensor theta, long outputDepth, long outputHeight, long outputWidth, bool alignCorners = false)
    {
        CheckAffineTheta3d(theta);
        TensorCheck.Positive(outputDepth, nameof(outputDepth));
        TensorCheck.Positive(outputHeight, nameof(outputHeight));
        TensorCheck.Positive(outputWidth, nameof(outputWidth));

        // torch refuses an empty batch here.
        var volumes = theta.shape[0];
        if (volumes == 0)
            return TensorFactory.Empty([0, outputDepth, outputHeight, outputWidth, 3], theta.dtype, theta.device);

        using var matrices = theta.reshape(volumes, 3, 4);
        return nn.functional.affine_grid(matrices, [volumes, 1, outputDepth, outputHeight, outputWidth], alignCorners);
    }

    private static void CheckAffineTheta3d(Tensor theta)
    {
        ArgumentNullException.ThrowIfNull(theta);
        if (theta.shape is not ([_, 3, 4] or [_, 12]))
            throw new ArgumentException($"theta has shape {TensorCheck.Describe(theta.shape)}; an affine transformation of volumes needs [N, 3, 4] or [N, 12].", nameof(theta));
        TensorCheck.FloatingPoint(theta, nameof(theta));
    }
}
