using Microsoft.ML.Spatial.Functional;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.Spatial.Modules;

/// <summary>An active convolution: a convolution that learns the shape of its kernel, one offset for each of its places, along with its weights.</summary>
/// <remarks>
/// Convention: that of <see cref="SpatialOps.ActiveConv2d"/>: offsets are (y, x) pairs in pixels. They start at zero, as the plain convolution. The paper normalises
/// their gradient and moves them only after a warm-up; here the gradient is the loss's own, and <see cref="LearningRateFactor"/> slows them.
/// Source: Jeon and Kim 2017, Active Convolution, arXiv 1703.09076.
/// </remarks>
public sealed class ActiveConv2d : nn.Module<Tensor, Tensor>, IOffsetBranch
{
    // The names of these fields are part of the names of the weights in a model file; moving the module to another type or device sets them.
    private Parameter weight;
    private Parameter? bias;
    private Parameter offset;

    /// <summary>A convolution with random weights and offsets of zero.</summary>
    /// <param name="inputChannels">Channels of the input, at least 1.</param>
    /// <param name="outputChannels">Channels of the output, at least 1.</param>
    /// <param name="kernel">Height and width of the kernel, at least 1.</param>
    /// <param name="stride">Pixels from one output position to the next, vertically and horizontally, at least 1; null for 1.</param>
    /// <param name="padding">Pixels of zeros around the input, vertically and horizontally, at least 0; null for none.</param>
    /// <param name="dilation">Pixels from one place of the kernel to the next, vertically and horizontally, at least 1; null for 1.</param>
    /// <param name="groups">Weight groups; they divide both numbers of channels.</param>
    /// <param name="deformGroups">Groups of input channels with offsets of their own; they divide the input channels.</param>
    /// <param name="hasBias">Whether a bias is learnt.</param>
    /// <param name="learningRateFactor">What the learning rate of the offsets is, as a multiple of the network's; at least 0. See <see cref="ParameterSet.Of"/>.</param>
    /// <exception cref="ArgumentException">The groups do not divide the channels.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A number is too small.</exception>
    public ActiveConv2d(
        long inputChannels,
        long outputChannels,
        (long Vertical, long Horizontal) kernel,
        (long Vertical, long Horizontal)? stride = null,
        (long Vertical, long Horizontal)? padding = null,
        (long Vertical, long Horizontal)? dilation = null,
        long groups = 1,
        long deformGroups = 1,
        bool hasBias = true,
        double learningRateFactor = 0.1) : base(nameof(ActiveConv2d))
    {
        Geometry = new ConvolutionGeometry(kernel, stride, padding, dilation);
        LearningRateFactor = ConvolutionWeights.CheckedFactor(learningRateFactor);
        ConvolutionWeights.Divides(deformGroups, nameof(deformGroups), inputChannels, nameof(inputChannels));
        (weight, bias) = ConvolutionWeights.Create(inputChannels, outputChannels, Geometry, groups, hasBias);
        offset = new Parameter(TensorFactory.Zeros([2 * deformGroups * Geometry.Taps], ScalarType.Float32, CPU));
        RegisterComponents();
        this.OwnWeights();
    }

    /// <summary>Kernel, stride, padding and dilation.</summary>
    public ConvolutionGeometry Geometry { get; }

    /// <inheritdoc/>
    public double LearningRateFactor { get; }

    /// <summary><c>[outputChannels, inputChannels / groups, kernel]</c>.</summary>
    public Parameter Weight => weight;

    /// <summary><c>[outputChannels]</c>, or null where there is none.</summary>
    public Parameter? Bias => bias;

    /// <summary>The offsets <c>[2·deformGroups·Kh·Kw]</c>, (y, x) pairs in pixels.</summary>
    public Parameter Offset => offset;

    /// <inheritdoc/>
    public IEnumerable<Parameter> OffsetParameters() => [offset];

    /// <summary>The output <c>[N, outputChannels, Ho, Wo]</c> for an input <c>[N, inputChannels, H, W]</c>.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="input"/> is null.</exception>
    /// <exception cref="ArgumentException">The input has another number of channels, or is smaller than the kernel.</exception>
    public override Tensor forward(Tensor input) =>
        SpatialOps.ActiveConv2d(input, offset, weight, bias, Geometry.Stride, Geometry.Padding, Geometry.Dilation);
}
