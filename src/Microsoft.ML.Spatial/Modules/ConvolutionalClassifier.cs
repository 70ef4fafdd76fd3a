using Microsoft.ML.Spatial.Functional;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.Spatial.Modules;

/// <summary>
/// A convolutional classifier: <c>[N, channels, height, width]</c> to logits <c>[N, classes]</c>. Three 3x3 convolutions of 32, 32 and 64 channels, each
/// followed by ReLU, the first two by 2x2 max pooling, the third by as much pooling as brings a side over 32 pixels down; one hidden layer of 256
/// units, or of 128 where more than 1600 features enter it, which keeps such networks near 0.43 million parameters. A spatial transformer may stand
/// before the second and the third convolution.
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
    private readonly SpatialTransformer? transformer2;
    private readonly SpatialTransformer? transformer3;

    private readonly InputShape _input;
    private readonly long _poolHeight;
    private readonly long _poolWidth;

    /// <summary>A network for pictures of one size.</summary>
    /// <param name="channels">Channels of the input, at least 1.</param>
    /// <param name="height">Height of the input in pixels, at least 4.</param>
    /// <param name="width">Width of the input in pixels, at least 4.</param>
    /// <param name="classes">Number of classes, at least 1.</param>
    /// <param name="transformerOf">
    /// Makes the spatial transformer that stands before the second, then the third convolution, told channels, height and width of the map it reads; its output
    /// has the size of its input. The network owns them. Null for a network without.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">A number is too small.</exception>
    /// <exception cref="ArgumentException"><paramref name="transformerOf"/> gave none, or one of another output size.</exception>
    public ConvolutionalClassifier(long channels, long height, long width, long classes, Func<long, long, long, SpatialTransformer>? transformerOf = null)
        : base(nameof(ConvolutionalClassifier))
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
        if (transformerOf is not null)
        {
            transformer2 = TransformerBefore(height / 2, width / 2, transformerOf);
            transformer3 = TransformerBefore(height / 4, width / 4, transformerOf);
        }

        RegisterComponents();
        this.OwnWeights();
    }

    /// <summary>The spatial transformers before the second and the third convolution, or none.</summary>
    public IReadOnlyList<SpatialTransformer> FeatureTransformers => transformer2 is null || transformer3 is null ? [] : [transformer2, transformer3];

    /// <summary>Logits <c>[N, classes]</c> of a batch <c>[N, channels, height, width]</c>.</summary>
    /// <exception cref="ArgumentException">The batch has another shape than the network was built for.</exception>
    public override Tensor forward(Tensor input)
    {
        _input.Check(input);
        using var scope = torch.NewDisposeScope();
        var features = ConvolutionStage.Apply(conv1, MemoryLayout.ChannelsLast(input), 2, 2);
        features = ConvolutionStage.Apply(conv2, Transform(transformer2, features), 2, 2);
        features = ConvolutionStage.Apply(conv3, Transform(transformer3, features), _poolHeight, _poolWidth);
        return output.call(HiddenLayer.Apply(hidden, features.flatten(1))).MoveToOuterDisposeScope();
    }

    private static SpatialTransformer TransformerBefore(long height, long width, Func<long, long, long, SpatialTransformer> transformerOf)
    {
        var transformer = transformerOf(FirstChannels, height, width)
            ?? throw new ArgumentException($"transformerOf gave null for a map of {height} x {width} pixels.", nameof(transformerOf));
        return transformer.Grid.OutputHeight == height && transformer.Grid.OutputWidth == width
            ? transformer
            : throw new ArgumentException(
                $"transformerOf gave a transformer of {transformer.Grid.OutputHeight} x {transformer.Grid.OutputWidth} pixels for a map of {height} x {width}; both need the same size.",
                nameof(transformerOf));
    }

    private static Tensor Transform(SpatialTransformer? transformer, Tensor features)
    {
        if (transformer is null)
            return features;
        using var scope = torch.NewDisposeScope();
        return MemoryLayout.ChannelsLast(transformer.call(features)).MoveToOuterDisposeScope();
    }
}
