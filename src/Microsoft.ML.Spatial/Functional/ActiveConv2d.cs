using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Spatial.Functional;

public static partial class SpatialOps
{
    /// <summary>
    /// Active convolution: every place of the kernel reads the input away from the regular grid by an offset of its own, the same at all output positions and for all
    /// pictures. The offsets are learnt as weights are: they are the shape of the kernel.
    /// </summary>
    /// <param name="input"><c>[N, C, H, W]</c>, floating point, H and W at least 1; any memory layout. <c>N</c> may be 0.</param>
    /// <param name="offsets">
    /// <c>[2·G·Kh·Kw]</c>, of the input's type and device, in pixels of the input, any size. G, the groups of channels that move alike, follows from the shape and divides C.
    /// </param>
    /// <param name="weight"><c>[Co, C / weight groups, Kh, Kw]</c>; the weight groups follow from the shape and divide Co.</param>
    /// <param name="bias"><c>[Co]</c>, or null for none.</param>
    /// <param name="stride">Pixels from one output position to the next, vertically and horizontally, at least 1; null for 1.</param>
    /// <param name="padding">Pixels of zeros around the input, vertically and horizontally, at least 0; null for none.</param>
    /// <param name="dilation">Pixels from one place of the kernel to the next, vertically and horizontally, at least 1; null for 1.</param>
    /// <returns><c>[N, Co, Ho, Wo]</c>, the size of the plain convolution. Gradients flow to all tensors given.</returns>
    /// <remarks>
    /// Convention: number 2·(g·Kh·Kw + k) of the offsets moves place k of the kernel (row by row) in group g along y (downwards), the next one along x (to the right); what is
    /// not finite, and the rest, is as in <see cref="DeformConv2d"/>, which this is with offsets that repeat.
    /// Source: y(p0) = Σ w(p_n)·x(p0 + p_n + Δp_n): Jeon and Kim 2017, Active Convolution, arXiv 1703.09076, section 3.
    /// </remarks>
    /// <exception cref="ArgumentNullException"><paramref name="input"/>, <paramref name="offsets"/> or <paramref name="weight"/> is null.</exception>
    /// <exception cref="ArgumentException">A shape, type or device does not fit, or the kernel is larger than the padded input.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A stride, padding or dilation is too small.</exception>
    public static Tensor ActiveConv2d(
        Tensor input,
        Tensor offsets,
        Tensor weight,
        Tensor? bias = null,
        (long Vertical, long Horizontal)? stride = null,
        (long Vertical, long Horizontal)? padding = null,
        (long Vertical, long Horizontal)? dilation = null)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(offsets);
        ArgumentNullException.ThrowIfNull(weight);
        var (height, width) = DeformGeometry.OutputSize(input, weight, stride ?? (1, 1), padding ?? (0, 0), dilation ?? (1, 1));
        var (kernelHeight, kernelWidth) = (weight.shape[2], weight.shape[3]);
        if (offsets.shape is not [> 0 and var count] || count % (2 * kernelHeight * kernelWidth) != 0)
        {
            throw new ArgumentException(
                $"offsets have shape {TensorCheck.Describe(offsets.shape)}; [2·groups·{kernelHeight}·{kernelWidth}] is needed for a kernel of {kernelHeight} x {kernelWidth}.", nameof(offsets));
        }

        using var scope = torch.NewDisposeScope();
        var everywhere = offsets.reshape(1, count, 1, 1).broadcast_to(input.shape[0], count, height, width);
        return DeformConv2d(input, everywhere, weight, bias, stride, padding, dilation).MoveToOuterDisposeScope();
    }
}
