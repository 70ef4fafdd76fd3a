using Microsoft.ML.Spatial.Functional;
using TorchSharp;
using static Microsoft.ML.Spatial.Tests.Functional.TestTensors;
using static TorchSharp.torch;

namespace Microsoft.ML.Spatial.Tests.Functional;

/// <summary>
/// Every operator that samples pictures, against the formulae in float64: whichever way it computes, in one pass or through a grid.
/// </summary>
[TestClass]
public class WarpTests
{
    /// <summary>Pictures, channels, height and width of the input, height and width of the output.</summary>
    private static readonly long[][] Sizes =
    [
        [2, 3, 5, 8, 4, 6],
        [1, 1, 1, 1, 1, 1],
        [2, 5, 1, 7, 3, 1],
        [3, 2, 9, 1, 1, 11],
        [33, 1, 4, 5, 3, 4],
        [33, 9, 3, 4, 2, 5],
        [2, 7, 6, 11, 5, 19],
        [2, 8, 13, 24, 8, 16],
        [1, 16, 9, 4, 7, 17],
        [2, 17, 5, 5, 1, 1],
        [2, 20, 1, 1, 5, 9],
        [1, 33, 7, 6, 4, 15],
        [1, 2, 20, 31, 33, 37],
        [1, 20, 12, 9, 21, 23],
        [0, 3, 4, 5, 2, 3],
    ];

    public static IEnumerable<object[]> Modes =>
        from name in WarpUnderTest.Names
        from mode in Enum.GetValues<SamplingMode>()
        from padding in Enum.GetValues<PaddingMode>()
        from alignCorners in new[] { false, true }
        select new object[] { name, mode, padding, alignCorners };

    public static IEnumerable<object[]> NamesAndSizes =>
        from name in WarpUnderTest.Names
        from size in Sizes
        select new object[] { name, size };

    public static IEnumerable<object[]> Names => WarpUnderTest.Names.Select(name => new object[] { name });

    [TestMethod]
    [DynamicData(nameof(Modes))]
    public void EqualsTheFormulaInEveryMode(string name, SamplingMode mode, PaddingMode padding, bool alignCorners)
    {
        EqualsTheFormula(new Case(name, 1, [2, 3, 5, 8, 4, 6], mode, padding, alignCorners));
        EqualsTheFormula(new Case(name, 2, [2, 18, 7, 6, 5, 7], mode, padding, alignCorners));
    }

    [TestMethod]
    [DynamicData(nameof(NamesAndSizes))]
    public void EqualsTheFormulaInEverySize(string name, long[] size)
    {
        EqualsTheFormula(new Case(name, 3, size, SamplingMode.Bilinear, PaddingMode.Zeros, false));
        EqualsTheFormula(new Case(name, 4, size, SamplingMode.Bilinear, PaddingMode.Reflection, true));
        EqualsTheFormula(new Case(name, 5, size, SamplingMode.Nearest, PaddingMode.Border, false));
        EqualsTheFormula(new Case(name, 6, size, SamplingMode.Bicubic, PaddingMode.Border, true));
    }

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void OfNoChannelsIsEmpty(string name)
    {
        using var scope = torch.NewDisposeScope();
        foreach (var mode in Enum.GetValues<SamplingMode>())
        {
            var of = new Case(name, 7, [2, 0, 4, 5, 3, 6], mode, PaddingMode.Zeros, false);
            CollectionAssert.AreEqual(new long[] { 2, 0, 3, 6 }, of.Warp(of.Input(ScalarType.Float32), of.Theta(ScalarType.Float32)).shape);
        }
    }

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void TakesAnyLayout(string name)
    {
        using var scope = torch.NewDisposeScope();
        foreach (var channels in new long[] { 3, 12 })
        {
            var of = new Case(name, 8, [4, channels, 5, 8, 4, 6], SamplingMode.Bilinear, PaddingMode.Zeros, false);
            var expected = ReferenceSampler.Sample(of.InputValues, of.InputShape, of.Grid, of.Mode, of.Padding, of.AlignCorners);
            foreach (var type in new[] { ScalarType.Float32, ScalarType.Float64 })
            {
                var (input, theta) = (of.Input(type), of.Theta(type));
                var lastPlace = theta.shape.Length - 1;
                Tensor[] inputs =
                [
                    input.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2),
                    input.permute(3, 0, 2, 1).contiguous().permute(1, 3, 2, 0),
                    torch.cat([input, input.mul(2)], 3).narrow(3, 0, 8),
                    torch.cat([input.mul(2), input], 0).narrow(0, 4, 4),
                ];
                var strange = theta.transpose(0, lastPlace).contiguous().transpose(0, lastPlace);
                foreach (var layout in inputs)
                    AreClose(expected, of.Warp(layout, strange), Tolerance(type, expected), relative: false);

                // One picture, four times in the same place: its gradients add up.
                var one = input.narrow(0, 0, 1).requires_grad_();
                of.Warp(one.broadcast_to(of.InputShape), strange).sum().backward();
                var gradients = ReferenceSampler.SampleBackward([.. Enumerable.Repeat(1.0, expected.Length)], of.InputShape, of.Grid, of.Mode, of.Padding, of.AlignCorners);
                double[] added = [.. Enumerable.Range(0, gradients.Length / 4).Select(i => Enumerable.Range(0, 4).Sum(n => gradients[n * gradients.Length / 4 + i]))];
                AreClose(added, one.grad!, Tolerance(type, added), relative: false);
            }
        }
    }

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void GivesGradientsToWhatWantsThem(string name)
    {
        using var scope = torch.NewDisposeScope();
        foreach (var channels in new long[] { 3, 12 })
        {
            foreach (var mode in Enum.GetValues<SamplingMode>())
            {
                var of = new Case(name, 9, [2, channels, 5, 8, 4, 6], mode, PaddingMode.Border, false);
                (double[]? Input, double[]? Theta) Gradients(bool ofInput, bool ofTheta)
                {
                    var (input, theta) = (of.Input(ScalarType.Float32).requires_grad_(ofInput), of.Theta(ScalarType.Float32).requires_grad_(ofTheta));
                    var output = of.Warp(input, theta);
                    if (output.requires_grad)
                        output.sum().backward();
                    return (input.grad is { } inputGradient ? Values(inputGradient) : null, theta.grad is { } thetaGradient ? Values(thetaGradient) : null);
                }

                var both = Gradients(true, true);
                CollectionAssert.AreEqual(both.Input, Gradients(true, false).Input);
                CollectionAssert.AreEqual(both.Theta, Gradients(false, true).Theta);
                Assert.IsNull(Gradients(true, false).Theta);
                Assert.IsNull(Gradients(false, true).Input);
                Assert.AreEqual((null, null), Gradients(false, false));
                Assert.IsTrue(both.Input!.Any(value => value != 0));
                Assert.AreEqual(mode != SamplingMode.Nearest, both.Theta?.Any(value => value != 0) ?? false);
            }
        }
    }

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void EqualsTorchsOwnSampling(string name)
    {
        using var scope = torch.NewDisposeScope();
        foreach (var padding in Enum.GetValues<PaddingMode>())
        {
            foreach (var alignCorners in new[] { false, true })
            {
                var of = new Case(name, 10, [3, 4, 6, 9, 7, 5], SamplingMode.Bilinear, padding, alignCorners);
                var grid = Of(of.Grid, 3, 7, 5, 2);
                var expected = Values(nn.functional.grid_sample(of.Input(ScalarType.Float64), grid, GridSampleMode.Bilinear, Enum.Parse<GridSamplePaddingMode>(padding.ToString()), alignCorners));

                AreClose(expected, of.Warp(of.Input(ScalarType.Float64), of.Theta(ScalarType.Float64)), 1e-10);
                AreClose(expected, of.Warp(of.Input(ScalarType.Float32), of.Theta(ScalarType.Float32)), Tolerance(ScalarType.Float32, expected), relative: false);
            }
        }
    }

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void LeavesNoTensorBehind(string name)
    {
        foreach (var mode in Enum.GetValues<SamplingMode>())
        {
            foreach (var type in new[] { ScalarType.Float32, ScalarType.Float64 })
            {
                var before = LiveTensors();
                var of = new Case(name, 12, [2, 3, 5, 8, 4, 6], mode, PaddingMode.Reflection, false);
                using (var input = of.Input(type).requires_grad_())
                using (var theta = of.Theta(type).requires_grad_())
                {
                    var own = LiveTensors();
                    using (var output = of.Warp(input, theta))
                    {
                        Assert.AreEqual(own + 1, LiveTensors(), $"{mode} {type}");

                        // Whoever calls backward disposes of what passes through a custom function.
                        using var scope = torch.NewDisposeScope();
                        output.sum().backward();
                    }

                    input.grad?.Dispose();
                    theta.grad?.Dispose();
                }

                Assert.AreEqual(before, LiveTensors(), $"{mode} {type}");
            }
        }
    }

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void RefusesWhatDoesNotFit(string name)
    {
        using var scope = torch.NewDisposeScope();
        var of = new Case(name, 13, [2, 3, 5, 8, 4, 6], SamplingMode.Bilinear, PaddingMode.Zeros, false);
        var (input, theta) = (of.Input(ScalarType.Float32), of.Theta(ScalarType.Float32));
        var argument = name == WarpUnderTest.Grid ? "grid" : "theta";

        void Refused(string named, string part, Action action)
        {
            var error = Assert.Throws<ArgumentException>(action);
            Assert.AreEqual(named, error.ParamName);
            StringAssert.Contains(error.Message, part);
        }

        Refused("input", "[2, 3, 40]", () => of.Warp(input.flatten(2), theta));
        Refused("input", "[2, 3, 0, 4]", () => of.Warp(Singles([], 2, 3, 0, 4), theta));
        Refused("input", "Int64", () => of.Warp(input.to_type(ScalarType.Int64), theta));
        Refused(argument, "[2, 1, 1, 1, 1]", () => of.Warp(input, Singles([1, 2], 2, 1, 1, 1, 1)));
        Refused(argument, "has 1 pictures and input has 2", () => of.Warp(input, theta.narrow(0, 0, 1)));
        Refused(argument, "Float64", () => of.Warp(input, of.Theta(ScalarType.Float64)));
        Refused("mode", "mode is 7", () => of.Under.Warp(input, theta, 4, 6, (SamplingMode)7, PaddingMode.Zeros, false));
        Refused("padding", "padding is 7", () => of.Under.Warp(input, theta, 4, 6, SamplingMode.Bilinear, (PaddingMode)7, false));
        Assert.Throws<ArgumentNullException>(() => of.Warp(null!, theta));
        Assert.Throws<ArgumentNullException>(() => of.Warp(input, null!));
        if (name == WarpUnderTest.Grid)
            return;
        Refused("outputHeight", "outputHeight is 0", () => of.Under.Warp(input, theta, 0, 6, SamplingMode.Bilinear, PaddingMode.Zeros, false));
        Refused("outputWidth", "outputWidth is -1", () => of.Under.Warp(input, theta, 4, -1, SamplingMode.Bilinear, PaddingMode.Zeros, false));
    }

    /// <summary>Output and both gradients, in both types.</summary>
    private static void EqualsTheFormula(Case of)
    {
        using var scope = torch.NewDisposeScope();
        var grid = of.Grid;
        var expected = ReferenceSampler.Sample(of.InputValues, of.InputShape, grid, of.Mode, of.Padding, of.AlignCorners);

        // Where rounding may bring a point across a jump or a kink of the kernel, nothing is compared.
        var points = ReferenceSampler.AwayFromKinks(grid, of.InputShape, of.AlignCorners);
        var (channels, area) = (of.InputShape[1], of.OutputShape[2] * of.OutputShape[3]);
        double[] mask = [.. Enumerable.Range(0, expected.Length).Select(i => points[(i / area / channels * area) + (i % area)])];
        double[] gradient = [.. Uniform(99, expected.Length).Zip(mask, (value, use) => value * use)];
        var expectedOfInput = ReferenceSampler.SampleBackward(gradient, of.InputShape, grid, of.Mode, of.Padding, of.AlignCorners);
        var expectedOfTheta = of.Mode == SamplingMode.Nearest ? null : of.ThetaGradient(gradient);

        foreach (var type in new[] { ScalarType.Float64, ScalarType.Float32 })
        {
            var (input, theta) = (of.Input(type).requires_grad_(), of.Theta(type).requires_grad_());
            var output = of.Warp(input, theta);
            CollectionAssert.AreEqual(of.OutputShape, output.shape);
            Assert.AreEqual(type, output.dtype);
            output.mul(Of(gradient, of.OutputShape).to_type(type)).sum().backward();

            AreClose([.. expected.Zip(mask, (value, use) => value * use)], output.detach().mul(Of(mask, of.OutputShape).to_type(type)), Tolerance(type, expected), relative: false);
            AreClose(expectedOfInput, input.grad!, Tolerance(type, expectedOfInput), relative: false);

            // Finite differences are less exact than float64.
            if (expectedOfTheta is { Length: > 0 })
                AreClose(expectedOfTheta, theta.grad!, Math.Max(Tolerance(type, expectedOfTheta), 1e-7 * Largest(expectedOfTheta)), relative: false);
        }
    }

    private static double Tolerance(ScalarType type, double[] expected) => (type == ScalarType.Float64 ? 1e-10 : 1e-5) * Largest(expected);

    private static double Largest(double[] values) => values.Select(Math.Abs).DefaultIfEmpty().Max();

    /// <summary>One call of an operator.</summary>
    private sealed class Case(string name, int seed, long[] sizes, SamplingMode mode, PaddingMode padding, bool alignCorners)
    {
        private readonly long _height = sizes[4];
        private readonly long _width = sizes[5];
        private double[]? _input;
        private double[]? _theta;

        internal WarpUnderTest Under { get; } = WarpUnderTest.Named(name);

        internal SamplingMode Mode => mode;

        internal PaddingMode Padding => padding;

        internal bool AlignCorners => alignCorners;

        internal long Pictures => Math.Max(1, sizes[0]);

        internal long[] InputShape => sizes[..4];

        internal long[] OutputShape => [sizes[0], sizes[1], _height, _width];

        // In the precision of both types, so that both see the same numbers.
        internal double[] InputValues => _input ??= Rounded(Uniform(seed, (int)(sizes[0] * sizes[1] * sizes[2] * sizes[3])));

        internal double[] Grid => Under.Formula(ThetaValues, _height, _width, alignCorners);

        private double[] ThetaValues => _theta ??= Rounded(Under.Thetas(seed + 100, sizes[0], _height, _width));

        internal Tensor Input(ScalarType type) => Of(InputValues, InputShape).to_type(type, disposeAfter: true);

        internal Tensor Theta(ScalarType type) => Of(ThetaValues, [sizes[0], .. Under.ThetaShape(_height, _width)]).to_type(type, disposeAfter: true);

        internal Tensor Warp(Tensor input, Tensor theta) => Under.Warp(input, theta, _height, _width, mode, padding, alignCorners);

        /// <summary>The gradient of theta by central differences, a parameter of all pictures at a time.</summary>
        internal double[] ThetaGradient(double[] gradient)
        {
            const double Step = 1e-6;
            var size = Under.ThetaShape(_height, _width).Aggregate(1L, (product, side) => product * side);
            var perPicture = (int)Math.Max(1, gradient.Length / Pictures);
            double[] Losses(double[] theta) =>
            [
                .. ReferenceSampler.Sample(InputValues, InputShape, Under.Formula(theta, _height, _width, alignCorners), mode, padding, alignCorners)
                    .Zip(gradient, (value, weight) => value * weight)
                    .Chunk(perPicture)
                    .Select(Enumerable.Sum),
            ];
            var result = new double[ThetaValues.Length];
            if (name == WarpUnderTest.Grid)
                return GridGradient(gradient, Step);
            for (var p = 0; p < size; p++)
            {
                double[] Moved(double by) => [.. ThetaValues.Select((value, i) => i % size == p ? value + by : value)];
                foreach (var (slope, n) in Losses(Moved(Step)).Zip(Losses(Moved(-Step)), (above, below) => (above - below) / (2 * Step)).Select((slope, n) => (slope, n)))
                    result[(n * size) + p] = slope;
            }

            return result;
        }

        /// <summary>Of a grid, each number concerns its own point only, so that all x, or all y, move at once.</summary>
        private double[] GridGradient(double[] gradient, double step)
        {
            var area = _height * _width;
            var result = new double[ThetaValues.Length];
            for (var axis = 0; axis < 2; axis++)
            {
                double[] Sampled(double by) =>
                    ReferenceSampler.Sample(InputValues, InputShape, [.. ThetaValues.Select((value, i) => i % 2 == axis ? value + by : value)], mode, padding, alignCorners);
                var (above, below) = (Sampled(step), Sampled(-step));
                for (var i = 0; i < gradient.Length; i++)
                    result[(2 * ((i / area / sizes[1] * area) + (i % area))) + axis] += (above[i] - below[i]) / (2 * step) * gradient[i];
            }

            return result;
        }

        private static double[] Rounded(double[] values) => [.. values.Select(value => (double)(float)value)];
    }
}
