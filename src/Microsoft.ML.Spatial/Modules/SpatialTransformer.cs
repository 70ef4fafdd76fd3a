using Microsoft.ML.Spatial.Functional;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Spatial.Modules;

/// <summary>
/// A spatial transformer: a localisation network that looks at a feature map and chooses a transformation, a grid generator, and a sampler that
/// reads the map there. It takes any <c>[N, C, H, W]</c>, not only pictures, and gives <c>[N, C, OutputHeight, OutputWidth]</c>; gradients flow through all of it.
/// </summary>
/// <remarks>
/// Convention: transformations map target to source coordinates, (x, y) in [−1, 1]; alignCorners as in <see cref="SpatialOps.GridSample"/>.
/// Source: Jaderberg et al. 2015, Spatial Transformer Networks, arXiv 1506.02025, section 3.
/// </remarks>
public sealed class SpatialTransformer : nn.Module<Tensor, Tensor>
{
    // The names of these fields are part of the names of the weights in a model file.
    private readonly nn.Module<Tensor, Tensor> localisation;
    private readonly GridGenerator grid;

    private readonly SamplingMode _mode;
    private readonly PaddingMode _padding;

    /// <summary>A transformer of three parts. It owns them: disposing it disposes both modules.</summary>
    /// <param name="localisation"><c>[N, C, H, W]</c> to theta <c>[N, P]</c>, where P is the generator's <see cref="GridGenerator.ParameterCount"/>.</param>
    /// <param name="grid">The kind of transformation and the size of the output.</param>
    /// <param name="mode">How the value between pixels is read; only bilinear sampling lets the localisation network learn.</param>
    /// <param name="padding">What is read outside the map.</param>
    /// <param name="alignCorners">The meaning of −1 and 1; the same as the generator's.</param>
    /// <exception cref="ArgumentNullException">A module is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="alignCorners"/> differs from the generator's.</exception>
    public SpatialTransformer(
        nn.Module<Tensor, Tensor> localisation,
        GridGenerator grid,
        SamplingMode mode = SamplingMode.Bilinear,
        PaddingMode padding = PaddingMode.Zeros,
        bool alignCorners = false) : base(nameof(SpatialTransformer))
    {
        ArgumentNullException.ThrowIfNull(localisation);
        ArgumentNullException.ThrowIfNull(grid);
        if (alignCorners != grid.AlignCorners)
        {
            throw new ArgumentException(
                $"alignCorners is {alignCorners} and the grid generator's is {grid.AlignCorners}; build both with the same value.", nameof(alignCorners));
        }

        this.localisation = localisation;
        this.grid = grid;
        _mode = mode;
        _padding = padding;
        RegisterComponents();
        this.OwnWeights();
    }

    /// <summary>The network that chooses the transformation.</summary>
    public nn.Module<Tensor, Tensor> Localisation => localisation;

    /// <summary>What makes a grid of a transformation.</summary>
    public GridGenerator Grid => grid;

    /// <summary>The rectified map <c>[N, C, OutputHeight, OutputWidth]</c> of a map <c>[N, C, H, W]</c>.</summary>
    public override Tensor forward(Tensor input)
    {
        var (rectified, theta) = Rectify(input);
        theta.Dispose();
        return rectified;
    }

    /// <summary>
    /// The rectified map <c>[N, C, OutputHeight, OutputWidth]</c> and the transformation <c>[N, P]</c> chosen for each sample of a map <c>[N, C, H, W]</c>.
    /// The caller disposes both.
    /// </summary>
    /// <exception cref="ArgumentNullException"><paramref name="input"/> is null.</exception>
    /// <exception cref="ArgumentException">The map's shape does not fit the localisation network, or theta does not fit the generator.</exception>
    public (Tensor Rectified, Tensor Theta) Rectify(Tensor input)
    {
        ArgumentNullException.ThrowIfNull(input);
        using var scope = torch.NewDisposeScope();
        var theta = localisation.call(input);
        var rectified = grid.Warp(input, theta, _mode, _padding);
        return (rectified.MoveToOuterDisposeScope(), theta.MoveToOuterDisposeScope());
    }
}
