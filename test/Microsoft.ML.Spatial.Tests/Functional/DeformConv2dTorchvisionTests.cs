using System.Text.Json;
using Microsoft.ML.Spatial.Functional;
using TorchSharp;
using static Microsoft.ML.Spatial.Tests.Functional.TestTensors;
using static TorchSharp.torch;

namespace Microsoft.ML.Spatial.Tests.Functional;

/// <summary>Deformable convolution against torchvision's deform_conv2d, outputs and all gradients.</summary>
[TestClass]
public class DeformConv2dTorchvisionTests
{
    private static readonly string[] Names = ["input", "offset", "weight", "bias", "mask"];

    [TestMethod]
    [DataRow("deform_conv2d_asymmetric.json")]
    [DataRow("deform_conv2d_plain.json")]
    public void AgreesWithWhatIsStored(string file)
    {
        var call = Torchvision.Stored(file);
        Agree(call, call.Expected!);
    }

    [TestMethod]
    [DataRow(2, 6, 5, 4, 2, 2, 3, 3, 2, 2, 1, 1, 0, 2, 1)]
    [DataRow(1, 24, 9, 11, 10, 2, 4, 3, 3, 1, 2, 1, 1, 1, 1)]
    [DataRow(33, 3, 6, 7, 4, 1, 1, 1, 3, 1, 1, 0, 2, 1, 2)]
    public void AgreesWithTheInstalledOne(
        int pictures, int channels, int height, int width, int outputs, int weightGroups, int deformGroups, int kernelHeight, int kernelWidth,
        int strideY, int strideX, int paddingY, int paddingX, int dilationY, int dilationX)
    {
        var shape = new ReferenceDeformConv(
            pictures, channels, height, width, outputs, weightGroups, deformGroups, kernelHeight, kernelWidth, (strideY, strideX), (paddingY, paddingX), (dilationY, dilationX));
        Torchvision.TensorData Data(int seed, double from, double to, params long[] sizes) => new(Uniform(seed, ReferenceDeformConv.Size(sizes), from, to), sizes);
        var offsets = Data(2, -4, 4, shape.OffsetsShape);
        for (var i = 0; i < offsets.Values.Length; i++)
            offsets.Values[i] = Math.Floor(offsets.Values[i]) + 0.05 + 0.9 * Math.Abs(offsets.Values[i] - Math.Floor(offsets.Values[i]));
        JsonElement Pair((int Y, int X) pair) => JsonSerializer.SerializeToElement(new[] { pair.Y, pair.X });
        var call = new Torchvision.Case(
            "deform_conv2d",
            new()
            {
                ["input"] = Data(1, -1, 1, shape.InputShape), ["offset"] = offsets, ["weight"] = Data(3, -1, 1, shape.WeightShape),
                ["bias"] = Data(4, -1, 1, outputs), ["mask"] = Data(5, 0, 1, shape.MaskShape),
            },
            new() { ["stride"] = Pair(shape.Stride), ["padding"] = Pair(shape.Padding), ["dilation"] = Pair(shape.Dilation) },
            Uniform(6, ReferenceDeformConv.Size(shape.OutputShape)));

        Agree(call, Torchvision.Run(call));
    }

    private static void Agree(Torchvision.Case call, Dictionary<string, double[]> expected)
    {
        foreach (var (type, tolerance) in new[] { (ScalarType.Float64, 1e-10), (ScalarType.Float32, 1e-5) })
        {
            using var scope = torch.NewDisposeScope();
            var tensors = call.Tensors.ToDictionary(tensor => tensor.Key, tensor => Of(tensor.Value.Values, tensor.Value.Shape).to_type(type).requires_grad_());
            (long, long) Pair(string name) => (call.Options[name][0].GetInt64(), call.Options[name][1].GetInt64());

            var output = SpatialOps.DeformConv2d(
                tensors["input"], tensors["offset"], tensors["weight"], tensors.GetValueOrDefault("bias"), Pair("stride"), Pair("padding"), Pair("dilation"), tensors.GetValueOrDefault("mask"));
            output.backward([Of(call.Gradient!, output.shape).to_type(type)]);

            Near("output", expected[""], output);
            foreach (var name in Names.Where(tensors.ContainsKey))
                Near(name, expected[name], tensors[name].grad!);

            void Near(string what, double[] wanted, Tensor found)
            {
                var (values, largest) = (Values(found), wanted.Max(Math.Abs));
                Assert.HasCount(wanted.Length, values);
                for (var i = 0; i < wanted.Length; i++)
                    Assert.AreEqual(wanted[i], values[i], tolerance * largest, $"{type} {what}, element {i}");
            }
        }
    }
}
