using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Spatial.Functional;

public static partial class SpatialOps
{
    /// <summary>
    /// Deformable convolution: every place of the kernel reads the input away from the regular grid by an offset of its own at every output position (v1), and, with a
    /// mask, weighs what it read (v2).
    /// </summary>
    /// <param name="input"><c>[N, C, H, W]</c>, floating point, H and W at least 1; any memory layout. <c>N</c> may be 0.</param>
    /// <param name="offsets">
    /// <c>[N, 2·G·Kh·Kw, Ho, Wo]</c>, of the input's type and device, in pixels of the input, any size. G, the deformable groups, follows from the shape and divides C.
    /// </param>
    /// <param name="weight"><c>[Co, C / weight groups, Kh, Kw]</c>; the weight groups follow from the shape and divide Co.</param>
    /// <param name="bias"><c>[Co]</c>, or null for none.</param>
    /// <param name="stride">Pixels from one output position to the next, vertically and horizontally, at least 1; null for 1.</param>
    /// <param name="padding">Pixels of zeros around the input, vertically and horizontally, at least 0; null for none.</param>
    /// <param name="dilation">Pixels from one place of the kernel to the next, vertically and horizontally, at least 1; null for 1.</param>
    /// <param name="mask"><c>[N, G·Kh·Kw, Ho, Wo]</c>, usually in [0, 1]; null for 1 everywhere.</param>
    /// <returns><c>[N, Co, Ho, Wo]</c> with Ho = ⌊(H + 2·padding − dilation·(Kh − 1) − 1) / stride⌋ + 1, Wo likewise. Gradients flow to all tensors given.</returns>
    /// <remarks>
    /// Convention: channel 2·(g·Kh·Kw + k) of the offsets moves place k of the kernel (row by row) in deformable group g along y (downwards), the next channel along x
    /// (to the right), as in torchvision; the input is read bilinearly at pixel coordinates, in which whole numbers are the pixels' centres, and is zero outside.
    /// An offset that is not a number reads half a pixel before the first row or column and gets no gradient; one that is infinite reads zero. The result is finite for finite input, weight and mask.
    /// Where an offset leads to a pixel's centre the gradient is one-sided.
    /// In single precision on the CPU a fused kernel does it, on as many threads as torch has, with the same result for any number of them. Its gradients have
    /// none of their own, and are NaN where a tensor was written to in place before the backward pass.
    /// Source: y(p0) = Σ w(p_n)·x(p0 + p_n + Δp_n)·Δm_n: Dai et al. 2017, Deformable Convolutional Networks, arXiv 1703.06211, equation 2, and Zhu et al. 2019,
    /// Deformable ConvNets v2, arXiv 1811.11168, equation 1.
    /// </remarks>
    /// <exception cref="ArgumentNullException"><paramref name="input"/>, <paramref name="offsets"/> or <paramref name="weight"/> is null.</exception>
    /// <exception cref="ArgumentException">A shape, type or device does not fit, or the kernel is larger than the padded input.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A stride, padding or dilation is too small.</exception>
    public static Tensor DeformConv2d(
        Tensor input,
        Tensor offsets,
        Tensor weight,
        Tensor? bias = null,
        (long Vertical, long Horizontal)? stride = null,
        (long Vertical, long Horizontal)? padding = null,
        (long Vertical, long Horizontal)? dilation = null,
        Tensor? mask = null)
    {
        var geometry = new DeformGeometry(input, offsets, weight, bias, mask, stride ?? (1, 1), padding ?? (0, 0), dilation ?? (1, 1));
        return FusedDeformConv.Takes(geometry, input, offsets, weight)
            ? new FusedDeformConv(geometry, mask is not null).Apply([.. new[] { input, offsets, weight, mask, bias }.OfType<Tensor>()])
            : ComposedDeformConv2d(geometry, input, offsets, weight, bias, mask);
    }

    /// <summary>Convolves by torch's operators, on any device and in any type.</summary>
    private static Tensor ComposedDeformConv2d(DeformGeometry geometry, Tensor input, Tensor offsets, Tensor weight, Tensor? bias, Tensor? mask)
    {
        using var scope = torch.NewDisposeScope();
        var (pictures, channels) = (input.shape[0], input.shape[1]);
        var (groups, taps, height, width) = (geometry.DeformGroups, geometry.Taps, geometry.OutputHeight, geometry.OutputWidth);

        // p0 + p_n + Δp_n, made normalised: what the regular grid adds is one number for each tap and row, or tap and column.
        var points = offsets.reshape(pictures, groups, taps, 2, height, width);
        Tensor Normalised(long axis, long side, double[] regular, params long[] shape) =>
            points.select(3, axis).add(TensorFactory.FromArray<double>(regular, shape, input.device).to_type(input.dtype)).mul(2.0 / side).add((1.0 / side) - 1);
        var grid = torch.stack(
            [Normalised(1, input.shape[3], geometry.RegularColumns(), taps, 1, width), Normalised(0, input.shape[2], geometry.RegularRows(), taps, height, 1)], -1)
            .reshape(pictures * groups, taps * height, width, 2);

        var read = ComposedGridSample(
            input.reshape(pictures * groups, channels / groups, input.shape[2], input.shape[3]), grid, SamplingMode.Bilinear, PaddingMode.Zeros, alignCorners: false);
        read = read.reshape(pictures, groups, channels / groups, taps, height * width);
        if (mask is not null)
            read = read.mul(mask.reshape(pictures, groups, 1, taps, height * width));

        var weightGroups = geometry.WeightGroups;
        var rows = read.reshape(pictures, weightGroups, channels / weightGroups * taps, height * width);
        var matrices = weight.reshape(weightGroups, weight.shape[0] / weightGroups, channels / weightGroups * taps);
        var output = matrices.matmul(rows).reshape(pictures, weight.shape[0], height, width);
        if (bias is not null)
            output = output.add(bias.reshape(1, weight.shape[0], 1, 1));
        return output.MoveToOuterDisposeScope();
    }
}
