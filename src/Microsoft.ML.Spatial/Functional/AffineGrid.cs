using static TorchSharp.torch;

namespace Microsoft.ML.Spatial.Functional;

/// <summary>The operators of spatial transformers as pure functions of tensors.</summary>
public static partial class SpatialOps
{
    /// <summary>
    /// The sampling grid of an affine transformation: for every pixel (x, y) of the output, the source point <c>A·(x, y, 1)</c> to read.
    /// </summary>
    /// <param name="theta">
    /// <c>[N, 2, 3]</c>, or <c>[N, 6]</c> row by row: one matrix A a picture, floating point, any value. <c>N</c> may be 0.
    /// </param>
    /// <param name="outputHeight">Height of the output in pixels, at least 1.</param>
    /// <param name="outputWidth">Width of the output in pixels, at least 1.</param>
    /// <param name="alignCorners">Whether −1 and 1 are the centres of the outermost pixels (<c>true</c>) or their outer edges (<c>false</c>).</param>
    /// <returns><c>[N, outputHeight, outputWidth, 2]</c>, of theta's type and device. Gradients flow to theta.</returns>
    /// <remarks>
    /// Convention: the last axis holds (x, y), normalised to [−1, 1] over the picture as <paramref name="alignCorners"/> says; y points down;
    /// the transformation maps target to source coordinates. Source: Jaderberg et al. 2015, Spatial Transformer Networks, arXiv 1506.02025, equation 1.
    /// </remarks>
    /// <exception cref="ArgumentNullException"><paramref name="theta"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="theta"/> has another shape or is not floating point.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A side of the output is below 1.</exception>
    public static Tensor AffineGrid(Tensor theta, long outputHeight, long outputWidth, bool alignCorners = false)
    {
        CheckAffineTheta(theta);
        TensorCheck.Positive(outputHeight, nameof(outputHeight));
        TensorCheck.Positive(outputWidth, nameof(outputWidth));

        // torch refuses an empty batch here.
        var pictures = theta.shape[0];
        if (pictures == 0)
            return TensorFactory.Empty([0, outputHeight, outputWidth, 2], theta.dtype, theta.device);

        using var matrices = theta.reshape(pictures, 2, 3);
        return nn.functional.affine_grid(matrices, [pictures, 1, outputHeight, outputWidth], alignCorners);
    }
    internal static void CheckAffineTheta(Tensor theta, string argument = "theta")
    {
        ArgumentNullException.ThrowIfNull(theta, argument);
        if (theta.shape is not ([_, 2, 3] or [_, 6]))
            throw new ArgumentException($"{argument} has shape {TensorCheck.Describe(theta.shape)}; an affine transformation needs [N, 2, 3] or [N, 6].", argument);
        TensorCheck.FloatingPoint(theta, argument);
    }
}
