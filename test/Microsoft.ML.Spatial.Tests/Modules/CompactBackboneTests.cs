using Microsoft.ML.Spatial.Modules;
using TorchSharp;
using static Microsoft.ML.Spatial.Tests.Functional.TestTensors;
using static TorchSharp.torch;

namespace Microsoft.ML.Spatial.Tests.Modules;

[TestClass]
public class CompactBackboneTests
{
    private const int Width = 16;

    // Input and output channels in units of a quarter of the width, and the stride.
    private static readonly (int Out, int Stride)[] Layers = [(4, 2), (8, 2), (8, 1), (16, 2), (16, 1), (16, 1), (16, 2), (16, 2)];

    [TestMethod]
    [DataRow(40, 64, false, 3)]
    [DataRow(37, 50, true, 1)]
    [DataRow(5, 3, true, 3)]
    public void IsSixConvolutionsOfStridesTo8AndTwoMoreForAPyramid(int height, int width, bool isPyramid, int channels)
    {
        using var scope = torch.NewDisposeScope();
        using var noGradient = no_grad();
        using var backbone = new CompactBackbone(channels, Width, 0, default, isPyramid);
        backbone.Draw(1);
        backbone.eval();
        var images = Singles(Uniform(2, 2 * channels * height * width), 2, channels, height, width);

        var maps = backbone.call(images);

        FeatureLevel[] levels = [new(8, Width), new(16, Width), new(32, Width)];
        CollectionAssert.AreEqual(isPyramid ? levels : levels[..1], backbone.Levels.ToArray());
        Assert.HasCount(backbone.Levels.Count, maps);
        for (var i = 0; i < maps.Length; i++)
            CollectionAssert.AreEqual(new long[] { 2, Width, (height + levels[i].Stride - 1) / levels[i].Stride, (width + levels[i].Stride - 1) / levels[i].Stride }, maps[i].shape);

        var map = images.to_type(ScalarType.Float64);
        for (var i = 0; i < (isPyramid ? 8 : 6); i++)
        {
            Tensor Of(string name) => (backbone.state_dict()[$"{i}.{name}"]).to_type(ScalarType.Float64);
            Tensor Channel(string name) => Of($"normalisation.{name}").reshape(1, -1, 1, 1);
            var kernel = Of("convolution.weight");
            CollectionAssert.AreEqual(new long[] { Layers[i].Out, map.shape[1], 3, 3 }, kernel.shape);
            var next = nn.functional.conv2d(map, kernel, strides: [Layers[i].Stride, Layers[i].Stride], padding: [1, 1]);
            next = (i < 6 ? next.sub(Channel("running_mean")).div(Channel("running_var").add(1e-5).sqrt()) : ByGroups(next)).mul(Channel("weight")).add(Channel("bias"));
            map = (Layers[i].Stride == 1 ? next.add(map) : next).relu();
            if (i >= 5)
                AreClose(Values(map), maps[i - 5], 1e-4);
        }
    }

    /// <summary>Each eight channels of an image less their mean, over their deviation.</summary>
    private static Tensor ByGroups(Tensor map)
    {
        var groups = map.reshape(map.shape[0], map.shape[1] / 8, -1);
        var centred = groups.sub(groups.sum(2, keepdim: true).div(groups.shape[2]));
        return centred.div(centred.mul(centred).sum(2, keepdim: true).div(groups.shape[2]).add(1e-5).sqrt()).reshape(map.shape);
    }

    [TestMethod]
    [DataRow(1, false)]
    [DataRow(3, true)]
    [DataRow(6, true)]
    public void TheLastOfTheSixAreDeformableAndTellWhatTheyRead(int deformableLayers, bool isPyramid)
    {
        using var scope = torch.NewDisposeScope();
        using var noGradient = no_grad();
        using var backbone = new CompactBackbone(3, Width, deformableLayers, new DeformableConvolution(1, true), isPyramid);
        var visited = new List<(DeformConv2dPack Layer, long[] Shape)>();

        var maps = backbone.Run(Singles(Uniform(2, 3 * 33 * 20), 1, 3, 33, 20), (layer, input) => visited.Add((layer, input.shape)));

        Assert.AreEqual(8, backbone.DeformableStride);
        Assert.HasCount(isPyramid ? 3 : 1, maps);
        var expected = Enumerable.Range(6 - deformableLayers, deformableLayers).ToArray();
        CollectionAssert.AreEqual(
            expected.Select(i => $"{i}.convolution.offset.weight").ToArray(), backbone.named_parameters().Select(entry => entry.name).Where(name => name.EndsWith("offset.weight", StringComparison.Ordinal)).ToArray());
        CollectionAssert.AreEqual(expected, visited.Select(entry => Enumerable.Range(0, 6).Single(i => ReferenceEquals(entry.Layer.Weight, backbone.get_parameter($"{i}.convolution.weight")))).ToArray());
        long[][] inputs = [[1, 3, 33, 20], [1, 4, 17, 10], [1, 8, 9, 5], [1, 8, 9, 5], [1, 16, 5, 3], [1, 16, 5, 3]];
        foreach (var (i, entry) in expected.Zip(visited))
            CollectionAssert.AreEqual(inputs[i], entry.Shape);
    }

    [TestMethod]
    [DoNotParallelize]
    public void LeavesNoTensorNotEvenWhereItCannotBeMade()
    {
        var before = LiveTensors();
        using (var images = Singles(Uniform(1, 2 * 16 * 16), 2, 1, 16, 16))
        {
            CompactBackbone backbone;
            using (torch.NewDisposeScope())
                backbone = new CompactBackbone(1, Width, 2, new DeformableConvolution(2, true), true);
            var live = LiveTensors();
            foreach (var map in backbone.call(images))
                map.Dispose();
            Assert.AreEqual(live, LiveTensors());
            backbone.Dispose();
        }

        // Three groups divide none of 4, 8 and 16 channels; of those that come in, 3, they do.
        var refused = Assert.ThrowsExactly<ArgumentException>(() => new CompactBackbone(3, Width, 4, new DeformableConvolution(3, false), false));
        StringAssert.Contains(refused.Message, "is 8 and deformation.Groups is 3");
        Assert.AreEqual(before, LiveTensors());
    }
}
