using Microsoft.ML.Spatial.Functional;
using static TorchSharp.torch;

namespace Microsoft.ML.Spatial.Modules;

/// <summary>The grid of a projective transformation: theta <c>[N, 8]</c> to <c>[N, OutputHeight, OutputWidth, 2]</c>.</summary>
/// <remarks>
/// Convention: theta holds (a, b, c, d, e, f, g, h) of <see cref="SpatialOps.ProjectiveGrid"/>, in normalised coordinates (x, y) of [−1, 1], from target to source.
/// Source: Jaderberg et al. 2015, arXiv 1506.02025, section 3.2.
/// </remarks>
public sealed class ProjectiveGridGenerator : GridGenerator
{
    internal const int Parameters = 8;

    /// <summary>A generator of grids of one size.</summary>
    /// <param name="outputHeight">Height of the output in pixels, at least 1.</param>
    /// <param name="outputWidth">Width of the output in pixels, at least 1.</param>
    /// <param name="alignCorners">Whether −1 and 1 are the centres of the outermost pixels (<c>true</c>) or their outer edges (<c>false</c>).</param>
    /// <exception cref="ArgumentOutOfRangeException">A side is below 1.</exception>
    public ProjectiveGridGenerator(long outputHeight, long outputWidth, bool alignCorners = false)
        : base(nameof(ProjectiveGridGenerator), outputHeight, outputWidth, alignCorners)
    {
    }

    /// <inheritdoc/>
    public override int ParameterCount => Parameters;

    /// <inheritdoc/>
    public override float[] IdentityTheta() => [1, 0, 0, 0, 1, 0, 0, 0];

    /// <summary>The grid of <paramref name="input"/>, theta.</summary>
    /// <exception cref="ArgumentException">theta has another shape or is not floating point.</exception>
    public override Tensor forward(Tensor input) => SpatialOps.ProjectiveGrid(input, OutputHeight, OutputWidth, AlignCorners);

    /// <inheritdoc/>
    public override Tensor Warp(Tensor input, Tensor theta, SamplingMode mode = SamplingMode.Bilinear, PaddingMode padding = PaddingMode.Zeros) =>
        SpatialOps.ProjectiveWarp(input, theta, OutputHeight, OutputWidth, mode, padding, AlignCorners);
}
