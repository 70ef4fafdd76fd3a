using Microsoft.ML.Spatial.Functional;
using TorchSharp;
using static Microsoft.ML.Spatial.Tests.Functional.TestTensors;
using static TorchSharp.torch;

namespace Microsoft.ML.Spatial.Tests.Functional;

[TestClass]
public class ActiveConv2dTests
{
    private static readonly ReferenceDeformConv[] Shapes =
    [
        new(2, 6, 5, 4, 2, 2, 3, 3, 2, (2, 1), (1, 0), (2, 1)),
        new(33, 6, 5, 4, 2, 2, 3, 3, 2, (2, 1), (1, 0), (2, 1)),
        new(0, 6, 5, 4, 2, 2, 3, 3, 2, (2, 1), (1, 0), (2, 1)),
        new(1, 4, 6, 9, 5, 1, 1, 3, 3, (1, 1), (1, 1), (1, 1)),
    ];

    [TestMethod]
    [DataRow(0, ScalarType.Float64, 1e-10)]
    [DataRow(0, ScalarType.Float32, 1e-5)]
    [DataRow(1, ScalarType.Float64, 1e-10)]
    [DataRow(1, ScalarType.Float32, 1e-5)]
    [DataRow(2, ScalarType.Float32, 1e-5)]
    [DataRow(3, ScalarType.Float64, 1e-10)]
    [DataRow(3, ScalarType.Float32, 1e-5)]
    public void AgreesWithTheReference(int index, ScalarType type, double tolerance)
    {
        using var scope = torch.NewDisposeScope();
        var shape = Shapes[index];
        var (input, weight, bias) = (Uniform(1, ReferenceDeformConv.Size(shape.InputShape)), Uniform(2, ReferenceDeformConv.Size(shape.WeightShape)), Uniform(3, shape.OutputChannels));
        var gradient = Uniform(4, ReferenceDeformConv.Size(shape.OutputShape));
        var (offsets, everywhere) = OffsetsOf(shape);
        var leaves = new[] { Of(input, shape.InputShape), Of(offsets, offsets.Length), Of(weight, shape.WeightShape), Of(bias, bias.Length) }
            .Select(tensor => tensor.to_type(type).requires_grad_()).ToArray();

        var output = SpatialOps.ActiveConv2d(leaves[0], leaves[1], leaves[2], leaves[3], shape.Stride, shape.Padding, shape.Dilation);

        CollectionAssert.AreEqual(shape.OutputShape, output.shape);
        Close(shape.Output(input, everywhere, weight, bias, null), output, tolerance);
        output.mul(Of(gradient, shape.OutputShape).to_type(type)).sum().backward();
        var expected = shape.Gradients(input, everywhere, weight, null, gradient);
        var area = shape.OutputHeight * shape.OutputWidth;
        double[] ofOffsets = new double[offsets.Length];
        for (var i = 0; i < expected.Offsets.Length; i++)
            ofOffsets[i / area % offsets.Length] += expected.Offsets[i];
        Close(expected.Input, leaves[0].grad!, tolerance);
        Close(ofOffsets, leaves[1].grad!, tolerance);
        Close(expected.Weight, leaves[2].grad!, tolerance);
        Close(expected.Bias, leaves[3].grad!, tolerance);
    }

    [TestMethod]
    [DoNotParallelize]
    public void AnyNumberOfThreadsGivesTheSameBits()
    {
        using var scope = torch.NewDisposeScope();
        var threads = get_num_threads();
        try
        {
            var (input, offsets, weight) = (Singles(Uniform(1, 4 * 32 * 40 * 40), 4, 32, 40, 40), Singles(Uniform(2, 18, -2, 2), 18).requires_grad_(), Singles(Uniform(3, 16 * 32 * 9), 16, 32, 3, 3));
            var seen = new List<double[]>();
            foreach (var count in new[] { 1, 2, 3 })
            {
                set_num_threads(count);
                var output = SpatialOps.ActiveConv2d(input, offsets, weight, padding: (1, 1));
                output.mul(output).sum().backward();
                seen.Add([.. Values(output), .. Values(offsets.grad!)]);
                offsets.grad = null;
            }

            CollectionAssert.AreEqual(seen[0], seen[1]);
            CollectionAssert.AreEqual(seen[0], seen[2]);
        }
        finally
        {
            set_num_threads(threads);
        }
    }

    [TestMethod]
    public void RefusesWhatDoesNotFit()
    {
        using var scope = torch.NewDisposeScope();
        var (input, offsets, weight) = (Singles(Uniform(1, 100), 1, 4, 5, 5), Singles(Uniform(2, 18), 18), Singles(Uniform(3, 72), 2, 4, 3, 3));
        Assert.AreEqual("input", Assert.ThrowsExactly<ArgumentNullException>(() => SpatialOps.ActiveConv2d(null!, offsets, weight)).ParamName);
        Assert.AreEqual("offsets", Assert.ThrowsExactly<ArgumentNullException>(() => SpatialOps.ActiveConv2d(input, null!, weight)).ParamName);
        Assert.AreEqual("weight", Assert.ThrowsExactly<ArgumentNullException>(() => SpatialOps.ActiveConv2d(input, offsets, null!)).ParamName);
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => SpatialOps.ActiveConv2d(input, Singles(Uniform(2, 20), 20), weight)).Message, "[20]; [2·groups·3·3] is needed");
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => SpatialOps.ActiveConv2d(input, Singles([], 0), weight)).Message, "[0]");
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => SpatialOps.ActiveConv2d(input, Singles(Uniform(2, 54), 54), weight)).Message, "4 channels and offsets have 3 groups");
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => SpatialOps.ActiveConv2d(input, offsets, weight, dilation: (3, 1))).Message, "7 pixels");
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => SpatialOps.ActiveConv2d(input, Of(Uniform(2, 18), 18), weight)).Message, "Float64");
        Assert.AreEqual("stride", Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => SpatialOps.ActiveConv2d(input, offsets, weight, stride: (0, 1))).ParamName);
    }

    /// <summary>Offsets away from lattice lines, once and at every position.</summary>
    private static (double[] Offsets, double[] Everywhere) OffsetsOf(ReferenceDeformConv shape)
    {
        var count = (int)shape.OffsetsShape[1];
        double[] offsets = [.. Uniform(5, count, -2, 2).Zip(Uniform(6, count, 0.01, 0.99), (whole, broken) => Math.Floor(whole) + broken)];
        return (offsets, [.. Enumerable.Range(0, ReferenceDeformConv.Size(shape.OffsetsShape)).Select(i => offsets[i / (shape.OutputHeight * shape.OutputWidth) % count])]);
    }

    private static void Close(double[] expected, Tensor actual, double tolerance) =>
        AreClose(expected, actual, tolerance * expected.Select(Math.Abs).Append(1).Max(), relative: false);
}
