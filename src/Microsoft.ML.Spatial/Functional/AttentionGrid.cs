using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Spatial.Functional;

public static partial class SpatialOps
{
    /// <summary>
    /// The sampling grid of an attention window: for every pixel (x, y) of the output, the source point <c>(s·x + tx, s·y + ty)</c>,
    /// that is crop, translation and isotropic scale.
    /// </summary>
    /// <param name="theta">
    /// <c>[N, 3]</c>: (s, tx, ty) a picture, floating point, any value. <c>s</c> is the window's size relative to the picture (below 1 magnifies),
    /// (tx, ty) its centre in normalised coordinates. <c>N</c> may be 0.
    /// </param>
    /// <param name="outputHeight">Height of the output in pixels, at least 1.</param>
    /// <param name="outputWidth">Width of the output in pixels, at least 1.</param>
    /// <param name="alignCorners">Whether −1 and 1 are the centres of the outermost pixels (<c>true</c>) or their outer edges (<c>false</c>).</param>
    /// <returns><c>[N, outputHeight, outputWidth, 2]</c>, of theta's type and device. Gradients flow to theta.</returns>
    /// <remarks>
    /// Convention: the last axis holds (x, y), normalised to [−1, 1] over the picture as <paramref name="alignCorners"/> says; y points down;
    /// the transformation maps target to source coordinates. Source: Jaderberg et al. 2015, Spatial Transformer Networks, arXiv 1506.02025, equation 2.
    /// </remarks>
    /// <exception cref="ArgumentNullException"><paramref name="theta"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="theta"/> has another shape or is not floating point.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A side of the output is below 1.</exception>
    public static Tensor AttentionGrid(Tensor theta, long outputHeight, long outputWidth, bool alignCorners = false)
    {
        using var matrices = AttentionMatrices(theta);
        return AffineGrid(matrices, outputHeight, outputWidth, alignCorners);
    }

    /// <summary>Attention windows (s, tx, ty) as affine matrices <c>[N, 6]</c>.</summary>
    private static Tensor AttentionMatrices(Tensor theta)
    {
        ArgumentNullException.ThrowIfNull(theta);
        var shape = theta.shape;
        if (shape is not [_, 3])
            throw new ArgumentException($"theta has shape {TensorCheck.Describe(shape)}; an attention window needs [N, 3]: s, tx, ty.", nameof(theta));
        TensorCheck.FloatingPoint(theta, nameof(theta));

        using var scope = torch.NewDisposeScope();
        var s = theta.narrow(1, 0, 1);
        var tx = theta.narrow(1, 1, 1);
        var ty = theta.narrow(1, 2, 1);
        var zero = TensorFactory.Zeros([shape[0], 1], theta.dtype, theta.device);
        return torch.cat([s, zero, tx, zero, s, ty], 1).MoveToOuterDisposeScope();
    }
}
