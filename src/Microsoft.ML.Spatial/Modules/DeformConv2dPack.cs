using Microsoft.ML.Spatial.Functional;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.Spatial.Modules;

/// <summary>
/// A deformable convolution that finds out by itself where to read, in the place of any convolution: another convolution of the same geometry over the same input
/// predicts the offsets and, where it is modulated (v2), a third one how much each read counts.
/// </summary>
/// <remarks>
/// Convention: that of <see cref="SpatialOps.DeformConv2d"/>: offsets are (y, x) pairs in pixels. Both branches start at zero: without modulation it starts as the plain convolution
/// of its weights. With it, the mask is the logistic function of its branch, in (0, 1), and starts at 0.5, as the paper has it: as the plain convolution of half its weights.
/// Source: y(p0) = Σ w(p_n)·x(p0 + p_n + Δp_n)·Δm_n, in which Δp and the logits of Δm are convolutions of x: Dai et al. 2017, Deformable Convolutional Networks, arXiv 1703.06211,
/// section 2.1 and equation 2, and Zhu et al. 2019, Deformable ConvNets v2, arXiv 1811.11168, section 3.2 and equation 1, where the
/// branches learn at a tenth of the rate.
/// </remarks>
public sealed class DeformConv2dPack : nn.Module<Tensor, Tensor>, IOffsetBranch
{
    // The names of these fields are part of the names of the weights in a model file; moving the module to another type or device sets those of the parameters.
    private readonly Conv2d offset;
    private readonly Conv2d? mask;
    private Parameter weight;
    private Parameter? bias;

    /// <summary>A convolution with random weights whose branches are zero.</summary>
    /// <param name="inputChannels">Channels of the input, at least 1.</param>
    /// <param name="outputChannels">Channels of the output, at least 1.</param>
    /// <param name="kernel">Height and width of the kernel, at least 1.</param>
    /// <param name="stride">Pixels from one output position to the next, vertically and horizontally, at least 1; null for 1.</param>
    /// <param name="padding">Pixels of zeros around the input, vertically and horizontally, at least 0; null for none.</param>
    /// <param name="dilation">Pixels from one place of the kernel to the next, vertically and horizontally, at least 1; null for 1.</param>
    /// <param name="groups">Weight groups; they divide both numbers of channels.</param>
    /// <param name="deformGroups">Groups of input channels with offsets of their own; they divide the input channels.</param>
    /// <param name="isModulated">Whether each read is weighed too (v2).</param>
    /// <param name="hasBias">Whether a bias is learnt.</param>
    /// <param name="learningRateFactor">What the learning rate of the branches is, as a multiple of the network's; at least 0. See <see cref="ParameterSet.Of"/>.</param>
    /// <exception cref="ArgumentException">The groups do not divide the channels.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A number is too small.</exception>
    public DeformConv2dPack(
        long inputChannels,
        long outputChannels,
        (long Vertical, long Horizontal) kernel,
        (long Vertical, long Horizontal)? stride = null,
        (long Vertical, long Horizontal)? padding = null,
        (long Vertical, long Horizontal)? dilation = null,
        long groups = 1,
        long deformGroups = 1,
        bool isModulated = false,
        bool hasBias = true,
        double learningRateFactor = 0.1)
        : this(
            new ConvolutionGeometry(kernel, stride, padding, dilation), inputChannels, deformGroups, isModulated, learningRateFactor,
            geometry => ConvolutionWeights.Create(inputChannels, outputChannels, geometry, groups, hasBias))
    {
    }

    private DeformConv2dPack(
        ConvolutionGeometry geometry, long inputChannels, long deformGroups, bool isModulated, double learningRateFactor,
        Func<ConvolutionGeometry, (Parameter, Parameter?)> weights) : base(nameof(DeformConv2dPack))
    {
        Geometry = geometry;
        LearningRateFactor = ConvolutionWeights.CheckedFactor(learningRateFactor);
        ConvolutionWeights.Divides(deformGroups, nameof(deformGroups), inputChannels, nameof(inputChannels));

        // TorchSharp's initialisation of a convolution leaves a view of its weight behind; the scope takes it.
        using var scope = torch.NewDisposeScope();
        (weight, bias) = weights(geometry);
        offset = ConvolutionWeights.ZeroConvolution(inputChannels, 2 * deformGroups * geometry.Taps, geometry);
        mask = isModulated ? ConvolutionWeights.ZeroConvolution(inputChannels, deformGroups * geometry.Taps, geometry) : null;
        RegisterComponents();
        this.OwnWeights();
    }

    /// <summary>Kernel, stride, padding and dilation, those of the branches too.</summary>
    public ConvolutionGeometry Geometry { get; }

    /// <inheritdoc/>
    public double LearningRateFactor { get; }

    /// <summary>Whether each read is weighed too (v2).</summary>
    public bool IsModulated => mask is not null;

    /// <summary><c>[outputChannels, inputChannels / groups, kernel]</c>.</summary>
    public Parameter Weight => weight;

    /// <summary><c>[outputChannels]</c>, or null where there is none.</summary>
    public Parameter? Bias => bias;

    /// <summary>The convolution that predicts the offsets.</summary>
    public Conv2d OffsetBranch => offset;

    /// <summary>The convolution that predicts the mask before the logistic function; null where there is none.</summary>
    public Conv2d? MaskBranch => mask;

    /// <inheritdoc/>
    public IEnumerable<Parameter> OffsetParameters() => mask is null ? offset.parameters() : offset.parameters().Concat(mask.parameters());

    /// <summary>Where it reads for an input, the offsets <c>[N, 2·G·Kh·Kw, Ho, Wo]</c>: what <see cref="SamplingLocations.Through"/> takes. The caller disposes it.</summary>
    /// <param name="input"><c>[N, inputChannels, H, W]</c>.</param>
    /// <exception cref="ArgumentNullException"><paramref name="input"/> is null.</exception>
    /// <exception cref="ArgumentException">The input has another shape, number of channels, type or device than needed, or is smaller than the kernel.</exception>
    public Tensor Offsets(Tensor input)
    {
        TensorCheck.FeatureMap(input, nameof(input), offset.in_channels, weight);
        DeformGeometry.OutputSize(input, weight, Geometry.Stride, Geometry.Padding, Geometry.Dilation);
        return offset.call(input);
    }

    /// <summary>The output <c>[N, outputChannels, Ho, Wo]</c> for an input <c>[N, inputChannels, H, W]</c>.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="input"/> is null.</exception>
    /// <exception cref="ArgumentException">The input has another shape, number of channels, type or device than needed, or is smaller than the kernel.</exception>
    public override Tensor forward(Tensor input)
    {
        using var offsets = Offsets(input);
        using var scores = mask?.call(input);
        using var modulation = scores?.sigmoid();
        return SpatialOps.DeformConv2d(input, offsets, weight, bias, Geometry.Stride, Geometry.Padding, Geometry.Dilation, modulation);
    }

    /// <summary>
    /// A deformable convolution in the place of a plain one, of the same output to begin with. It takes the very weights over: the convolution must not be used, nor disposed of, any more.
    /// </summary>
    internal static DeformConv2dPack InPlaceOf(Conv2d convolution, ConvolutionGeometry geometry, long deformGroups, bool isModulated, double learningRateFactor)
    {
        var pack = new DeformConv2dPack(
            geometry, convolution.in_channels, deformGroups, isModulated, learningRateFactor, _ => (convolution.weight, convolution.bias));
        using var scope = torch.NewDisposeScope();
        using var noGradient = torch.no_grad();

        // The mask starts at one half.
        if (isModulated)
            pack.weight.mul_(2);

        // All of it, not the branches alone: a module that does not know that it is on a GPU stays there when its network is moved to the CPU.
        pack.to(pack.weight);
        return pack;
    }
}
