using Microsoft.ML.Spatial.Functional;
using TorchSharp;
using static Microsoft.ML.Spatial.Tests.Functional.TestTensors;
using static TorchSharp.torch;

namespace Microsoft.ML.Spatial.Tests.Functional;

/// <summary>What all poolings of RoIs promise.</summary>
[TestClass]
public class RoIPoolingTests
{
    public static IEnumerable<object[]> Names => RoIUnderTest.Names.Select(name => new object[] { name });

    public static IEnumerable<object[]> NamesAndRatios =>
        from name in RoIUnderTest.Names
        from ratio in new[] { 0, 1, 3 }
        from channels in new[] { 1, 4, 19 }
        select new object[] { name, ratio, channels };

    [TestMethod]
    [DynamicData(nameof(NamesAndRatios))]
    public void EqualsTheReference(string name, int ratio, int channels)
    {
        using var scope = torch.NewDisposeScope();
        var one = RoIUnderTest.Make(name, 1, outputChannels: channels, ratio: ratio, count: 5);

        var output = one.Pool(ScalarType.Float64);

        CollectionAssert.AreEqual(one.OutputShape, output.shape);
        AreClose(one.Expected, output, 1e-10 * one.LargestExpected, relative: false);
        AreClose(one.Expected, one.Pool(ScalarType.Float32), 1e-5 * one.LargestExpected, relative: false);
    }

    [TestMethod]
    [DynamicData(nameof(NamesAndRatios))]
    public void GradientsEqualTheReference(string name, int ratio, int channels)
    {
        using var scope = torch.NewDisposeScope();
        GradientsAreRight(RoIUnderTest.Make(name, 2, outputChannels: channels, ratio: ratio, count: 5));
    }

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void ManyPicturesEqualTheReference(string name)
    {
        using var scope = torch.NewDisposeScope();
        var one = RoIUnderTest.Make(name, 15, pictures: 33, height: 5, width: 6, ratio: 2, count: 40);
        Assert.IsTrue(one.RoIs.Chunk(5).Zip(one.RoIs.Chunk(5).Skip(1)).Any(pair => pair.First[0] > pair.Second[0]), "RoIs are not in the pictures' order");
        AreClose(one.Expected, one.Pool(ScalarType.Float64), 1e-10 * one.LargestExpected, relative: false);
        AreClose(one.Expected, one.Pool(ScalarType.Float32), 1e-5 * one.LargestExpected, relative: false);
        GradientsAreRight(one);
    }

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void TheReferencesGradientsAreItsDifferences(string name)
    {
        var one = RoIUnderTest.Make(name, 2, outputChannels: 2, height: 5, width: 4, rows: 2, columns: 2, ratio: 2, count: 3);
        var weight = Uniform(9, one.Expected.Length);
        double[] Numeric(double[] variable, double step) => [.. Enumerable.Range(0, variable.Length).Select(i =>
        {
            double Loss(double at)
            {
                var before = variable[i];
                variable[i] = at;
                var sum = one.Reference(one.Input, one.Offsets).Zip(weight, (value, w) => value * w).Sum();
                variable[i] = before;
                return sum;
            }

            return (Loss(variable[i] + step) - Loss(variable[i] - step)) / (2 * step);
        })];
        foreach (var (expected, actual) in new[] { (Numeric(one.Input, 1e-4), one.Gradients(weight).OfInput), (Numeric(one.Offsets ?? [], 1e-5), one.Gradients(weight).OfOffsets) })
        {
            Assert.HasCount(expected.Length, actual);
            for (var i = 0; i < expected.Length; i++)
                Assert.AreEqual(expected[i], actual[i], 1e-8 * RoIUnderTest.Largest(expected), $"element {i}");
        }
    }

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void TheCompositionTakesOtherTypesToo(string name)
    {
        using var scope = torch.NewDisposeScope();
        var one = RoIUnderTest.Make(name, 13, ratio: 2);

        AreClose(one.Expected, one.Composed(ScalarType.Float32), 1e-5 * one.LargestExpected, relative: false);
    }

    /// <summary>All but the tensors' own rounding is done in single precision.</summary>
    [TestMethod]
    [DynamicData(nameof(Names))]
    public void TypesOf16BitsAreExactToTheirOwnRounding(string name)
    {
        using var scope = torch.NewDisposeScope();
        var one = RoIUnderTest.Make(name, 14, outputChannels: 2, height: 4, width: 320, ratio: 2, count: 4);
        var weight = Uniform(5, one.Expected.Length);
        foreach (var (type, rounding) in new[] { (ScalarType.BFloat16, Math.ScaleB(1, -8)), (ScalarType.Float16, Math.ScaleB(1, -11)) })
        {
            double[][] Results(ScalarType computed)
            {
                Tensor Rounded(Tensor tensor) => tensor.to_type(type).to_type(computed);
                var (input, offsets) = (Rounded(one.InputTensor(ScalarType.Float64)).requires_grad_(), one.OffsetsTensor(ScalarType.Float64));
                offsets = offsets is null ? null : Rounded(offsets).requires_grad_();
                var output = one.Pool(input, Rounded(one.RoITensor(ScalarType.Float64)), offsets);
                Assert.AreEqual(computed, output.dtype);
                output.backward([Rounded(Of(weight, one.OutputShape))]);
                return [Values(output), Values(input.grad!), offsets is null ? [] : Values(offsets.grad!)];
            }

            foreach (var (expected, actual) in Results(ScalarType.Float32).Zip(Results(type)))
            {
                Assert.HasCount(expected.Length, actual);
                var apart = expected.Zip(actual, (a, b) => Math.Abs(a - b)).Append(0).Max();
                Assert.IsLessThanOrEqualTo(rounding * RoIUnderTest.Largest(expected), apart, $"{type}");
            }
        }
    }

    [TestMethod]
    [DoNotParallelize]
    [DynamicData(nameof(Names))]
    public void ResultsAreTheSameForAnyNumberOfThreads(string name)
    {
        using var scope = torch.NewDisposeScope();
        foreach (var channels in new[] { 2, 40 })
        {
            var one = RoIUnderTest.Make(name, 3, outputChannels: channels, count: 9);
            AreTheSameForAnyNumberOfThreads(() =>
            {
                var (input, offsets) = (one.InputTensor(ScalarType.Float32).requires_grad_(), one.OffsetsTensor(ScalarType.Float32)?.requires_grad_());
                var output = one.Pool(input, one.RoITensor(ScalarType.Float32), offsets);
                output.backward([Singles(Uniform(3, one.Expected.Length), one.OutputShape)]);
                return [Values(output), Values(input.grad!), offsets is null ? [] : Values(offsets.grad!)];
            }, $" and {channels} channels");
        }
    }

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void TakesTensorsOfAnyLayout(string name)
    {
        using var scope = torch.NewDisposeScope();
        var one = RoIUnderTest.Make(name, 4, ratio: 2);
        Tensor Strange(Tensor tensor)
        {
            var order = Enumerable.Range(0, (int)tensor.Dimensions).Select(i => (long)i).Reverse().ToArray();
            var strange = tensor.permute(order).contiguous().permute(order);
            Assert.IsFalse(strange.is_contiguous());
            return strange;
        }

        GradientsAreRight(one, Strange);
        foreach (var type in new[] { ScalarType.Float64, ScalarType.Float32 })
        {
            var offsets = one.OffsetsTensor(type);
            var output = one.Pool(Strange(one.InputTensor(type)), Strange(one.RoITensor(type)), offsets is null ? null : Strange(offsets));
            AreClose(one.Expected, output, (type == ScalarType.Float64 ? 1e-10 : 1e-5) * one.LargestExpected, relative: false);
        }
    }

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void OfNoRoIsIsEmptyAndHasAZeroGradient(string name)
    {
        using var scope = torch.NewDisposeScope();
        foreach (var pictures in new[] { 0, 2 })
        {
            foreach (var type in new[] { ScalarType.Float64, ScalarType.Float32 })
            {
                var one = RoIUnderTest.Make(name, 5, pictures: pictures, count: 0);
                var (input, offsets) = (one.InputTensor(type).requires_grad_(), one.OffsetsTensor(type)?.requires_grad_());

                var output = one.Pool(input, one.RoITensor(type), offsets);
                output.sum().backward();

                CollectionAssert.AreEqual(one.OutputShape, output.shape);
                Assert.IsTrue(Values(input.grad!).All(value => value == 0));
                CollectionAssert.AreEqual(one.Shape, input.grad!.shape);
                if (offsets is not null)
                    CollectionAssert.AreEqual(offsets.shape, offsets.grad!.shape);
            }
        }
    }

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void APictureWithoutRoIsHasAZeroGradient(string name)
    {
        using var scope = torch.NewDisposeScope();
        var one = RoIUnderTest.Make(name, 6, pictures: 1, ratio: 2);
        foreach (var type in new[] { ScalarType.Float64, ScalarType.Float32 })
        {
            var more = cat([one.InputTensor(type), one.InputTensor(type)], 0).requires_grad_();

            one.Pool(more, one.RoITensor(type), one.OffsetsTensor(type)).sum().backward();

            Assert.IsTrue(Values(more.grad![0]).Any(value => value != 0));
            Assert.IsTrue(Values(more.grad![1]).All(value => value == 0));
        }
    }

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void RoIsFarOutsideAndDegenerateOnesAreFinite(string name)
    {
        using var scope = torch.NewDisposeScope();
        var one = RoIUnderTest.Make(name, 7, pictures: 1, count: 6, scale: 1);
        double[] rois =
        [
            0, 30000, 30000, 30010, 30010, 0, -60000, -60000, -59000, -59990, 0, -65536, -65536, 65536, 65536,
            0, 3, 3, 3, 3, 0, 6, 5, 2, 1, 0, 8, 6, 8.5, 6.25,
        ];
        foreach (var type in new[] { ScalarType.Float64, ScalarType.Float32 })
        {
            var (input, offsets) = (one.InputTensor(type).requires_grad_(), one.OffsetsTensor(type)?.requires_grad_());

            var output = one.Pool(input, Of(rois, 6, 5).to_type(type), offsets);
            output.sum().backward();

            Assert.IsTrue(Values(output).All(double.IsFinite));
            Assert.IsTrue(Values(input.grad!).All(double.IsFinite));
            Assert.IsTrue(offsets is null || Values(offsets.grad!).All(double.IsFinite));
            Assert.IsTrue(Values(output[0]).All(value => value == 0), "far to the right");
            Assert.IsTrue(Values(output[1]).All(value => value == 0), "far to the left");
        }
    }

    [TestMethod]
    [DataRow("deform", double.NaN)]
    [DataRow("deform", double.PositiveInfinity)]
    [DataRow("deform", -1e38)]
    [DataRow("deformps", double.NaN)]
    [DataRow("deformps", double.NegativeInfinity)]
    [DataRow("deformps2", 1e38)]
    public void ABinMovedNowhereIsZeroAndGivesNoGradient(string name, double move)
    {
        using var scope = torch.NewDisposeScope();
        var one = RoIUnderTest.Make(name, 8, outputChannels: 2, ratio: 2);
        foreach (var type in new[] { ScalarType.Float64, ScalarType.Float32 })
        {
            var (input, offsets) = (one.InputTensor(type).requires_grad_(), one.OffsetsTensor(type)!);
            var row = offsets.narrow(2, 0, 1);
            row.copy_(row.mul(0).add(move));
            offsets.requires_grad_();

            var output = one.Pool(input, one.RoITensor(type), offsets);
            output.sum().backward();

            Assert.IsTrue(Values(output).All(double.IsFinite));
            Assert.IsTrue(Values(output.narrow(2, 0, 1)).All(value => value == 0));
            Assert.IsTrue(Values(output.narrow(2, 2, 1)).Any(value => value != 0));
            Assert.IsTrue(Values(input.grad!).All(double.IsFinite));
            Assert.IsTrue(Values(offsets.grad!).All(double.IsFinite));
            Assert.IsTrue(Values(offsets.grad!.narrow(2, 0, 1)).All(value => value == 0));
        }
    }

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void ABackwardSurvivesAnyGradient(string name)
    {
        using var scope = torch.NewDisposeScope();
        foreach (var value in new[] { double.NaN, double.PositiveInfinity, -1e30 })
        {
            var one = RoIUnderTest.Make(name, 9, ratio: 2);
            var (input, offsets) = (one.InputTensor(ScalarType.Float32).requires_grad_(), one.OffsetsTensor(ScalarType.Float32)?.requires_grad_());
            var output = one.Pool(input, one.RoITensor(ScalarType.Float32), offsets);
            output.backward([output.detach().mul(0).add(value)]);
            Assert.IsNotNull(input.grad);
        }
    }

    [TestMethod]
    [DataRow("pool")]
    [DataRow("deform")]
    [DataRow("deformps")]
    public void ABackwardThatCannotBeDoneGivesNaNRatherThanThrowing(string name)
    {
        using var scope = torch.NewDisposeScope();
        var one = RoIUnderTest.Make(name, 10, ratio: 2);
        var input = one.InputTensor(ScalarType.Float32).requires_grad_();
        var copy = input.mul(1);
        var output = one.Pool(copy, one.RoITensor(ScalarType.Float32), one.OffsetsTensor(ScalarType.Float32));
        using (no_grad())
            copy.zero_();

        output.sum().backward();

        Assert.IsTrue(Values(input.grad!).All(double.IsNaN));
    }

    [TestMethod]
    [DataRow("deform", true, false)]
    [DataRow("deform", false, true)]
    [DataRow("deformps", true, false)]
    [DataRow("deformps", false, true)]
    public void OnlyWhatAsksForAGradientGetsOne(string name, bool forInput, bool forOffsets)
    {
        using var scope = torch.NewDisposeScope();
        var one = RoIUnderTest.Make(name, 11, ratio: 2);
        foreach (var type in new[] { ScalarType.Float64, ScalarType.Float32 })
        {
            var (input, offsets) = (one.InputTensor(type).requires_grad_(forInput), one.OffsetsTensor(type)!.requires_grad_(forOffsets));

            one.Pool(input, one.RoITensor(type), offsets).sum().backward();

            Assert.AreEqual(forInput, input.grad is not null);
            Assert.AreEqual(forOffsets, offsets.grad is not null);
        }
    }

    [TestMethod]
    [DoNotParallelize]
    [DynamicData(nameof(Names))]
    public void LeavesNoTensorBehind(string name)
    {
        using var outer = torch.NewDisposeScope();
        var one = RoIUnderTest.Make(name, 12, ratio: 2);
        foreach (var type in new[] { ScalarType.Float64, ScalarType.Float32 })
        {
            var (input, rois, offsets) = (one.InputTensor(type).requires_grad_(), one.RoITensor(type), one.OffsetsTensor(type)?.requires_grad_());
            var before = LiveTensors();
            using (var inner = torch.NewDisposeScope())
            {
                one.Pool(input, rois, offsets).sum().backward();
                input.grad = null;
                if (offsets is not null)
                    offsets.grad = null;
            }

            one.Pool(input.detach(), rois, offsets?.detach()).Dispose();
            Assert.AreEqual(before + (offsets is null ? 1 : 2), LiveTensors(), $"{type}");
        }
    }

    private static void GradientsAreRight(RoIUnderTest one, Func<Tensor, Tensor>? laidOut = null)
    {
        var weight = Uniform(9, one.Expected.Length);
        var (ofInput, ofOffsets) = one.Gradients(weight);
        foreach (var (type, tolerance) in new[] { (ScalarType.Float64, 1e-10), (ScalarType.Float32, 1e-5) })
        {
            Tensor LaidOut(Tensor tensor) => laidOut is null ? tensor : laidOut(tensor);
            var (input, offsets) = (LaidOut(one.InputTensor(type)).requires_grad_(), one.OffsetsTensor(type));
            offsets = offsets is null ? null : LaidOut(offsets).requires_grad_();

            one.Pool(input, one.RoITensor(type), offsets).backward([LaidOut(Of(weight, one.OutputShape).to_type(type))]);

            AreClose(ofInput, input.grad!, tolerance * RoIUnderTest.Largest(ofInput), relative: false);
            if (offsets is not null)
                AreClose(ofOffsets, offsets.grad!, tolerance * RoIUnderTest.Largest(ofOffsets), relative: false);
        }
    }
}
