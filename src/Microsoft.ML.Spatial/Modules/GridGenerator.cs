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

    /// <summary>The generator of a kind of transformation.</summary>
    /// <param name="kind">The family of transformations.</param>
    /// <param name="outputHeight">Height of the output in pixels, at least 1.</param>
    /// <param name="outputWidth">Width of the output in pixels, at least 1.</param>
    /// <param name="alignCorners">Whether −1 and 1 are the centres of the outermost pixels (<c>true</c>) or their outer edges (<c>false</c>).</param>
    /// <exception cref="ArgumentOutOfRangeException">A side is below 1, or the kind is not one of the named values.</exception>
    public static GridGenerator Create(TransformationKind kind, long outputHeight, long outputWidth, bool alignCorners = false) => kind switch
    {
        TransformationKind.Affine => new AffineGridGenerator(outputHeight, outputWidth, alignCorners),
        TransformationKind.Attention => new AttentionGridGenerator(outputHeight, outputWidth, alignCorners),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "kind must be Affine or Attention."),
    };

    /// <summary>How many numbers theta has, without making a generator (which needs torch's native library).</summary>
    internal static int ParametersOf(TransformationKind kind) => kind switch
    {
        TransformationKind.Affine => AffineGridGenerator.Parameters,
        TransformationKind.Attention => AttentionGridGenerator.Parameters,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "kind must be Affine or Attention."),
    };
}
