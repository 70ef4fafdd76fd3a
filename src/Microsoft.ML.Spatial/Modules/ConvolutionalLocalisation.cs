using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.Spatial.Modules;

/// <summary>
/// A convolutional localisation network: <c>[N, channels, height, width]</c> to theta <c>[N, P]</c>. A side over 32 pixels is first halved by average
/// pooling until it is at most 32; then twice 5x5 convolution of 16 channels, ReLU and 2x2 max pooling; 32 hidden units; theta.
/// The last layer starts with zero weights and the identity as its bias.
/// </summary>
/// <remarks>
/// Convention: theta is what the grid generator it is paired with reads. Source: Jaderberg et al. 2015, arXiv 1506.02025, section 3.1 and appendix A,
/// of the kind used there for distorted digits, scaled to about 0.4 million parameters a network.
/// </remarks>
public sealed class ConvolutionalLocalisation : nn.Module<Tensor, Tensor>
{
    private const int Channels = 16;
    private const int Hidden = 32;

    // The names of these fields are the names of the weights in a model file.
    private readonly Conv2d conv1;
    private readonly Conv2d conv2;
    private readonly Linear hidden;
    private readonly Linear theta;

    private readonly InputShape _input;
    private readonly long _poolHeight;
    private readonly long _poolWidth;

    /// <summary>A network for pictures of one size.</summary>
    /// <param name="channels">Channels of the input, at least 1.</param>
    /// <param name="height">Height of the input in pixels, at least 4.</param>
    /// <param name="width">Width of the input in pixels, at least 4.</param>
    /// <param name="identityTheta">The theta to start from, usually <see cref="GridGenerator.IdentityTheta"/>; its length is P.</param>
    /// <exception cref="ArgumentNullException"><paramref name="identityTheta"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="identityTheta"/> is empty.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A number is too small.</exception>
    public ConvolutionalLocalisation(long channels, long height, long width, float[] identityTheta) : base(nameof(ConvolutionalLocalisation))
    {
        ThetaLayer.Check(identityTheta);
        _input = new InputShape(channels, height, width, smallestSide: 4);
        _poolHeight = Halving.Factor(height);
        _poolWidth = Halving.Factor(width);

        // TorchSharp's initialisation of a convolution leaves a view of its weight behind; the scope takes it.
        using var scope = torch.NewDisposeScope();
        conv1 = nn.Conv2d(channels, Channels, 5, padding: 2);
        conv2 = nn.Conv2d(Channels, Channels, 5, padding: 2);
        hidden = nn.Linear(Channels * (height / _poolHeight / 4) * (width / _poolWidth / 4), Hidden);
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
        var features = ConvolutionStage.Apply(conv1, MemoryLayout.ChannelsLast(small), 2, 2);
        features = ConvolutionStage.Apply(conv2, features, 2, 2);
        return theta.call(HiddenLayer.Apply(hidden, features.flatten(1))).MoveToOuterDisposeScope();
    }
}
