using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.ML.Spatial.Functional;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Spatial.Benchmarks;

/// <summary>One shape of deformable convolution with mask, 3 x 3, padded so that a stride of 1 keeps the size, and every way to do it in this process.</summary>
internal sealed class DeformCase : IDisposable
{
    private const long Kernel = 3;

    private readonly Shape _shape;
    private readonly Tensor[] _tensors;
    private readonly Tensor _gradient;

    /// <param name="shape">The sizes.</param>
    public DeformCase(Shape shape)
    {
        _shape = shape;
        var random = new Random(7);
        double Normal() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        Tensor Of(Func<double> value, params long[] sizes)
        {
            var values = new float[sizes.Aggregate(1L, (product, size) => product * size)];
            for (var i = 0; i < values.Length; i++)
                values[i] = (float)value();
            using var flat = from_array(values, CPU);
            return flat.reshape(sizes).clone().DetachFromDisposeScope();
        }

        var (n, c, output) = (shape.Pictures, shape.Channels, shape.OutputSide);
        Input = Of(Normal, n, c, shape.Side, shape.Side);
        Offsets = Of(Normal, n, 2 * shape.Groups * Kernel * Kernel, output, output);
        Weight = Of(() => 0.05 * Normal(), c, c, Kernel, Kernel);
        Mask = Of(random.NextDouble, n, shape.Groups * Kernel * Kernel, output, output);
        _gradient = Of(Normal, n, c, output, output);
        _tensors = [Input, Offsets, Weight, Mask];
        foreach (var tensor in _tensors)
            tensor.requires_grad_();
    }

    /// <summary>Sizes: a square map, as many output as input channels.</summary>
    internal sealed record Shape(long Pictures, long Channels, long Side, long Stride, long Dilation, long Groups)
    {
        /// <summary>Those of the reference, <c>ops_bench.py</c>.</summary>
        public static readonly Shape[] All =
        [
            new(2, 64, 56, 1, 1, 1), new(2, 64, 56, 1, 1, 4), new(2, 64, 56, 2, 1, 1), new(2, 64, 56, 1, 2, 1), new(1, 256, 28, 1, 1, 1), new(1, 256, 28, 1, 1, 4),
            new(8, 128, 14, 1, 1, 1), new(8, 128, 14, 1, 1, 4), new(16, 16, 32, 1, 1, 1), new(16, 16, 32, 1, 1, 4), new(16, 16, 32, 2, 1, 1),
        ];

        /// <summary>The one whose memory is measured.</summary>
        public static readonly Shape Large = new(32, 64, 112, 1, 1, 1);

        public long OutputSide => (Side - 1) / Stride + 1;

        /// <summary>The shape as text.</summary>
        public string Name => string.Create(CultureInfo.InvariantCulture, $"{Pictures}x{Channels}x{Side} s{Stride} d{Dilation} g{Groups}");

        /// <summary>The shape as a peer reads it.</summary>
        public JsonObject Json => new() { ["n"] = Pictures, ["c"] = Channels, ["side"] = Side, ["stride"] = Stride, ["dilation"] = Dilation, ["groups"] = Groups };
    }

    /// <summary>Bytes of the output and of all gradients.</summary>
    public long ResultBytes => sizeof(float) * (_gradient.NumberOfElements + _tensors.Sum(tensor => tensor.NumberOfElements));

    /// <summary>The ways by name.</summary>
    public IReadOnlyDictionary<string, Func<Tensor>> Ways => new Dictionary<string, Func<Tensor>>
    {
        ["ours"] = () => SpatialOps.DeformConv2d(Map(Input), Map(Offsets), Weight, null, (_shape.Stride, _shape.Stride), (_shape.Dilation, _shape.Dilation), (_shape.Dilation, _shape.Dilation), Map(Mask)),
        ["conv2d"] = () => nn.functional.conv2d(Map(Input), Weight, null, [_shape.Stride, _shape.Stride], [_shape.Dilation, _shape.Dilation], [_shape.Dilation, _shape.Dilation]),
        ["grid_sample"] = Composed,
    };

    private Tensor Input { get; }

    private Tensor Offsets { get; }

    private Tensor Weight { get; }

    private Tensor Mask { get; }

    /// <summary>Convolves once, without gradients.</summary>
    public void Forward(string way)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        Ways[way]();
    }

    /// <summary>Convolves once and takes all gradients.</summary>
    public void ForwardBackward(string way)
    {
        using var scope = NewDisposeScope();
        foreach (var tensor in _tensors)
            tensor.grad = null;
        Ways[way]().backward([_gradient]);
    }

    /// <summary>How far a way's output is from another's, relative to the largest value.</summary>
    public double Difference(string way, string from)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var (one, other) = (Ways[way]().flatten(), Ways[from]().flatten());
        var (apart, largest) = (one.sub(other).abs(), other.abs());
        return (double)apart[apart.argmax().item<long>()].item<float>() / largest[largest.argmax().item<long>()].item<float>();
    }

    public void Dispose()
    {
        foreach (var tensor in _tensors)
        {
            tensor.grad?.Dispose();
            tensor.Dispose();
        }

        _gradient.Dispose();
    }

    /// <summary>A tensor as a map inside a network: a leaf of the graph would copy its gradient, which is no part of the operator.</summary>
    private static Tensor Map(Tensor tensor) => tensor.view(tensor.shape);

    /// <summary>What a user of torch composes: one grid for all taps, <c>grid_sample</c>, and a matrix product.</summary>
    private Tensor Composed()
    {
        var (n, c, side, output, groups) = (_shape.Pictures, _shape.Channels, _shape.Side, _shape.OutputSide, _shape.Groups);
        const long Taps = Kernel * Kernel;
        var steps = Enumerable.Range(0, (int)output).Select(i => (float)(i * _shape.Stride - _shape.Dilation)).ToArray();
        var alongY = from_array(steps, CPU).reshape(1, 1, 1, output, 1);
        var alongX = from_array(steps, CPU).reshape(1, 1, 1, 1, output);
        var tapY = from_array(Enumerable.Range(0, (int)Taps).Select(k => (float)(k / Kernel * _shape.Dilation)).ToArray(), CPU).reshape(1, 1, Taps, 1, 1);
        var tapX = from_array(Enumerable.Range(0, (int)Taps).Select(k => (float)(k % Kernel * _shape.Dilation)).ToArray(), CPU).reshape(1, 1, Taps, 1, 1);
        var fields = Map(Offsets).view(n, groups, Taps, 2, output, output);
        var (y, x) = (fields.select(3, 0).add(tapY).add(alongY), fields.select(3, 1).add(tapX).add(alongX));
        var grid = stack([x.mul(2.0 / (side - 1)).sub(1), y.mul(2.0 / (side - 1)).sub(1)], -1).view(n * groups, Taps * output, output, 2);
        var read = nn.functional.grid_sample(Map(Input).view(n * groups, c / groups, side, side), grid, GridSampleMode.Bilinear, GridSamplePaddingMode.Zeros, true);
        read = read.view(n, groups, c / groups, Taps, output * output).mul(Map(Mask).view(n, groups, 1, Taps, output * output));
        return Weight.view(c, c * Taps).matmul(read.reshape(n, c * Taps, output * output)).view(n, c, output, output);
    }
}
