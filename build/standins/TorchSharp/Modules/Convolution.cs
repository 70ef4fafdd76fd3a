using TorchSharp.Utils;
using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>What all convolutions have.</summary>
public abstract class Convolution : nn.Module<Tensor, Tensor>
{
    [ComponentName(Name = nameof(weight))]
    protected Parameter? _weight;

    [ComponentName(Name = nameof(bias))]
    protected Parameter? _bias;

    protected Convolution(
        string name,
        long in_channels,
        long out_channels,
        long[] kernel_size,
        long[] stride,
        long[]? padding,
        Padding? padding_type,
        long[] dilation,
        bool transposed,
        long[] output_padding,
        long groups,
        bool bias,
        PaddingModes padding_mode,
        Device? device = null,
        ScalarType? dtype = null)
        : base(name)
    {
        if (groups <= 0 || in_channels % groups != 0 || out_channels % groups != 0)
            throw new ArgumentException($"{in_channels} input and {out_channels} output channels cannot be divided into {groups} groups.", nameof(groups));
        (this.in_channels, this.kernel_size, this.stride) = (in_channels, kernel_size, stride);
        (this.padding, this.padding_type, this.dilation) = (padding, padding_type, dilation);
        (this.groups, this.padding_mode) = (groups, padding_mode);
        var (outer, inner) = transposed ? (in_channels, out_channels) : (out_channels, in_channels);
        weight = empty([outer, inner / groups, .. kernel_size], dtype, device).AsParameter();
        this.bias = bias ? empty([out_channels], dtype, device).AsParameter() : null;
        reset_parameters();
    }

    public long in_channels { get; }

    public long[] kernel_size { get; set; }

    public long[] stride { get; set; }

    public long[]? padding { get; private set; }

    public Padding? padding_type { get; private set; }

    public long[] dilation { get; set; }

    public long groups { get; set; }

    public PaddingModes padding_mode { get; set; }

    public Parameter weight
    {
        get => _weight!;
        set => SetParameter(ref _weight, value, nameof(weight));
    }

    public Parameter? bias
    {
        get => _bias;
        set => SetParameter(ref _bias, value, nameof(bias));
    }

    public void reset_parameters() => nn.init.Defaults(weight, bias);

    /// <summary>Whether the input is one sample or a batch of samples of so many spatial dimensions, with the right channels.</summary>
    protected bool ValidateShape(Tensor input, long dimensions)
    {
        var shape = input.shape;
        return (shape.Length == dimensions + 1 || shape.Length == dimensions + 2) && shape[shape.Length - dimensions - 1] == in_channels;
    }
}
