using Microsoft.ML.Spatial.Functional;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.Spatial.Modules;

/// <summary>
/// A convolutional classifier: <c>[N, channels, height, width]</c> to logits <c>[N, classes]</c>. Three 3x3 convolutions of 32, 32 and 64 channels, each
/// followed by ReLU, the first two by 2x2 max pooling, the third by as much pooling as brings a side over 32 pixels down; one hidden layer of 256
/// units, or of 128 where more than 1600 features enter it, which keeps such networks near 0.43 million parameters.
/// </summary>
/// <remarks>
/// Convention: logits are unnormalised; softmax turns them into probabilities. Source: the CNN of Jaderberg et al. 2015, arXiv 1506.02025,
/// section 4.1 and appendix A, with 3x3 kernels.
/// </remarks>
public sealed class ConvolutionalClassifier : nn.Module<Tensor, Tensor>
{
    private const int FirstChannels = 32;
    private const int LastChannels = 64;

    // The names of these fields are the names of the weights in a model file.
    private readonly Conv2d conv1;
    private readonly Conv2d conv2;
    private readonly Conv2d conv3;
    private readonly Linear hidden;
    private readonly Linear output;

    private readonly InputShape _input;
    private readonly long _poolHeight;
    private readonly long _poolWidth;

    /// <summary>A network for pictures of one size.</summary>
    /// <param name="channels">Channels of the input, at least 1.</param>
    /// <param name="height">Height of the input in pixels, at least 4.</param>
    /// <param name="width">Width of the input in pixels, at least 4.</param>
    /// <param name="classes">Number of classes, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is too small.</exception>
    public ConvolutionalClassifier(long channels, long height, long width, long classes) : base(nameof(ConvolutionalClassifier))
    {
        _input = new InputShape(channels, height, width, smallestSide: 4);
        TensorCheck.Positive(classes, nameof(classes));
        _poolHeight = Halving.Factor(height);
        _poolWidth = Halving.Factor(width);
        var features = LastChannels * (height / 4 / _poolHeight) * (width / 4 / _poolWidth);
        var units = features <= 1600 ? 256 : 128;

        // TorchSharp's initialisation of a convolution leaves a view of its weight behind; the scope takes it.
        using var scope = torch.NewDisposeScope();
        conv1 = nn.Conv2d(channels, FirstChannels, 3, padding: 1);
        conv2 = nn.Conv2d(FirstChannels, FirstChannels, 3, padding: 1);
        conv3 = nn.Conv2d(FirstChannels, LastChannels, 3, padding: 1);
        hidden = nn.Linear(features, units);
        output = nn.Linear(units, classes);
        RegisterComponents();
        this.OwnWeights();
    }

    /// <summary>Logits <c>[N, classes]</c> of a batch <c>[N, channels, height, width]</c>.</summary>
    /// <exception cref="ArgumentException">The batch has another shape than the network was built for.</exception>
    public override Tensor forward(Tensor input)
    {
        _input.Check(input);
        using var scope = torch.NewDisposeScope();
        var features = ConvolutionStage.Apply(conv1, MemoryLayout.ChannelsLast(input), 2, 2);
        features = ConvolutionStage.Apply(conv2, features, 2, 2);
        features = ConvolutionStage.Apply(conv3, features, _poolHeight, _poolWidth);
        return output.call(HiddenLayer.Apply(hidden, features.flatten(1))).MoveToOuterDisposeScope();
    }
}
