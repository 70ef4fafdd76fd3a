using Microsoft.ML.Spatial.Functional;
using static TorchSharp.torch;

namespace Microsoft.ML.Spatial.Modules;

/// <summary>The grid of an affine transformation: theta <c>[N, 6]</c> (or <c>[N, 2, 3]</c>) to <c>[N, OutputHeight, OutputWidth, 2]</c>.</summary>
/// <remarks>
/// Convention: theta holds the 2x3 matrix row by row, in normalised coordinates (x, y) of [−1, 1], from target to source.
/// Source: Jaderberg et al. 2015, arXiv 1506.02025, equation 1.
/// </remarks>
public sealed class AffineGridGenerator : GridGenerator
{
    internal const int Parameters = 6;

    /// <summary>A generator of grids of one size.</summary>
    /// <param name="outputHeight">Height of the output in pixels, at least 1.</param>
    /// <param name="outputWidth">Width of the output in pixels, at least 1.</param>
    /// <param name="alignCorners">Whether −1 and 1 are the centres of the outermost pixels (<c>true</c>) or their outer edges (<c>false</c>).</param>
    /// <exception cref="ArgumentOutOfRangeException">A side is below 1.</exception>
    public AffineGridGenerator(long outputHeight, long outputWidth, bool alignCorners = false)
        : base(nameof(AffineGridGenerator), outputHeight, outputWidth, alignCorners)
    {
    }

    /// <inheritdoc/>
    public override int ParameterCount => Parameters;

    /// <inheritdoc/>
    public override float[] IdentityTheta() => [1, 0, 0, 0, 1, 0];

    /// <summary>The grid of <paramref name="input"/>, theta.</summary>
    /// <exception cref="ArgumentException">theta has another shape or is not floating point.</exception>
    public override Tensor forward(Tensor input) => SpatialOps.AffineGrid(input, OutputHeight, OutputWidth, AlignCorners);

    /// <inheritdoc/>
    public override Tensor Warp(Tensor input, Tensor theta, SamplingMode mode = SamplingMode.Bilinear, PaddingMode padding = PaddingMode.Zeros) =>
        SpatialOps.AffineWarp(input, theta, OutputHeight, OutputWidth, mode, padding, AlignCorners);
}
