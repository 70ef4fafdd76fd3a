using static TorchSharp.torch;

namespace Microsoft.ML.Spatial.Functional;

/// <summary>The sizes of a deformable convolution, as they follow from its checked arguments.</summary>
internal sealed record DeformGeometry
{
    // Farther than any picture; sums of a few such numbers are within an int.
    private const long Most = 1 << 24;

    /// <exception cref="ArgumentNullException">A tensor that is needed is null.</exception>
    /// <exception cref="ArgumentException">A shape, type or device does not fit, or the kernel is larger than the padded input.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A stride, padding or dilation is too small.</exception>
    public DeformGeometry(
        Tensor input, Tensor offsets, Tensor weight, Tensor? bias, Tensor? mask, (long Vertical, long Horizontal) stride, (long Vertical, long Horizontal) padding, (long Vertical, long Horizontal) dilation)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(offsets);
        ArgumentNullException.ThrowIfNull(weight);
        (OutputHeight, OutputWidth) = OutputSize(input, weight, stride, padding, dilation);
        (Stride, Padding, Dilation) = (stride, padding, dilation);

        var (shape, kernel) = (input.shape, weight.shape);
        if (shape[1] % kernel[1] != 0)
            throw new ArgumentException($"input has {shape[1]} channels and weight takes {kernel[1]} a group; the first must be a multiple of the second.", nameof(weight));
        WeightGroups = shape[1] / kernel[1];
        if (kernel[0] % WeightGroups != 0)
            throw new ArgumentException($"weight has {kernel[0]} output channels for {WeightGroups} groups; the first must be a multiple of the second.", nameof(weight));
        (KernelHeight, KernelWidth) = (kernel[2], kernel[3]);

        var field = offsets.shape;
        if (field.Length != 4 || field[1] == 0 || field[1] % (2 * Taps) != 0)
        {
            throw new ArgumentException(
                $"offsets have shape {TensorCheck.Describe(field)}; [N, 2·groups·{KernelHeight}·{KernelWidth}, Ho, Wo] is needed for a kernel of {KernelHeight} x {KernelWidth}.", nameof(offsets));
        }

        DeformGroups = field[1] / (2 * Taps);
        if (shape[1] % DeformGroups != 0)
            throw new ArgumentException($"input has {shape[1]} channels and offsets have {DeformGroups} groups; the first must be a multiple of the second.", nameof(offsets));
        Field(offsets, nameof(offsets), 2 * DeformGroups * Taps, shape[0]);
        if (mask is not null)
            Field(mask, nameof(mask), DeformGroups * Taps, shape[0]);
        if (bias is not null && (bias.shape.Length != 1 || bias.shape[0] != kernel[0]))
            throw new ArgumentException($"bias has shape {TensorCheck.Describe(bias.shape)}; [{kernel[0]}] is needed, as weight has {kernel[0]} output channels.", nameof(bias));

        TensorCheck.FloatingPoint(input, nameof(input));
        TensorCheck.Alike(offsets, nameof(offsets), input, nameof(input));
        TensorCheck.Alike(weight, nameof(weight), input, nameof(input));
        if (bias is not null)
            TensorCheck.Alike(bias, nameof(bias), input, nameof(input));
        if (mask is not null)
            TensorCheck.Alike(mask, nameof(mask), input, nameof(input));
    }

    public (long Vertical, long Horizontal) Stride { get; }

    public (long Vertical, long Horizontal) Padding { get; }

    public (long Vertical, long Horizontal) Dilation { get; }

    public long WeightGroups { get; }

    public long DeformGroups { get; }

    public long KernelHeight { get; }

    public long KernelWidth { get; }

    public long OutputHeight { get; }

    public long OutputWidth { get; }

    /// <summary>Places of the kernel.</summary>
    public long Taps => KernelHeight * KernelWidth;

    /// <summary>The row that each tap reads for each output row without offsets, <c>[Taps, OutputHeight]</c>, in pixels.</summary>
    public double[] RegularRows() => Lattice.RegularRows(OutputHeight);

    /// <summary>The column that each tap reads for each output column without offsets, <c>[Taps, OutputWidth]</c>, in pixels.</summary>
    public double[] RegularColumns() => Lattice.RegularColumns(OutputWidth);

    private ConvolutionGeometry Lattice => new((KernelHeight, KernelWidth), Stride, Padding, Dilation);

    /// <summary>The size of a convolution's output, after a check of all that it follows from.</summary>
    internal static (long Height, long Width) OutputSize(
        Tensor input, Tensor weight, (long Vertical, long Horizontal) stride, (long Vertical, long Horizontal) padding, (long Vertical, long Horizontal) dilation)
    {
        AtLeast(1, stride, nameof(stride));
        AtLeast(0, padding, nameof(padding));
        AtLeast(1, dilation, nameof(dilation));
        var (shape, kernel) = (input.shape, weight.shape);
        if (shape is not [_, > 0, > 0, > 0])
            throw new ArgumentException($"input has shape {TensorCheck.Describe(shape)}; [N, C, H, W] with C, H and W at least 1 is needed.", nameof(input));
        if (kernel is not [> 0, > 0, > 0, > 0])
            throw new ArgumentException($"weight has shape {TensorCheck.Describe(kernel)}; [Co, C / groups, Kh, Kw] with all sides at least 1 is needed.", nameof(weight));
        return (
            OutputSide(shape[2], kernel[2], stride.Vertical, padding.Vertical, dilation.Vertical, "high"),
            OutputSide(shape[3], kernel[3], stride.Horizontal, padding.Horizontal, dilation.Horizontal, "wide"));
    }

    internal static void AtLeast(long least, (long Vertical, long Horizontal) value, string argument)
    {
        if (Math.Min(value.Vertical, value.Horizontal) < least || Math.Max(value.Vertical, value.Horizontal) > Most)
            throw new ArgumentOutOfRangeException(argument, value, $"{argument} is {value}; both numbers must be at least {least} and at most {Most}.");
    }

    private static long OutputSide(long side, long kernel, long stride, long padding, long dilation, string direction)
    {
        var (padded, reach) = (side + (2 * padding), (dilation * (kernel - 1)) + 1);
        if (padded < reach)
            throw new ArgumentException($"weight reaches over {reach} pixels and input with its padding is {padded} {direction}; the input must be at least as large.", "input");
        return ((padded - reach) / stride) + 1;
    }

    private void Field(Tensor field, string argument, long channels, long pictures)
    {
        long[] needed = [pictures, channels, OutputHeight, OutputWidth];
        if (!field.shape.AsSpan().SequenceEqual(needed))
            throw new ArgumentException($"{argument} has shape {TensorCheck.Describe(field.shape)}; {TensorCheck.Describe(needed)} is needed.", argument);
    }
}
