using Microsoft.ML.Spatial.Functional;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.Spatial.Modules;

/// <summary>
/// A small localisation network for any feature map: <c>[N, channels, height, width]</c> to theta <c>[N, P]</c>. Each side is halved by average pooling until
/// it is at most the stated number of pixels; then two layers of 32 units with ReLU. The last layer starts with zero weights and the identity as its bias.
/// </summary>
/// <remarks>
/// Convention: theta is what the grid generator it is paired with reads.
/// Source: Jaderberg et al. 2015, arXiv 1506.02025, section 4.2 (the localisation networks of ST-CNN multi: two layers of 32 units).
/// </remarks>
public sealed class PooledLocalisation : nn.Module<Tensor, Tensor>
{
    private const int Hidden = 32;

    // The names of these fields are the names of the weights in a model file.
    private readonly Linear hidden1;
    private readonly Linear hidden2;
    private readonly Linear theta;

    private readonly InputShape _input;
    private readonly long _poolHeight;
    private readonly long _poolWidth;

    /// <summary>A network for maps of one size.</summary>
    /// <param name="channels">Channels of the input, at least 1.</param>
    /// <param name="height">Height of the input in pixels, at least 1.</param>
    /// <param name="width">Width of the input in pixels, at least 1.</param>
    /// <param name="identityTheta">The theta to start from, usually <see cref="GridGenerator.IdentityTheta"/>; its length is P.</param>
    /// <param name="pooledSide">The most pixels a side has after pooling, at least 1.</param>
    /// <exception cref="ArgumentNullException"><paramref name="identityTheta"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="identityTheta"/> is empty.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A number is below 1.</exception>
    public PooledLocalisation(long channels, long height, long width, float[] identityTheta, long pooledSide = 8) : base(nameof(PooledLocalisation))
    {
        ThetaLayer.Check(identityTheta);
        TensorCheck.Positive(pooledSide, nameof(pooledSide));
        _input = new InputShape(channels, height, width);
        _poolHeight = Halving.Factor(height, pooledSide);
        _poolWidth = Halving.Factor(width, pooledSide);

        hidden1 = nn.Linear(channels * (height / _poolHeight) * (width / _poolWidth), Hidden);
        hidden2 = nn.Linear(Hidden, Hidden);
        theta = ThetaLayer.Create(Hidden, identityTheta);
        RegisterComponents();
        this.OwnWeights();
    }

    /// <summary>Theta <c>[N, P]</c> of a batch <c>[N, channels, height, width]</c>.</summary>
    /// <exception cref="ArgumentException">The batch has another shape than the network was built for.</exception>
    public override Tensor forward(Tensor input)
    {
        _input.Check(input);
        using var scope = torch.NewDisposeScope();
        var small = _poolHeight == 1 && _poolWidth == 1 ? input : nn.functional.avg_pool2d(input, new[] { _poolHeight, _poolWidth });
        var values = HiddenLayer.Apply(hidden1, small.flatten(1));
        return theta.call(HiddenLayer.Apply(hidden2, values)).MoveToOuterDisposeScope();
    }
}
