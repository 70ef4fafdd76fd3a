using Microsoft.ML.Spatial.Functional;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Spatial.Modules;

/// <summary>
/// A spatial transformer of volumes: a localisation network that looks at <c>[N, C, D, H, W]</c> and chooses an affine transformation in space, and a sampler that
/// reads the volume there, <c>[N, C, OutputDepth, OutputHeight, OutputWidth]</c>; gradients flow through all of it.
/// </summary>
/// <remarks>
/// Convention: theta holds the 3x4 matrix row by row and maps target to source coordinates, (x, y, z) in [−1, 1] along width, height and depth; alignCorners as in
/// <see cref="SpatialOps.GridSample"/>. Source: Jaderberg et al. 2015, Spatial Transformer Networks, arXiv 1506.02025, section 3 and appendix A.3.
/// </remarks>
public sealed class SpatialTransformer3d : nn.Module<Tensor, Tensor>
{
    // The name of this field is part of the names of the weights.
    private readonly nn.Module<Tensor, Tensor> localisation;

    private readonly SamplingMode _mode;
    private readonly PaddingMode _padding;

    /// <summary>A transformer. It owns its localisation network: disposing it disposes that.</summary>
    /// <param name="localisation">
    /// <c>[N, C, D, H, W]</c> to theta <c>[N, 12]</c>; its last layer should start with zero weights and <see cref="IdentityTheta"/> as its bias.
    /// </param>
    /// <param name="outputDepth">Depth of the output in voxels, at least 1.</param>
    /// <param name="outputHeight">Height of the output in voxels, at least 1.</param>
    /// <param name="outputWidth">Width of the output in voxels, at least 1.</param>
    /// <param name="mode">How the value between voxels is read; only trilinear sampling (<see cref="SamplingMode.Bilinear"/>) lets the localisation network learn.</param>
    /// <param name="padding">What is read outside the volume.</param>
    /// <param name="alignCorners">Whether −1 and 1 are the centres of the outermost voxels (<c>true</c>) or their outer faces (<c>false</c>).</param>
    /// <exception cref="ArgumentNullException"><paramref name="localisation"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A side is below 1.</exception>
    public SpatialTransformer3d(
        nn.Module<Tensor, Tensor> localisation,
        long outputDepth,
        long outputHeight,
        long outputWidth,
        SamplingMode mode = SamplingMode.Bilinear,
        PaddingMode padding = PaddingMode.Zeros,
        bool alignCorners = false) : base(nameof(SpatialTransformer3d))
    {
        ArgumentNullException.ThrowIfNull(localisation);
        TensorCheck.Positive(outputDepth, nameof(outputDepth));
        TensorCheck.Positive(outputHeight, nameof(outputHeight));
        TensorCheck.Positive(outputWidth, nameof(outputWidth));
        this.localisation = localisation;
        (OutputDepth, OutputHeight, OutputWidth, AlignCorners) = (outputDepth, outputHeight, outputWidth, alignCorners);
        (_mode, _padding) = (mode, padding);
        RegisterComponents();
        this.OwnWeights();
    }

    /// <summary>The network that chooses the transformation.</summary>
    public nn.Module<Tensor, Tensor> Localisation => localisation;

    /// <summary>Depth of the output in voxels.</summary>
    public long OutputDepth { get; }

    /// <summary>Height of the output in voxels.</summary>
    public long OutputHeight { get; }

    /// <summary>Width of the output in voxels.</summary>
    public long OutputWidth { get; }

    /// <summary>Whether −1 and 1 are the centres of the outermost voxels (<c>true</c>) or their outer faces (<c>false</c>).</summary>
    public bool AlignCorners { get; }

    /// <summary>The theta that maps every point to itself, as a new array of 12 numbers.</summary>
    public static float[] IdentityTheta() => [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0];

    /// <summary>The rectified volume <c>[N, C, OutputDepth, OutputHeight, OutputWidth]</c> of a volume <c>[N, C, D, H, W]</c>.</summary>
    public override Tensor forward(Tensor input)
    {
        var (rectified, theta) = Rectify(input);
        theta.Dispose();
        return rectified;
    }

    /// <summary>
    /// The rectified volume <c>[N, C, OutputDepth, OutputHeight, OutputWidth]</c> and the transformation <c>[N, 12]</c> chosen for each sample of a volume
    /// <c>[N, C, D, H, W]</c>. The caller disposes both.
    /// </summary>
    /// <exception cref="ArgumentNullException"><paramref name="input"/> is null.</exception>
    /// <exception cref="ArgumentException">The volume's shape does not fit the localisation network, or theta is not <c>[N, 12]</c>.</exception>
    public (Tensor Rectified, Tensor Theta) Rectify(Tensor input)
    {
        ArgumentNullException.ThrowIfNull(input);
        using var scope = torch.NewDisposeScope();
        var theta = localisation.call(input);
        var rectified = SpatialOps.AffineWarp3d(input, theta, OutputDepth, OutputHeight, OutputWidth, _mode, _padding, AlignCorners);
        return (rectified.MoveToOuterDisposeScope(), theta.MoveToOuterDisposeScope());
    }
}
