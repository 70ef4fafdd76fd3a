using Microsoft.ML.Spatial.Functional;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.Spatial.Modules;

/// <summary>
/// A deformable convolution that is told where to read: it holds weight and bias; offsets and mask come with each call. <see cref="DeformConv2dPack"/> finds them by itself.
/// </summary>
/// <remarks>
/// Convention: that of <see cref="SpatialOps.DeformConv2d"/>: offsets are (y, x) pairs in pixels. Weights start as those of <c>nn.Conv2d</c>.
/// Source: Dai et al. 2017, Deformable Convolutional Networks, arXiv 1703.06211, equation 2, and Zhu et al. 2019, Deformable ConvNets v2, arXiv 1811.11168, equation 1.
/// </remarks>
public sealed class DeformConv2d : nn.Module<Tensor, Tensor, Tensor?, Tensor>
{
    // The names of these fields are part of the names of the weights in a model file; moving the module to another type or device sets them.
    private Parameter weight;
    private Parameter? bias;

    /// <summary>A convolution with random weights.</summary>
    /// <param name="inputChannels">Channels of the input, at least 1.</param>
    /// <param name="outputChannels">Channels of the output, at least 1.</param>
    /// <param name="kernel">Height and width of the kernel, at least 1.</param>
    /// <param name="stride">Pixels from one output position to the next, vertically and horizontally, at least 1; null for 1.</param>
    /// <param name="padding">Pixels of zeros around the input, vertically and horizontally, at least 0; null for none.</param>
    /// <param name="dilation">Pixels from one place of the kernel to the next, vertically and horizontally, at least 1; null for 1.</param>
    /// <param name="groups">Weight groups; they divide both numbers of channels.</param>
    /// <param name="hasBias">Whether a bias is learnt.</param>
    /// <exception cref="ArgumentException">The groups do not divide the channels.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A number is too small.</exception>
    public DeformConv2d(
        long inputChannels,
        long outputChannels,
        (long Vertical, long Horizontal) kernel,
        (long Vertical, long Horizontal)? stride = null,
        (long Vertical, long Horizontal)? padding = null,
        (long Vertical, long Horizontal)? dilation = null,
        long groups = 1,
        bool hasBias = true) : base(nameof(DeformConv2d))
    {
        Geometry = new ConvolutionGeometry(kernel, stride, padding, dilation);
        (weight, bias) = ConvolutionWeights.Create(inputChannels, outputChannels, Geometry, groups, hasBias);
        RegisterComponents();
        this.OwnWeights();
    }

    /// <summary>Kernel, stride, padding and dilation.</summary>
    public ConvolutionGeometry Geometry { get; }

    /// <summary><c>[outputChannels, inputChannels / groups, kernel]</c>.</summary>
    public Parameter Weight => weight;

    /// <summary><c>[outputChannels]</c>, or null where there is none.</summary>
    public Parameter? Bias => bias;

    /// <summary>Convolves: <see cref="SpatialOps.DeformConv2d"/> with this module's weights.</summary>
    /// <param name="input1">The input, <c>[N, inputChannels, H, W]</c>.</param>
    /// <param name="input2">The offsets, <c>[N, 2·G·Kh·Kw, Ho, Wo]</c>, (y, x) pairs in pixels.</param>
    /// <param name="input3">The mask, <c>[N, G·Kh·Kw, Ho, Wo]</c>; null for 1 everywhere.</param>
    /// <returns><c>[N, outputChannels, Ho, Wo]</c>.</returns>
    /// <exception cref="ArgumentNullException">The input or the offsets are null.</exception>
    /// <exception cref="ArgumentException">A shape, type or device does not fit.</exception>
    public override Tensor forward(Tensor input1, Tensor input2, Tensor? input3) =>
        SpatialOps.DeformConv2d(input1, input2, weight, bias, Geometry.Stride, Geometry.Padding, Geometry.Dilation, input3);

    /// <summary>Convolves without a mask (v1).</summary>
    /// <param name="input">The input, <c>[N, inputChannels, H, W]</c>.</param>
    /// <param name="offsets">The offsets, <c>[N, 2·G·Kh·Kw, Ho, Wo]</c>, (y, x) pairs in pixels.</param>
    /// <returns><c>[N, outputChannels, Ho, Wo]</c>.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">A shape, type or device does not fit.</exception>
    public Tensor call(Tensor input, Tensor offsets) => call(input, offsets, null);
}
