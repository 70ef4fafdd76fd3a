using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.Spatial.Modules;

/// <summary>
/// A classifier of pictures, with or without spatial transformers before it, as its <see cref="SpatialNetworkSpec"/> says:
/// <c>[N, Channels, InputHeight, InputWidth]</c>, usually pixels of [0, 1], to logits <c>[N, Classes]</c>. Of 0 classes it is the transformers alone.
/// </summary>
/// <remarks>
/// Convention: a transformer samples as its spec says, with alignCorners off. Several transformers on the input start at the places that
/// <see cref="TransformationStart.Spread"/> gives; one alone starts at the window of <see cref="SpatialNetworkSpec.StartScale"/> in the middle, by default the
/// identity; those on feature maps start at the identity.
/// Source: Jaderberg et al. 2015, Spatial Transformer Networks, arXiv 1506.02025, section 4.
/// </remarks>
public sealed class SpatialNetwork : nn.Module<Tensor, Tensor>
{
    // A picture of one or few channels has room for more detail than a feature map of many, at the same number of weights.
    private const int PooledInputSide = 16;

    // The names of these fields are part of the names of the weights in a model file.
    private readonly SpatialTransformer? transformer;
    private readonly ParallelSpatialTransformers? transformers;
    private readonly nn.Module<Tensor, Tensor>? classifier;

    private readonly InputShape _input;

    internal SpatialNetwork(SpatialNetworkSpec spec) : base(nameof(SpatialNetwork))
    {
        Spec = spec;
        _input = new InputShape(spec.Channels, spec.InputHeight, spec.InputWidth);
        if (spec.HasTransformer)
        {
            SpatialTransformer[] onInput =
            [
                .. Starts(spec).Select(start => Transformer(spec, Localisation(spec, start), spec.RectifiedHeight, spec.RectifiedWidth)),
            ];

            // One alone keeps the names its weights have in files of the first version.
            transformer = onInput.Length == 1 ? onInput[0] : null;
            transformers = onInput.Length == 1 ? null : new ParallelSpatialTransformers(onInput);
        }

        classifier = spec.Classes == 0 ? null : Classifier(spec);
        RegisterComponents();
        this.OwnWeights();
    }

    /// <summary>What the network was built from.</summary>
    public SpatialNetworkSpec Spec { get; }

    /// <summary>The spatial transformers on the input, in the order of their channels in what the classifier sees; none where the architecture has none.</summary>
    public IReadOnlyList<SpatialTransformer> Transformers => transformer is not null ? [transformer] : transformers?.Transformers ?? [];

    /// <summary>The spatial transformers before the later convolutions; none unless the architecture is <see cref="SpatialArchitecture.StCnnMulti"/>.</summary>
    public IReadOnlyList<SpatialTransformer> FeatureTransformers => (classifier as ConvolutionalClassifier)?.FeatureTransformers ?? [];

    /// <summary>How many numbers the network learns.</summary>
    public long ParameterCount => parameters().Sum(parameter => parameter.NumberOfElements);

    /// <summary>The weights of all localisation networks; none without a transformer.</summary>
    public IEnumerable<Parameter> LocalisationParameters() => Transformers.Concat(FeatureTransformers).SelectMany(each => each.Localisation.parameters());

    /// <summary>All other weights.</summary>
    public IEnumerable<Parameter> OtherParameters()
    {
        // By reference: tensors compare by their values.
        var localisation = LocalisationParameters().ToHashSet<object>(ReferenceEqualityComparer.Instance);
        return classifier?.parameters().Where(parameter => !localisation.Contains(parameter)) ?? [];
    }

    /// <summary>Logits <c>[N, Classes]</c> of a batch <c>[N, Channels, InputHeight, InputWidth]</c>.</summary>
    /// <exception cref="ArgumentException">The batch has another shape than the network was built for.</exception>
    public override Tensor forward(Tensor input)
    {
        using var scope = torch.NewDisposeScope();
        return Run(input).Logits.MoveToOuterDisposeScope();
    }

    /// <summary>As <see cref="forward"/>, with what the transformer did.</summary>
    /// <param name="input"><c>[N, Channels, InputHeight, InputWidth]</c>; N may be 0.</param>
    /// <exception cref="ArgumentNullException"><paramref name="input"/> is null.</exception>
    /// <exception cref="ArgumentException">The batch has another shape than the network was built for.</exception>
    /// <exception cref="InvalidOperationException">The network was built without a classifier.</exception>
    public SpatialNetworkOutput Run(Tensor input)
    {
        _input.Check(input);
        if (classifier is null)
            throw new InvalidOperationException("The network was built with Classes 0, without a classifier: it has no logits. Call its transformer.");
        if (!Spec.HasTransformer)
            return new SpatialNetworkOutput(classifier.call(input), null, null);
        var (rectified, theta) = Rectify(input);
        return new SpatialNetworkOutput(classifier.call(rectified), theta, rectified);
    }

    /// <summary>What the transformers on the input make of a batch, without the classifier. The caller disposes both tensors.</summary>
    /// <exception cref="InvalidOperationException">The architecture has no transformer.</exception>
    internal (Tensor Rectified, Tensor Theta) Rectify(Tensor input) =>
        transformer?.Rectify(input) ?? transformers?.Rectify(input)
        ?? throw new InvalidOperationException($"A network of architecture {Spec.Architecture} has no spatial transformer.");

    private static float[][] Starts(SpatialNetworkSpec spec) => spec.ParallelTransformers == 1
        ? [TransformationStart.Window(spec.Transformation, spec.StartScale, 0, 0, spec.ControlPointsPerSide)]
        : TransformationStart.Spread(spec.Transformation, spec.ParallelTransformers, spec.ControlPointsPerSide);

    private static nn.Module<Tensor, Tensor> Localisation(SpatialNetworkSpec spec, float[] start) => spec.Architecture switch
    {
        SpatialArchitecture.StFcn => new FullyConnectedLocalisation(spec.Channels, spec.InputHeight, spec.InputWidth, start),
        SpatialArchitecture.StCnn => new ConvolutionalLocalisation(spec.Channels, spec.InputHeight, spec.InputWidth, start),
        _ => new PooledLocalisation(spec.Channels, spec.InputHeight, spec.InputWidth, start, PooledInputSide),
    };

    private static nn.Module<Tensor, Tensor> Classifier(SpatialNetworkSpec spec)
    {
        var (channels, height, width) = spec.HasTransformer
            ? (spec.ParallelTransformers * spec.Channels, spec.RectifiedHeight, spec.RectifiedWidth)
            : (spec.Channels, spec.InputHeight, spec.InputWidth);
        if (!spec.Architecture.IsConvolutional())
            return new FullyConnectedClassifier(channels, height, width, spec.Classes);
        return new ConvolutionalClassifier(channels, height, width, spec.Classes, spec.Architecture == SpatialArchitecture.StCnnMulti ? OnFeatures : null);

        SpatialTransformer OnFeatures(long channels, long height, long width)
        {
            var identity = TransformationStart.Window(spec.Transformation, 1, 0, 0, spec.ControlPointsPerSide);
            return Transformer(spec, new PooledLocalisation(channels, height, width, identity), height, width);
        }
    }

    private static SpatialTransformer Transformer(SpatialNetworkSpec spec, nn.Module<Tensor, Tensor> localisation, long height, long width) => new(
        localisation, GridGenerator.Create(spec.Transformation, height, width, controlPointsPerSide: spec.ControlPointsPerSide), spec.Sampling, spec.Padding);
}
