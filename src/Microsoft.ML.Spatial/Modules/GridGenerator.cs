using Microsoft.ML.Spatial.Functional;
using static TorchSharp.torch;

namespace Microsoft.ML.Spatial.Modules;

/// <summary>
/// Turns the parameters theta <c>[N, ParameterCount]</c> of a transformation into a sampling grid <c>[N, OutputHeight, OutputWidth, 2]</c>.
/// It has no weights of its own.
/// </summary>
/// <remarks>
/// Convention: the grid's last axis holds (x, y) in [−1, 1], what <see cref="SpatialOps.GridSample"/> reads; the transformation maps target to source.
/// Source: Jaderberg et al. 2015, Spatial Transformer Networks, arXiv 1506.02025, section 3.2.
/// </remarks>
public abstract class GridGenerator : nn.Module<Tensor, Tensor>
{
    internal const int LeastControlPointsPerSide = 2;
    internal const int MostControlPointsPerSide = 32;

    // 16 control points, as the paper has them.
    internal const int DefaultControlPointsPerSide = 4;

    private protected GridGenerator(string name, long outputHeight, long outputWidth, bool alignCorners) : base(name)
    {
        TensorCheck.Positive(outputHeight, nameof(outputHeight));
        TensorCheck.Positive(outputWidth, nameof(outputWidth));
        OutputHeight = outputHeight;
        OutputWidth = outputWidth;
        AlignCorners = alignCorners;
    }

    /// <summary>Height of the output in pixels.</summary>
    public long OutputHeight { get; }

    /// <summary>Width of the output in pixels.</summary>
    public long OutputWidth { get; }

    /// <summary>Whether −1 and 1 are the centres of the outermost pixels (<c>true</c>) or their outer edges (<c>false</c>).</summary>
    public bool AlignCorners { get; }

    /// <summary>How many numbers theta has for one picture.</summary>
    public abstract int ParameterCount { get; }

    /// <summary>The theta that maps every point to itself, as a new array of <see cref="ParameterCount"/> numbers.</summary>
    public abstract float[] IdentityTheta();

    /// <summary>Reads <paramref name="input"/> at the points of the grid of <paramref name="theta"/>, without keeping the grid in memory where it can.</summary>
    /// <param name="input"><c>[N, C, H, W]</c>, floating point; <c>N</c> may be 0.</param>
    /// <param name="theta"><c>[N, ParameterCount]</c>, of the input's type and device.</param>
    /// <param name="mode">How the value between pixels is read.</param>
    /// <param name="padding">What is read outside the picture.</param>
    /// <returns><c>[N, C, OutputHeight, OutputWidth]</c>. Gradients flow to the input and, unless the nearest pixel is read, to theta.</returns>
    /// <exception cref="ArgumentNullException">A tensor is null.</exception>
    /// <exception cref="ArgumentException">A shape, type or device does not fit.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="mode"/> or <paramref name="padding"/> is not one of the named values.</exception>
    public abstract Tensor Warp(Tensor input, Tensor theta, SamplingMode mode = SamplingMode.Bilinear, PaddingMode padding = PaddingMode.Zeros);

    /// <summary>The generator of a kind of transformation.</summary>
    /// <param name="kind">The family of transformations.</param>
    /// <param name="outputHeight">Height of the output in pixels, at least 1.</param>
    /// <param name="outputWidth">Width of the output in pixels, at least 1.</param>
    /// <param name="alignCorners">Whether −1 and 1 are the centres of the outermost pixels (<c>true</c>) or their outer edges (<c>false</c>).</param>
    /// <param name="controlPointsPerSide">Rows, and columns, of the control points of a thin plate spline, 2 to 32; unused by other kinds.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range, or the kind is not one of the named values.</exception>
    public static GridGenerator Create(
        TransformationKind kind, long outputHeight, long outputWidth, bool alignCorners = false, int controlPointsPerSide = DefaultControlPointsPerSide) => kind switch
        {
            TransformationKind.Affine => new AffineGridGenerator(outputHeight, outputWidth, alignCorners),
            TransformationKind.Attention => new AttentionGridGenerator(outputHeight, outputWidth, alignCorners),
            TransformationKind.Projective => new ProjectiveGridGenerator(outputHeight, outputWidth, alignCorners),
            TransformationKind.ThinPlateSpline => new ThinPlateSplineGridGenerator(
                CheckedControlPoints(controlPointsPerSide), controlPointsPerSide, outputHeight, outputWidth, alignCorners),
            _ => throw UnknownKind(kind),
        };

    /// <summary>How many numbers theta has, without making a generator (which needs torch's native library).</summary>
    internal static int ParametersOf(TransformationKind kind, int controlPointsPerSide) => kind switch
    {
        TransformationKind.Affine => AffineGridGenerator.Parameters,
        TransformationKind.Attention => AttentionGridGenerator.Parameters,
        TransformationKind.Projective => ProjectiveGridGenerator.Parameters,
        TransformationKind.ThinPlateSpline => 2 * CheckedControlPoints(controlPointsPerSide) * controlPointsPerSide,
        _ => throw UnknownKind(kind),
    };

    internal static ArgumentOutOfRangeException UnknownKind(TransformationKind kind) =>
        new(nameof(kind), kind, $"kind is {kind}; it must be one of {string.Join(", ", Enum.GetNames<TransformationKind>())}.");

    private static int CheckedControlPoints(int controlPointsPerSide) =>
        controlPointsPerSide is >= LeastControlPointsPerSide and <= MostControlPointsPerSide
            ? controlPointsPerSide
            : throw new ArgumentOutOfRangeException(
                nameof(controlPointsPerSide),
                controlPointsPerSide,
                $"controlPointsPerSide is {controlPointsPerSide}; it must be between {LeastControlPointsPerSide} and {MostControlPointsPerSide}.");
}
