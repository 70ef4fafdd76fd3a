using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Spatial.Functional;

public static partial class SpatialOps
{
    /// <summary>The least magnitude of a projective transformation's denominator; smaller ones are taken for this, with their sign.</summary>
    internal const double LeastDenominator = 1e-6;

    // Products and quotients of such parameters, and their derivatives, are finite in single precision.
    private const double MostParameter = 1e12;

    /// <summary>
    /// The sampling grid of a projective transformation (a homography): for every pixel (x, y) of the output, the source point
    /// <c>((a·x + b·y + c) / (g·x + h·y + 1), (d·x + e·y + f) / (g·x + h·y + 1))</c> to read.
    /// </summary>
    /// <param name="theta"><c>[N, 8]</c>: (a, b, c, d, e, f, g, h) a picture, floating point, any value. <c>N</c> may be 0.</param>
    /// <param name="outputHeight">Height of the output in pixels, at least 1.</param>
    /// <param name="outputWidth">Width of the output in pixels, at least 1.</param>
    /// <param name="alignCorners">Whether −1 and 1 are the centres of the outermost pixels (<c>true</c>) or their outer edges (<c>false</c>).</param>
    /// <returns>
    /// <c>[N, outputHeight, outputWidth, 2]</c>, of theta's type and device; of a theta that holds what is not a number, nothing is one, and of any other all
    /// is finite. Gradients flow to theta; they are finite where those of the grid are.
    /// </returns>
    /// <remarks>
    /// Convention: the last axis holds (x, y), normalised to [−1, 1] over the picture as <paramref name="alignCorners"/> says; y points down;
    /// the transformation maps target to source coordinates. Where the denominator is nearer to zero than 1e-6 it counts as 1e-6 of the same sign (zero as
    /// positive) and no gradient flows through it: the point lies far outside the picture. Beyond the line of zeros the denominator is negative and the
    /// picture appears mirrored, as the formula says. Parameters beyond ±1e12 count as ±1e12.
    /// Source: Jaderberg et al. 2015, Spatial Transformer Networks, arXiv 1506.02025, section 3.2 (plane projective transformation with 8 parameters).
    /// </remarks>
    /// <exception cref="ArgumentNullException"><paramref name="theta"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="theta"/> has another shape or is not floating point.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A side of the output is below 1.</exception>
    public static Tensor ProjectiveGrid(Tensor theta, long outputHeight, long outputWidth, bool alignCorners = false)
    {
        CheckProjectiveTheta(theta);
        TensorCheck.Positive(outputHeight, nameof(outputHeight));
        TensorCheck.Positive(outputWidth, nameof(outputWidth));

        using var scope = torch.NewDisposeScope();
        var pictures = theta.shape[0];

        var most = TensorFactory.FromArray<double>([MostParameter], [1], theta.device).to_type(theta.dtype);
        var bounded = theta.clamp(most.neg(), most);

        // What is not a number takes part after the division only: behind a division its gradient would not be a number even where nothing flows back.
        var mark = bounded.detach().mul(0).sum(1, keepdim: true);
        var parameters = bounded.where(mark.eq(0), TensorFactory.Zeros([1], theta.dtype, theta.device));

        // The three linear forms of a pixel are an affine grid of their own each: (numerator x, numerator y) and (denominator, 0) share the pixel centres.
        var numerators = AffineGrid(parameters.narrow(1, 0, 6), outputHeight, outputWidth, alignCorners);
        var perspective = parameters.narrow(1, 6, 2);
        var one = TensorFactory.Zeros([pictures, 1], theta.dtype, theta.device).add(1);
        var zeros = TensorFactory.Zeros([pictures, 3], theta.dtype, theta.device);
        var denominator = AffineGrid(torch.cat([perspective, one, zeros], 1), outputHeight, outputWidth, alignCorners).narrow(3, 0, 1);

        var least = TensorFactory.FromArray<double>([LeastDenominator], [1], theta.device).to_type(theta.dtype);
        var signed = least.neg().where(denominator.lt(0), least);
        var safe = signed.where(denominator.abs().lt(LeastDenominator), denominator);
        return numerators.div(safe).add(mark.view(pictures, 1, 1, 1)).MoveToOuterDisposeScope();
    }

    /// <summary>What the grid above makes of parameters that are infinite, huge or no numbers, for the kernels.</summary>
    internal static void BoundParameters(Span<float> theta)
    {
        for (; theta.Length > 0; theta = theta[8..])
        {
            var isNumber = true;
            foreach (ref var parameter in theta[..8])
            {
                isNumber &= !float.IsNaN(parameter);
                parameter = Math.Clamp(parameter, -(float)MostParameter, (float)MostParameter);
            }

            if (!isNumber)
                theta[..8].Fill(float.NaN);
        }
    }

    internal static void CheckProjectiveTheta(Tensor theta, string argument = "theta")
    {
        ArgumentNullException.ThrowIfNull(theta, argument);
        if (theta.shape is not [_, 8])
            throw new ArgumentException($"{argument} has shape {TensorCheck.Describe(theta.shape)}; a projective transformation needs [N, 8]: a, b, c, d, e, f, g, h.", argument);
        TensorCheck.FloatingPoint(theta, argument);
    }
}
