using FsCheck;
using FsCheck.Fluent;
using TorchSharp;
using static Microsoft.ML.Spatial.Tests.Functional.TestTensors;
using static TorchSharp.torch;

namespace Microsoft.ML.Spatial.Tests.Functional;

/// <summary>The poolings of RoIs on random shapes. The cases are the same in every run; a failure names its case.</summary>
[TestClass]
public class RoIPropertyTests
{
    private const int Tests = 60;

    public static IEnumerable<object[]> Names => RoIUnderTest.Names.Select(name => new object[] { name });

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void EveryShapeEqualsTheReference(string name) => Prop.ForAll(
        Sizes(),
        sizes =>
        {
            using var scope = torch.NewDisposeScope();
            var one = RoIUnderTest.Make(
                name, sizes.Seed, sizes.Pictures, sizes.Channels, sizes.Height, sizes.Width, sizes.Rows, sizes.Columns, sizes.Ratio, sizes.Scale / 8.0, sizes.Count);
            var weight = Uniform(sizes.Seed, one.Expected.Length);
            var (ofInput, ofOffsets) = one.Gradients(weight);
            foreach (var (type, tolerance) in new[] { (ScalarType.Float64, 1e-10), (ScalarType.Float32, 1e-5) })
            {
                void Equal(double[] expected, Tensor actual) => AreClose(expected, actual, tolerance * RoIUnderTest.Largest(expected), relative: false);
                var (input, offsets) = (one.InputTensor(type).requires_grad_(), one.OffsetsTensor(type)?.requires_grad_());
                var output = one.Pool(input, one.RoITensor(type), offsets);
                output.backward([Of(weight, one.OutputShape).to_type(type)]);
                Equal(one.Expected, output);
                Equal(ofInput, input.grad!);
                if (offsets is not null)
                    Equal(ofOffsets, offsets.grad!);
            }

            // All poolings being linear in the input or choosing from it, ⟨gradient, input⟩ = ⟨weights, output⟩.
            var sum = one.Expected.Zip(weight, (value, w) => value * w).Sum();
            Assert.AreEqual(sum, ofInput.Zip(one.Input, (gradient, value) => gradient * value).Sum(), 1e-9);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(Tests).WithReplay(20261124, 7));

    private static Arbitrary<Shapes> Sizes() => Arb.From(
        from pictures in Gen.Choose(1, 3)
        from channels in Gen.Choose(1, 12)
        from height in Gen.Choose(1, 9)
        from width in Gen.Choose(1, 11)
        from rows in Gen.Choose(1, 4)
        from columns in Gen.Choose(1, 4)
        from ratio in Gen.Choose(0, 3)
        from scale in Gen.Choose(1, 12)
        from count in Gen.Choose(1, 5)
        from seed in Gen.Choose(0, 1000)
        select new Shapes(pictures, channels, height, width, rows, columns, ratio, scale, count, seed));

    private sealed record Shapes(int Pictures, int Channels, int Height, int Width, int Rows, int Columns, int Ratio, int Scale, int Count, int Seed);
}
