using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.Spatial.Modules;

/// <summary>
/// A classifier of pictures, with or without a spatial transformer before it, as its <see cref="SpatialNetworkSpec"/> says:
/// <c>[N, Channels, InputHeight, InputWidth]</c>, usually pixels of [0, 1], to logits <c>[N, Classes]</c>.
/// </summary>
/// <remarks>
/// Convention: a transformer samples bilinearly with zeros outside and alignCorners off.
/// Source: Jaderberg et al. 2015, Spatial Transformer Networks, arXiv 1506.02025, section 4.1.
/// </remarks>
public sealed class SpatialNetwork : nn.Module<Tensor, Tensor>
{
    // The names of these fields are part of the names of the weights in a model file.
    private readonly SpatialTransformer? transformer;
    private readonly nn.Module<Tensor, Tensor> classifier;

    private readonly InputShape _input;

    internal SpatialNetwork(SpatialNetworkSpec spec) : base(nameof(SpatialNetwork))
    {
        Spec = spec;
        _input = new InputShape(spec.Channels, spec.InputHeight, spec.InputWidth);
        if (spec.HasTransformer)
        {
            var grid = GridGenerator.Create(spec.Transformation, spec.RectifiedHeight, spec.RectifiedWidth);
            transformer = new SpatialTransformer(Localisation(spec, grid.IdentityTheta()), grid);
        }

        classifier = spec.Architecture switch
        {
            SpatialArchitecture.Fcn => new FullyConnectedClassifier(spec.Channels, spec.InputHeight, spec.InputWidth, spec.Classes),
            SpatialArchitecture.Cnn => new ConvolutionalClassifier(spec.Channels, spec.InputHeight, spec.InputWidth, spec.Classes),
            SpatialArchitecture.StFcn => new FullyConnectedClassifier(spec.Channels, spec.RectifiedHeight, spec.RectifiedWidth, spec.Classes),
            _ => new ConvolutionalClassifier(spec.Channels, spec.RectifiedHeight, spec.RectifiedWidth, spec.Classes),
        };
        RegisterComponents();
        this.OwnWeights();
    }

    /// <summary>What the network was built from.</summary>
    public SpatialNetworkSpec Spec { get; }

    /// <summary>The spatial transformer, or null where the architecture has none.</summary>
    public SpatialTransformer? Transformer => transformer;

    /// <summary>How many numbers the network learns.</summary>
    public long ParameterCount => parameters().Sum(parameter => parameter.NumberOfElements);

    /// <summary>The weights of the localisation network; none without a transformer.</summary>
    public IEnumerable<Parameter> LocalisationParameters() => transformer is null ? [] : transformer.Localisation.parameters();

    /// <summary>All other weights.</summary>
    public IEnumerable<Parameter> OtherParameters() => classifier.parameters();

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
    public SpatialNetworkOutput Run(Tensor input)
    {
        _input.Check(input);
        if (transformer is null)
            return new SpatialNetworkOutput(classifier.call(input), null, null);
        var (rectified, theta) = transformer.Rectify(input);
        return new SpatialNetworkOutput(classifier.call(rectified), theta, rectified);
    }

    private static nn.Module<Tensor, Tensor> Localisation(SpatialNetworkSpec spec, float[] identityTheta) =>
        spec.Architecture == SpatialArchitecture.StFcn
            ? new FullyConnectedLocalisation(spec.Channels, spec.InputHeight, spec.InputWidth, identityTheta)
            : new ConvolutionalLocalisation(spec.Channels, spec.InputHeight, spec.InputWidth, identityTheta);
}
