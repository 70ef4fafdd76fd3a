using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Spatial.Functional;

/// <summary>Where a convolution reads: the size of its kernel, and the steps it goes by.</summary>
public sealed record ConvolutionGeometry
{
    /// <summary>The geometry of a convolution.</summary>
    /// <param name="kernel">Height and width of the kernel, at least 1.</param>
    /// <param name="stride">Pixels from one output position to the next, vertically and horizontally, at least 1; null for 1.</param>
    /// <param name="padding">Pixels of zeros around the input, vertically and horizontally, at least 0; null for none.</param>
    /// <param name="dilation">Pixels from one place of the kernel to the next, vertically and horizontally, at least 1; null for 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is too small, or above 16,777,216.</exception>
    public ConvolutionGeometry(
        (long Vertical, long Horizontal) kernel,
        (long Vertical, long Horizontal)? stride = null,
        (long Vertical, long Horizontal)? padding = null,
        (long Vertical, long Horizontal)? dilation = null)
    {
        (Kernel, Stride, Padding, Dilation) = (kernel, stride ?? (1, 1), padding ?? (0, 0), dilation ?? (1, 1));
        DeformGeometry.AtLeast(1, Kernel, nameof(kernel));
        DeformGeometry.AtLeast(1, Stride, nameof(stride));
        DeformGeometry.AtLeast(0, Padding, nameof(padding));
        DeformGeometry.AtLeast(1, Dilation, nameof(dilation));
    }

    /// <summary>Height and width of the kernel.</summary>
    public (long Vertical, long Horizontal) Kernel { get; }

    /// <summary>Pixels from one output position to the next.</summary>
    public (long Vertical, long Horizontal) Stride { get; }

    /// <summary>Pixels of zeros around the input.</summary>
    public (long Vertical, long Horizontal) Padding { get; }

    /// <summary>Pixels from one place of the kernel to the next.</summary>
    public (long Vertical, long Horizontal) Dilation { get; }

    /// <summary>Places of the kernel.</summary>
    public long Taps => Kernel.Vertical * Kernel.Horizontal;

    /// <summary>Where the places of the kernel read, p0 + p_n + Δp_n: rows and columns, each <c>[N, groups, Taps, Ho, Wo]</c>, in pixels of the input.</summary>
    /// <param name="offsets">A field that was checked, <c>[N, 2·groups·Taps, Ho, Wo]</c>.</param>
    internal (Tensor Y, Tensor X) Points(Tensor offsets)
    {
        using var scope = torch.NewDisposeScope();
        var (height, width) = (offsets.shape[2], offsets.shape[3]);
        var pairs = offsets.reshape(offsets.shape[0], offsets.shape[1] / (2 * Taps), Taps, 2, height, width);
        Tensor Regular(long side, long stride, long padding, long dilation, Func<long, long> placeOf, params long[] shape)
        {
            // What the regular grid adds is one number for each tap and row, or tap and column.
            var places = new double[Taps * side];
            for (var i = 0L; i < places.Length; i++)
                places[i] = (i % side * stride) - padding + (placeOf(i / side) * dilation);
            return TensorFactory.FromArray<double>(places, shape, offsets.device).to_type(offsets.dtype);
        }

        var rows = Regular(height, Stride.Vertical, Padding.Vertical, Dilation.Vertical, tap => tap / Kernel.Horizontal, Taps, height, 1);
        var columns = Regular(width, Stride.Horizontal, Padding.Horizontal, Dilation.Horizontal, tap => tap % Kernel.Horizontal, Taps, 1, width);
        return (pairs.select(3, 0).add(rows).MoveToOuterDisposeScope(), pairs.select(3, 1).add(columns).MoveToOuterDisposeScope());
    }

    /// <summary>The groups of an offset field, after a check that it is one of this kernel.</summary>
    internal long CheckedGroups(Tensor offsets, string argument)
    {
        ArgumentNullException.ThrowIfNull(offsets, argument);
        if (offsets.shape is not [_, > 0 and var channels, > 0, > 0] || channels % (2 * Taps) != 0)
        {
            throw new ArgumentException(
                $"{argument} have shape {TensorCheck.Describe(offsets.shape)}; [N, 2·groups·{Kernel.Vertical}·{Kernel.Horizontal}, Ho, Wo] is needed for a kernel of {Kernel.Vertical} x {Kernel.Horizontal}.", argument);
        }

        TensorCheck.FloatingPoint(offsets, argument);
        return channels / (2 * Taps);
    }
}
