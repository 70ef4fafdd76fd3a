using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.Spatial.Modules;

/// <summary>
/// A compact one-stage, anchor-free detector that trains from scratch: every eighth pixel of the image, down and across, is a location, which says of each class whether an object of it is
/// there, how far its four sides are, and how near its centre the location lies.
/// </summary>
/// <remarks>
/// <para>Six 3x3 convolutions of which the last ones may be deformable, strides 2, 2, 1, 2, 1, 1, the ones of stride 1 residual; one more, and the head.</para>
/// <para>Convention: location (i, j) of the map stands for the pixel (x, y) = (8j + 4, 8i + 4); distances are to the left, upper, right and lower side, in pixels of the image.</para>
/// <para>Source: Tian et al. 2019, FCOS, arXiv 1904.01355, with one level; Dai et al. 2017, arXiv 1703.06211, and Zhu et al. 2019, arXiv 1811.11168, for the deformable convolutions.</para>
/// </remarks>
public sealed class DetectionNetwork : nn.Module<Tensor, Tensor>
{
    /// <summary>Pixels of the image from one location to the next.</summary>
    public const int Stride = 8;

    internal const int BackboneLayers = 6;

    // How the head starts: objects are rare (a probability of 1 in 100), and about 2 strides from side to centre.
    private const double RareLogit = -4.59511985013459;
    private const double StartDistance = 2;
    private const double HeadDeviation = 0.01;

    // Four distances and the centerness.
    private const int Geometry = 5;

    // The names of these fields are part of the names of the weights in a model file.
    private readonly ModuleList<ConvolutionLayer> backbone;
    private readonly ConvolutionLayer tower;
    private readonly Conv2d head;

    internal DetectionNetwork(DetectionNetworkSpec spec) : base(nameof(DetectionNetwork))
    {
        Spec = spec;
        (long In, long Out, long Stride)[] layers =
        [
            (spec.Channels, spec.Width / 4, 2), (spec.Width / 4, spec.Width / 2, 2), (spec.Width / 2, spec.Width / 2, 1),
            (spec.Width / 2, spec.Width, 2), (spec.Width, spec.Width, 1), (spec.Width, spec.Width, 1),
        ];
        backbone = nn.ModuleList(layers.Select((layer, i) => new ConvolutionLayer(
            layer.In, layer.Out, layer.Stride, isResidual: layer.Stride == 1,
            i >= layers.Length - spec.DeformableLayers ? new DeformableConvolution(spec.DeformGroups, spec.IsModulated) : null)).ToArray());
        tower = new ConvolutionLayer(spec.Width, spec.Width, 1, isResidual: false, null);
        using (torch.NewDisposeScope())
        {
            head = nn.Conv2d(spec.Width, spec.Classes + Geometry, 3, padding: 1);
            using var noGradient = no_grad();
            nn.init.normal_(head.weight, 0, HeadDeviation);
            nn.init.constant_(head.bias!, 0);
            nn.init.constant_(head.bias!.narrow(0, 0, spec.Classes), RareLogit);
            nn.init.constant_(head.bias!.narrow(0, spec.Classes, 4), StartDistance);
        }

        RegisterComponents();
        this.OwnWeights();
    }

    /// <summary>What the network was built from.</summary>
    public DetectionNetworkSpec Spec { get; }

    /// <summary>How many numbers the network learns.</summary>
    public long ParameterCount => parameters().Sum(parameter => parameter.NumberOfElements);

    /// <summary>Rows, or columns, of locations over a side of an image.</summary>
    /// <param name="side">The side in pixels, at least 1.</param>
    public static int Locations(int side) => (side + Stride - 1) / Stride;

    /// <summary>The raw outputs <c>[N, Classes + 5, h, w]</c> of images <c>[N, Channels, H, W]</c>, usually pixels of [0, 1], with h = ⌈H / 8⌉ and w = ⌈W / 8⌉. See <see cref="Run"/>.</summary>
    public override Tensor forward(Tensor input)
    {
        ArgumentNullException.ThrowIfNull(input);
        using var scope = torch.NewDisposeScope();
        var features = backbone.Aggregate(input, (map, layer) => layer.call(map));
        return head.call(tower.call(features)).MoveToOuterDisposeScope();
    }

    /// <summary>What every location says, row by row.</summary>
    /// <param name="input"><c>[N, Channels, H, W]</c>.</param>
    public DetectionOutput Run(Tensor input)
    {
        using var scope = torch.NewDisposeScope();
        var raw = forward(input).flatten(2).transpose(1, 2);
        return new DetectionOutput(
            raw.narrow(2, 0, Spec.Classes).MoveToOuterDisposeScope(),
            raw.narrow(2, Spec.Classes, 4).softplus().mul(Stride).MoveToOuterDisposeScope(),
            raw.select(2, Spec.Classes + 4).MoveToOuterDisposeScope());
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            backbone.Dispose();
            tower.Dispose();
            head.Dispose();
        }

        base.Dispose(disposing);
    }
}
