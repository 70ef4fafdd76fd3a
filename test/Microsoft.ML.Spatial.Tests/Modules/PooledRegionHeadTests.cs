using Microsoft.ML.Spatial.Modules;
using Microsoft.ML.Spatial.Tests.Functional;
using TorchSharp;
using static Microsoft.ML.Spatial.Tests.Functional.TestTensors;
using static TorchSharp.torch;

namespace Microsoft.ML.Spatial.Tests.Modules;

[TestClass]
public class PooledRegionHeadTests
{
    private static readonly double[] RoIs = [0, 3.2, 5.1, 30.3, 41.7, 1, -2.4, 10.6, 15.9, 17.3, 0, 20.7, 0.4, 55.2, 23.8];

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void SaysWhatTwoHiddenLayersMakeOfARegion(bool isDeformable)
    {
        const int channels = 3, hidden = 10, classes = 4;
        using var scope = torch.NewDisposeScope();
        using var head = new PooledRegionHead(channels, classes, 8, hidden, isDeformable);
        using (no_grad())
            nn.init.uniform_(head.get_parameter("scores.weight")!, -1, 1);
        var (values, shape) = (Uniform(1, 2 * channels * 6 * 8), new long[] { 2, channels, 6, 8 });

        var said = head.call(Singles(values, shape), Singles(RoIs, 3, 5));

        // A deformable pooling starts as RoI align.
        var reference = new ReferenceRoI(shape, RoIs);
        var pooled = reference.Pool(reference.Align(null, 7, 7, 1.0 / 8, 2, aligned: true), values, 3 * channels * 49);
        double[][] regions = [.. pooled.Chunk(channels * 49)];
        double[] Layer(string name, double[] input, bool isRectified)
        {
            var (weight, bias) = (Values(head.get_parameter($"{name}.weight")!), Values(head.get_parameter($"{name}.bias")!));
            return [.. bias.Select((own, i) => own + input.Select((value, j) => value * weight[(i * input.Length) + j]).Sum()).Select(sum => isRectified ? Math.Max(0, sum) : sum)];
        }

        var expected = regions.SelectMany(region =>
        {
            var seen = Layer("second", Layer("first", region, true), true);
            return Layer("scores", seen, false).Concat(Layer("deltas", seen, false));
        }).ToArray();
        CollectionAssert.AreEqual(new long[] { 3, classes + 1 + 4 }, said.shape);
        AreClose(expected, said, 1e-5);
        Assert.AreEqual(isDeformable, head.named_parameters().Any(entry => entry.name == "pool.offset.weight"));
    }
}
