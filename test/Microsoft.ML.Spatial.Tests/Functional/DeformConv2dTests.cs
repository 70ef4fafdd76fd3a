using FsCheck;
using FsCheck.Fluent;
using Microsoft.ML.Spatial.Functional;
using TorchSharp;
using static Microsoft.ML.Spatial.Tests.Functional.TestTensors;
using static TorchSharp.torch;

namespace Microsoft.ML.Spatial.Tests.Functional;

[TestClass]
public class DeformConv2dTests
{
    /// <summary>The nastiest: groups of two kinds that cut channels at different places, nothing symmetric.</summary>
    private static readonly ReferenceDeformConv Asymmetric = new(2, 6, 5, 4, 2, 2, 3, 3, 2, (2, 1), (1, 0), (2, 1));

    private static readonly ReferenceDeformConv[] Shapes =
    [
        Asymmetric,
        Asymmetric with { Pictures = 1 },
        Asymmetric with { Pictures = 33 },
        Asymmetric with { Pictures = 0 },
        new(1, 1, 1, 1, 1, 1, 1, 1, 1, (1, 1), (0, 0), (1, 1)),
        new(3, 4, 1, 7, 5, 1, 2, 1, 3, (1, 2), (0, 1), (1, 1)),
        new(2, 24, 6, 9, 17, 1, 2, 3, 3, (1, 1), (1, 1), (1, 1)),
        new(2, 12, 7, 5, 8, 4, 1, 3, 3, (1, 2), (2, 2), (2, 2)),
        new(1, 140, 4, 5, 20, 2, 7, 3, 3, (1, 1), (1, 1), (1, 1)),
        new(2, 5, 6, 6, 5, 5, 5, 5, 5, (1, 1), (2, 2), (1, 1)),
        new(1, 16, 20, 31, 33, 1, 1, 3, 3, (1, 1), (1, 1), (1, 1)),
    ];

    public static IEnumerable<object[]> Cases =>
        from shape in Enumerable.Range(0, Shapes.Length)
        from isModulated in new[] { false, true }
        select new object[] { shape, isModulated };

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void AgreesWithTheReference(int shape, bool isModulated)
    {
        using var scope = torch.NewDisposeScope();
        var problem = new Problem(Shapes[shape], isModulated, isModulated, Seed: 3);

        Agree(problem, ScalarType.Float64, 1e-10);
        Agree(problem, ScalarType.Float32, 1e-5);
    }

    [TestMethod]
    public void TheReferencesGradientsAreItsSlopes()
    {
        var problem = new Problem(Asymmetric with { Pictures = 1 }, true, true, Seed: 5);
        var (input, offsets, weight, mask) = (problem.Input, problem.Offsets, problem.Weight, problem.Mask!);
        double Loss() => problem.Shape.Output(input, offsets, weight, null, mask).Zip(problem.Gradient, (one, other) => one * other).Sum();
        var gradients = problem.Shape.Gradients(input, offsets, weight, mask, problem.Gradient);
        foreach (var (values, expected) in new[] { (input, gradients.Input), (offsets, gradients.Offsets), (weight, gradients.Weight), (mask, gradients.Mask) })
        {
            for (var i = 0; i < values.Length; i++)
            {
                const double Step = 1e-5;
                var at = values[i];
                values[i] = at + Step;
                var above = Loss();
                values[i] = at - Step;
                var below = Loss();
                values[i] = at;
                Assert.AreEqual(expected[i], (above - below) / (2 * Step), 1e-8, $"element {i}");
            }
        }
    }

    [TestMethod]
    public void RandomShapesAgreeWithTheReference() => Prop.ForAll(Problems(), problem =>
    {
        using var scope = torch.NewDisposeScope();
        Agree(problem, ScalarType.Float64, 1e-10);
        Agree(problem, ScalarType.Float32, 1e-5);
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(400).WithReplay(20261124, 7));

    [TestMethod]
    [DataRow(ScalarType.Float32)]
    [DataRow(ScalarType.Float64)]
    public void WithoutOffsetsItIsAConvolution(ScalarType type)
    {
        using var scope = torch.NewDisposeScope();
        var problem = new Problem(new(2, 12, 9, 7, 10, 2, 3, 3, 3, (2, 1), (1, 2), (1, 2)), true, true, Seed: 9);
        var (input, weight, bias) = (problem.Of(problem.Input, problem.Shape.InputShape, type), problem.Of(problem.Weight, problem.Shape.WeightShape, type), problem.Of(problem.Bias!, [10], type));
        var (offsets, mask) = (problem.Of(problem.Offsets, problem.Shape.OffsetsShape, type).mul(0), problem.Of(problem.Mask!, problem.Shape.MaskShape, type).mul(0).add(1));

        var deformed = SpatialOps.DeformConv2d(input, offsets, weight, bias, (2, 1), (1, 2), (1, 2), mask);

        var plain = nn.functional.conv2d(input, weight, bias, [2, 1], [1, 2], [1, 2], 2);
        AreClose(Values(plain), deformed, type == ScalarType.Float64 ? 1e-12 : 1e-5);
    }

    [TestMethod]
    [DataRow(ScalarType.Float32)]
    [DataRow(ScalarType.Float64)]
    public void WholeOffsetsShiftTheRead(ScalarType type)
    {
        using var scope = torch.NewDisposeScope();
        var input = Of(Uniform(1, 2 * 3 * 6 * 8), 2, 3, 6, 8).to_type(type);
        var weight = Of([1, 0, 0, 0, 1, 0, 0, 0, 1], 3, 3, 1, 1).to_type(type);
        var offsets = Of([.. Enumerable.Range(0, 2 * 2 * 6 * 8).Select(i => i / 48 % 2 == 0 ? 2.0 : -3.0)], 2, 2, 6, 8).to_type(type);

        var shifted = Values(SpatialOps.DeformConv2d(input, offsets, weight));

        var values = Values(input);
        for (var plane = 0; plane < 6; plane++)
        {
            for (var y = 0; y < 6; y++)
            {
                for (var x = 0; x < 8; x++)
                    Assert.AreEqual(y + 2 < 6 && x >= 3 ? values[plane * 48 + (y + 2) * 8 + x - 3] : 0, shifted[plane * 48 + y * 8 + x], 1e-6);
            }
        }
    }

    [TestMethod]
    public void TakesTensorsOfAnyLayout()
    {
        using var scope = torch.NewDisposeScope();
        var problem = new Problem(Asymmetric, true, true, Seed: 4);
        var (plain, strange) = (problem.Tensors(ScalarType.Float32), problem.Tensors(ScalarType.Float32).Select(Strange).ToArray());
        var gradient = problem.Of(problem.Gradient, problem.Shape.OutputShape, ScalarType.Float32);

        var (expected, output) = (problem.Run(plain), problem.Run(strange));
        expected.backward([gradient]);
        output.backward([Strange(gradient)]);

        CollectionAssert.AreEqual(Values(expected), Values(output));
        for (var i = 0; i < plain.Length; i++)
            CollectionAssert.AreEqual(Values(plain[i].grad!), Values(strange[i].grad!), $"tensor {i}");

        static Tensor Strange(Tensor tensor)
        {
            long[] turned = [.. Enumerable.Range(0, tensor.shape.Length).Select(i => (long)i).Reverse()];
            var strange = tensor.detach().permute(turned).contiguous().permute(turned);
            Assert.IsTrue(tensor.shape.Length == 1 || !strange.is_contiguous());
            return tensor.requires_grad ? strange.requires_grad_() : strange;
        }
    }

    [TestMethod]
    [DoNotParallelize]
    [DataRow(2, 64, 1)]
    [DataRow(1, 80, 5)]
    [DataRow(21, 20, 2)]
    public void ResultsAreTheSameForAnyNumberOfThreads(int pictures, int channels, int groups)
    {
        using var scope = torch.NewDisposeScope();
        var problem = new Problem(new(pictures, channels, 11, 13, 2 * groups * 5, groups, 2, 3, 3, (1, 1), (1, 1), (1, 1)), true, true, Seed: 2);
        AreTheSameForAnyNumberOfThreads(() =>
        {
            var tensors = problem.Tensors(ScalarType.Float32);
            var output = problem.Run(tensors);
            output.backward([problem.Of(problem.Gradient, problem.Shape.OutputShape, ScalarType.Float32)]);
            return [Values(output), .. tensors.Select(tensor => Values(tensor.grad!))];
        });
    }

    [TestMethod]
    public void OnlyWhatAsksForAGradientGetsOne()
    {
        using var scope = torch.NewDisposeScope();
        var problem = new Problem(Asymmetric, true, true, Seed: 6);
        var all = problem.Tensors(ScalarType.Float32);
        problem.Run(all).sum().backward();
        for (var wanted = 0; wanted < all.Length; wanted++)
        {
            var tensors = problem.Tensors(ScalarType.Float32);
            for (var i = 0; i < tensors.Length; i++)
                tensors[i].requires_grad_(i == wanted);

            problem.Run(tensors).sum().backward();

            for (var i = 0; i < tensors.Length; i++)
                Assert.AreEqual(i == wanted, tensors[i].grad is not null);
            CollectionAssert.AreEqual(Values(all[wanted].grad!), Values(tensors[wanted].grad!));
        }
    }

    [TestMethod]
    [DoNotParallelize]
    public void LeavesNoTensorBehind()
    {
        using var outer = torch.NewDisposeScope();
        var problem = new Problem(Asymmetric, true, true, Seed: 6);
        var tensors = problem.Tensors(ScalarType.Float32);
        var before = LiveTensors();
        using (torch.NewDisposeScope())
        {
            problem.Run(tensors).sum().backward();
            foreach (var tensor in tensors)
                tensor.grad = null;
        }

        Assert.AreEqual(before, LiveTensors());
    }

    [TestMethod]
    public void ABackwardThatCannotBeDoneGivesNaNRatherThanThrowing()
    {
        using var scope = torch.NewDisposeScope();
        var problem = new Problem(Asymmetric, false, false, Seed: 6);
        var tensors = problem.Tensors(ScalarType.Float32);
        var copy = tensors[0].mul(1);
        var output = problem.Run([copy, .. tensors[1..]]);
        using (no_grad())
            copy.zero_();

        output.sum().backward();

        Assert.IsTrue(tensors.All(tensor => Values(tensor.grad!).All(double.IsNaN)));
    }

    [TestMethod]
    public void ABiasThatWasWrittenToSinceHarmsNothing()
    {
        using var scope = torch.NewDisposeScope();
        var problem = new Problem(Asymmetric, false, true, Seed: 6);
        var tensors = problem.Tensors(ScalarType.Float32);
        var output = problem.Run(tensors);
        using (no_grad())
            tensors[3].zero_();

        output.sum().backward();

        Assert.IsTrue(tensors.All(tensor => Values(tensor.grad!).All(double.IsFinite)));
    }

    [TestMethod]
    public void NoGradientBehindItMeansNoneBeforeIt()
    {
        using var scope = torch.NewDisposeScope();
        var problem = new Problem(new(1, 6, 1, 1, 6, 1, 1, 1, 1, (1, 1), (0, 0), (1, 1)), false, false, Seed: 6);
        var tensors = problem.Tensors(ScalarType.Float32);
        var picture = Of(Uniform(1, 12), 1, 1, 3, 4).to_type(ScalarType.Float32).requires_grad_();

        // The nearest pixel has no gradient for theta, which the convolution makes here.
        SpatialOps.AffineWarp(picture, problem.Run(tensors).view(1, 6), 3, 4, SamplingMode.Nearest).sum().backward();

        Assert.IsNotNull(picture.grad);
        Assert.IsTrue(tensors.All(tensor => tensor.grad is null || Values(tensor.grad).All(value => value == 0)));
    }

    [TestMethod]
    public void WithoutGradModeThereIsNoGraph()
    {
        using var scope = torch.NewDisposeScope();
        var problem = new Problem(Asymmetric, true, true, Seed: 6);
        using var mode = no_grad();

        Assert.IsFalse(problem.Run(problem.Tensors(ScalarType.Float32)).requires_grad);
    }

    [TestMethod]
    [DataRow(ScalarType.Float32, double.NaN)]
    [DataRow(ScalarType.Float32, double.PositiveInfinity)]
    [DataRow(ScalarType.Float32, -3e38)]
    [DataRow(ScalarType.Float64, double.NaN)]
    [DataRow(ScalarType.Float64, double.NegativeInfinity)]
    [DataRow(ScalarType.Float64, 1e300)]
    public void AnyOffsetGivesAFiniteResult(ScalarType type, double value)
    {
        using var scope = torch.NewDisposeScope();
        var problem = new Problem(Asymmetric, true, true, Seed: 8);
        for (var i = 0; i < problem.Offsets.Length; i += 3)
            problem.Offsets[i] = value;
        var tensors = problem.Tensors(type);

        var output = problem.Run(tensors);
        output.sum().backward();

        Assert.IsTrue(Values(output).All(double.IsFinite));
        foreach (var tensor in tensors)
            Assert.IsTrue(Values(tensor.grad!).All(double.IsFinite));
        var gradient = Values(tensors[1].grad!);
        for (var i = 0; i < gradient.Length; i += 3)
            Assert.AreEqual(0, gradient[i]);

        // A point that is not a number reads where one half a pixel before the first does, one far outside reads zero.
        if (double.IsNaN(value))
            return;
        for (var i = 0; i < problem.Offsets.Length; i += 3)
            problem.Offsets[i] = 1000;
        AreClose(Values(problem.Run(problem.Tensors(type))), output, 1e-5);
    }

    [TestMethod]
    public void NoPicturesGiveNoOutputAndZeroGradients()
    {
        using var scope = torch.NewDisposeScope();
        foreach (var type in new[] { ScalarType.Float32, ScalarType.Float64 })
        {
            var problem = new Problem(Asymmetric with { Pictures = 0 }, true, true, Seed: 1);
            var tensors = problem.Tensors(type);

            var output = problem.Run(tensors);
            output.sum().backward();

            CollectionAssert.AreEqual(problem.Shape.OutputShape, output.shape);
            Assert.IsTrue(Values(tensors[2].grad!).All(value => value == 0));
            Assert.IsTrue(Values(tensors[3].grad!).All(value => value == 0));
        }
    }

    [TestMethod]
    [DataRow("input", "input has shape [2, 6, 5]; [N, C, H, W]")]
    [DataRow("weight", "input has 6 channels and weight takes 4 a group; the first must be a multiple of the second.")]
    [DataRow("outputs", "weight has 3 output channels for 2 groups; the first must be a multiple of the second.")]
    [DataRow("offsets", "offsets have shape [2, 35, 2, 3]; [N, 2·groups·3·2, Ho, Wo] is needed for a kernel of 3 x 2.")]
    [DataRow("groups", "input has 6 channels and offsets have 4 groups; the first must be a multiple of the second.")]
    [DataRow("size", "offsets has shape [2, 36, 3, 3]; [2, 36, 2, 3] is needed.")]
    [DataRow("mask", "mask has shape [2, 17, 2, 3]; [2, 18, 2, 3] is needed.")]
    [DataRow("bias", "bias has shape [3]; [2] is needed, as weight has 2 output channels.")]
    [DataRow("type", "offsets has elements of type Float64 and input of type Float32; both need the same type.")]
    [DataRow("small", "weight reaches over 11 pixels and input with its padding is 7 high; the input must be at least as large.")]
    public void WrongShapesAreNamed(string what, string message)
    {
        using var scope = torch.NewDisposeScope();
        Tensor Singles(params long[] shape) => Of(new double[ReferenceDeformConv.Size(shape)], shape).to_type(ScalarType.Float32);
        var input = what == "input" ? Singles(2, 6, 5) : Singles(2, 6, 5, 4);
        var weight = what switch { "weight" => Singles(2, 4, 3, 2), "outputs" => Singles(3, 3, 3, 2), _ => Singles(2, 3, 3, 2) };
        var offsets = what switch { "offsets" => Singles(2, 35, 2, 3), "groups" => Singles(2, 48, 2, 3), "size" => Singles(2, 36, 3, 3), _ => Singles(2, 36, 2, 3) };
        if (what == "type")
            offsets = offsets.to_type(ScalarType.Float64);
        var mask = what == "mask" ? Singles(2, 17, 2, 3) : Singles(2, 18, 2, 3);
        var bias = what == "bias" ? Singles(3) : Singles(2);
        var dilation = what == "small" ? (5L, 1L) : (2L, 1L);

        var error = Assert.Throws<ArgumentException>(() => SpatialOps.DeformConv2d(input, offsets, weight, bias, (2, 1), (1, 0), dilation, mask));

        Assert.Contains(message, error.Message);
    }

    [TestMethod]
    public void WrongStepsAreNamed()
    {
        using var scope = torch.NewDisposeScope();
        var (input, offsets, weight) = (Singles([1, 2], 1, 1, 1, 2), Singles([0, 0, 0, 0], 1, 2, 1, 2), Singles([1], 1, 1, 1, 1));

        Assert.Contains("stride is (0, 1); both numbers must be at least 1 and at most 16777216.", Assert.Throws<ArgumentOutOfRangeException>(() => SpatialOps.DeformConv2d(input, offsets, weight, stride: (0, 1))).Message);
        Assert.Contains("padding is (0, -1); both numbers must be at least 0 and at most 16777216.", Assert.Throws<ArgumentOutOfRangeException>(() => SpatialOps.DeformConv2d(input, offsets, weight, padding: (0, -1))).Message);
        Assert.Contains("dilation is (1, 0); both numbers must be at least 1 and at most 16777216.", Assert.Throws<ArgumentOutOfRangeException>(() => SpatialOps.DeformConv2d(input, offsets, weight, dilation: (1, 0))).Message);
        Assert.Contains("dilation is (4611686018427387904, 1)", Assert.Throws<ArgumentOutOfRangeException>(() => SpatialOps.DeformConv2d(input, offsets, weight, dilation: (1L << 62, 1))).Message);
        Assert.Throws<ArgumentNullException>(() => SpatialOps.DeformConv2d(null!, offsets, weight));
        Assert.Throws<ArgumentNullException>(() => SpatialOps.DeformConv2d(input, null!, weight));
        Assert.Throws<ArgumentNullException>(() => SpatialOps.DeformConv2d(input, offsets, null!));
    }

    /// <summary>Compares output and all gradients with the reference, within a tolerance of the largest value.</summary>
    private static void Agree(Problem problem, ScalarType type, double tolerance)
    {
        var shape = problem.Shape;
        var tensors = problem.Tensors(type);
        var output = problem.Run(tensors);
        output.backward([problem.Of(problem.Gradient, shape.OutputShape, type)]);

        CollectionAssert.AreEqual(shape.OutputShape, output.shape);
        Near("output", shape.Output(problem.Input, problem.Offsets, problem.Weight, problem.Bias, problem.Mask), output);
        var expected = shape.Gradients(problem.Input, problem.Offsets, problem.Weight, problem.Mask, problem.Gradient);
        Near("gradient of the input", expected.Input, tensors[0].grad!);
        Near("gradient of the offsets", expected.Offsets, tensors[1].grad!);
        Near("gradient of the weight", expected.Weight, tensors[2].grad!);
        if (problem.Bias is not null)
            Near("gradient of the bias", expected.Bias, tensors[3].grad!);
        if (problem.Mask is not null)
            Near("gradient of the mask", expected.Mask, tensors[^1].grad!);

        void Near(string what, double[] wanted, Tensor found)
        {
            var largest = wanted.Length == 0 ? 0 : Math.Max(1e-3, wanted.Max(Math.Abs));
            var values = Values(found);
            Assert.HasCount(wanted.Length, values);
            for (var i = 0; i < wanted.Length; i++)
                Assert.AreEqual(wanted[i], values[i], tolerance * largest, $"{type} {what}, element {i} of {problem}");
        }
    }

    private static Arbitrary<Problem> Problems() => Arb.From(
        from groups in Gen.Elements((1, 1), (1, 2), (2, 1), (2, 3), (3, 2), (4, 4))
        from channels in Gen.Choose(1, 4)
        from outputs in Gen.Choose(1, 9)
        from pictures in Gen.Choose(0, 3)
        from height in Gen.Choose(1, 8)
        from width in Gen.Choose(1, 9)
        from kernel in Gen.Elements((1, 1), (1, 2), (2, 3), (3, 3), (3, 1))
        from stride in Gen.Elements((1, 1), (2, 1), (1, 3))
        from dilation in Gen.Elements((1, 1), (2, 1), (1, 2))
        from padding in Gen.Elements((2, 2), (4, 3))
        from isModulated in Gen.Elements(true, false)
        from hasBias in Gen.Elements(true, false)
        from seed in Gen.Choose(0, 1000)
        let unit = groups.Item1 == groups.Item2 ? groups.Item1 : groups.Item1 * groups.Item2
        select new Problem(
            new(pictures, unit * channels, height, width, groups.Item1 * outputs, groups.Item1, groups.Item2, kernel.Item1, kernel.Item2, stride, padding, dilation),
            isModulated, hasBias, seed));

    /// <summary>A convolution with its numbers.</summary>
    private sealed record Problem
    {
        internal Problem(ReferenceDeformConv Shape, bool isModulated, bool hasBias, int Seed)
        {
            this.Shape = Shape;
            Input = Uniform(Seed, ReferenceDeformConv.Size(Shape.InputShape));
            Weight = Uniform(Seed + 1, ReferenceDeformConv.Size(Shape.WeightShape));
            Gradient = Uniform(Seed + 2, ReferenceDeformConv.Size(Shape.OutputShape));
            Bias = hasBias ? Uniform(Seed + 3, Shape.OutputChannels) : null;
            Mask = isModulated ? Uniform(Seed + 4, ReferenceDeformConv.Size(Shape.MaskShape), 0) : null;

            // Far enough from lattice lines that single precision reads the same pixels; some points lie outside.
            var (whole, broken) = (Uniform(Seed + 5, ReferenceDeformConv.Size(Shape.OffsetsShape), -4, 4), Uniform(Seed + 6, ReferenceDeformConv.Size(Shape.OffsetsShape), 1e-3, 1 - 1e-3));
            Offsets = [.. whole.Zip(broken, (one, other) => Math.Floor(one) + other)];
        }

        internal ReferenceDeformConv Shape { get; }

        internal double[] Input { get; }

        internal double[] Offsets { get; }

        internal double[] Weight { get; }

        internal double[]? Bias { get; }

        internal double[]? Mask { get; }

        internal double[] Gradient { get; }

        internal Tensor Of(double[] values, long[] shape, ScalarType type) => TestTensors.Of(values, shape).to_type(type);

        /// <summary>Leaves of the graph: input, offsets, weight, then bias and mask where there are any.</summary>
        internal Tensor[] Tensors(ScalarType type)
        {
            List<Tensor> tensors = [Of(Input, Shape.InputShape, type), Of(Offsets, Shape.OffsetsShape, type), Of(Weight, Shape.WeightShape, type)];
            if (Bias is not null)
                tensors.Add(Of(Bias, [Bias.Length], type));
            if (Mask is not null)
                tensors.Add(Of(Mask, Shape.MaskShape, type));
            return [.. tensors.Select(tensor => tensor.requires_grad_())];
        }

        internal Tensor Run(Tensor[] tensors) => SpatialOps.DeformConv2d(
            tensors[0], tensors[1], tensors[2], Bias is null ? null : tensors[3], Shape.Stride, Shape.Padding, Shape.Dilation, Mask is null ? null : tensors[^1]);
    }
}
