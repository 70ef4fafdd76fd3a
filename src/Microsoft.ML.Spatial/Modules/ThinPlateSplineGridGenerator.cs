using Microsoft.ML.Spatial.Functional;
using static TorchSharp.torch;

namespace Microsoft.ML.Spatial.Modules;

/// <summary>
/// The grid of a thin plate spline: theta <c>[N, 2·K]</c> (or <c>[N, K, 2]</c>) to <c>[N, OutputHeight, OutputWidth, 2]</c>. The constant matrix of the
/// spline's equations is inverted once, when the spline is made.
/// </summary>
/// <remarks>
/// Convention: theta holds the source point (x, y) of each control point, in normalised coordinates of [−1, 1], from target to source.
/// Source: Jaderberg et al. 2015, arXiv 1506.02025, section 3.2.
/// </remarks>
public sealed class ThinPlateSplineGridGenerator : GridGenerator
{
    /// <summary>A generator of grids of one size, from control points on a regular grid over the whole output.</summary>
    /// <param name="rows">Rows of control points, at least 2.</param>
    /// <param name="columns">Control points in a row, at least 2; rows times columns may be 1024 at most.</param>
    /// <param name="outputHeight">Height of the output in pixels, at least 1.</param>
    /// <param name="outputWidth">Width of the output in pixels, at least 1.</param>
    /// <param name="alignCorners">Whether −1 and 1 are the centres of the outermost pixels (<c>true</c>) or their outer edges (<c>false</c>).</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
    public ThinPlateSplineGridGenerator(int rows, int columns, long outputHeight, long outputWidth, bool alignCorners = false)
        : this(new ThinPlateSpline(rows, columns), outputHeight, outputWidth, alignCorners)
    {
    }

    /// <summary>A generator of grids of one size, from control points anywhere.</summary>
    /// <param name="spline">The control points; several generators may share them.</param>
    /// <param name="outputHeight">Height of the output in pixels, at least 1.</param>
    /// <param name="outputWidth">Width of the output in pixels, at least 1.</param>
    /// <param name="alignCorners">Whether −1 and 1 are the centres of the outermost pixels (<c>true</c>) or their outer edges (<c>false</c>).</param>
    /// <exception cref="ArgumentNullException"><paramref name="spline"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A side is below 1.</exception>
    public ThinPlateSplineGridGenerator(ThinPlateSpline spline, long outputHeight, long outputWidth, bool alignCorners = false)
        : base(nameof(ThinPlateSplineGridGenerator), outputHeight, outputWidth, alignCorners)
    {
        ArgumentNullException.ThrowIfNull(spline);
        Spline = spline;
    }

    /// <summary>The control points.</summary>
    public ThinPlateSpline Spline { get; }

    /// <inheritdoc/>
    public override int ParameterCount => 2 * Spline.ControlPointCount;

    /// <inheritdoc/>
    public override float[] IdentityTheta() => Spline.IdentityTheta();

    /// <summary>The grid of <paramref name="input"/>, theta.</summary>
    /// <exception cref="ArgumentException">theta has another shape or is not floating point.</exception>
    public override Tensor forward(Tensor input) => SpatialOps.ThinPlateSplineGrid(input, Spline, OutputHeight, OutputWidth, AlignCorners);

    /// <inheritdoc/>
    public override Tensor Warp(Tensor input, Tensor theta, SamplingMode mode = SamplingMode.Bilinear, PaddingMode padding = PaddingMode.Zeros) =>
        SpatialOps.ThinPlateSplineWarp(input, theta, Spline, OutputHeight, OutputWidth, mode, padding, AlignCorners);
}
