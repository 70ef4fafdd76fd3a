using Microsoft.ML.Spatial.Modules;
using TorchSharp;
using TorchSharp.Modules;
using static Microsoft.ML.Spatial.Tests.Functional.TestTensors;
using static TorchSharp.torch;

namespace Microsoft.ML.Spatial.Tests.Modules;

/// <summary>Residual networks against torchvision's, and what they have of their own: deformable convolutions and normalisation that stays.</summary>
[TestClass]
public class ResNetBackboneTests
{
    private static readonly DeformableConvolution Unmodulated = new(1, IsModulated: false);

    [TestMethod]
    [DataRow(18, 16)]
    [DataRow(34, 32)]
    [DataRow(50, 16)]
    [DataRow(101, 33)]
    public void NamesAndShapesAreTorchvisions(int depth, int layers)
    {
        Assert.AreEqual(layers, ResNetBackbone.Layers(depth));
        using var network = Network(depth, isNormFrozen: false);
        using var frozen = Network(depth);
        var tensors = network.state_dict().Select(entry => (entry.Key, entry.Value.shape)).ToArray();

        var parts = tensors.ToLookup(tensor => ResNetExpected.PartOf(tensor.Key));
        var expected = ResNetExpected.Names(depth);
        CollectionAssert.AreEquivalent(expected.Keys, parts.Select(part => part.Key).ToArray());
        foreach (var part in parts)
            Assert.AreEqual(expected[part.Key], ResNetExpected.Digest(part), string.Join(", ", part.Select(tensor => $"{tensor.Key} [{string.Join(", ", tensor.shape)}]")));
        CollectionAssert.AreEquivalent(
            tensors.Select(tensor => tensor.Key).Where(name => !name.EndsWith(ResNetExpected.BatchCount, StringComparison.Ordinal)).ToArray(), frozen.state_dict().Keys);

        // In another module, which registers what stands in fields, they stay.
        using var holder = new Holder(network);
        CollectionAssert.AreEquivalent(tensors.Select(tensor => $"backbone.{tensor.Key}").ToArray(), holder.state_dict().Keys);
    }

    [TestMethod]
    [DataRow(18, true)]
    [DataRow(18, false)]
    [DataRow(34, true)]
    [DataRow(34, false)]
    [DataRow(50, true)]
    [DataRow(50, false)]
    [DataRow(101, true)]
    [DataRow(101, false)]
    public void GivesWhatTorchvisionGives(int depth, bool isPyramid)
    {
        using var scope = torch.NewDisposeScope();
        using var noGradient = no_grad();
        using var network = Network(depth, isPyramid: isPyramid);
        ResNetExpected.Fill(network);

        var maps = network.call(ResNetExpected.Pictures());

        ResNetExpected.AreMaps(ResNetExpected.Maps(depth, isPyramid), maps, 1e-10);
        CollectionAssert.AreEqual(isPyramid ? [8, 16, 32] : new[] { 16 }, network.Levels.Select(level => level.Stride).ToArray());
        foreach (var (level, map) in network.Levels.Zip(maps))
            CollectionAssert.AreEqual(new long[] { 1, level.Channels, (65 + level.Stride - 1) / level.Stride, (97 + level.Stride - 1) / level.Stride }, map.shape);
    }

    [TestMethod]
    public void BatchNormalisationInEvaluationGivesTheSameAndLearnsInTraining()
    {
        using var scope = torch.NewDisposeScope();
        using var network = Network(18, isNormFrozen: false);
        ResNetExpected.Fill(network);
        network.eval();
        ResNetExpected.AreMaps(ResNetExpected.Maps(18, true), network.call(ResNetExpected.Pictures()), 1e-10);

        network.train();
        network.call(ResNetExpected.Pictures());
        network.eval();
        Assert.AreEqual(1, network.state_dict()["layer4.1.bn2.num_batches_tracked"].item<long>());
        Assert.IsGreaterThan(1e-3, Math.Abs(Values(network.call(ResNetExpected.Pictures())[2]).Sum() / ResNetExpected.Maps(18, true)[2].Sum - 1));
        Assert.HasCount(3 * 20, ParameterSet.Of(network).Single().Parameters);
    }

    [TestMethod]
    [DataRow(18, 3, true, "layer4.0.conv2 layer4.1.conv1 layer4.1.conv2")]
    [DataRow(18, 5, false, "layer3.1.conv2 layer4.0.conv1 layer4.0.conv2 layer4.1.conv1 layer4.1.conv2")]
    [DataRow(50, 3, false, "layer4.0.conv2 layer4.1.conv2 layer4.2.conv2")]
    [DataRow(50, 4, true, "layer3.5.conv2 layer4.0.conv2 layer4.1.conv2 layer4.2.conv2")]
    public void TheLastConvolutionsAreDeformableAndStartAsThePlainOnes(int depth, int deformableLayers, bool isPyramid, string names)
    {
        using var scope = torch.NewDisposeScope();
        using var network = Network(depth, deformableLayers, isPyramid: isPyramid);
        ResNetExpected.Fill(network);
        var modules = network.named_modules().Where(entry => entry.module is DeformConv2dPack).ToDictionary(entry => entry.module, entry => entry.name);
        CollectionAssert.AreEquivalent(names.Split(' '), modules.Values);
        using var plain = Network(depth);
        CollectionAssert.AreEquivalent(
            plain.state_dict().Keys.Concat(modules.Values.SelectMany(name => new[] { $"{name}.offset.weight", $"{name}.offset.bias" })).ToArray(), network.state_dict().Keys);

        var visited = new List<string>();
        var maps = network.Run(ResNetExpected.Pictures(), (pack, input) =>
        {
            visited.Add(modules[pack]);
            Assert.AreEqual(pack.Weight.shape[1], input.shape[1]);
        });

        CollectionAssert.AreEqual(names.Split(' '), visited);
        ResNetExpected.AreMaps(ResNetExpected.Maps(depth, isPyramid), maps, 1e-10);

        // The branches are of the convolutions' own geometry: offsets change what comes out, and learn.
        maps.Aggregate(Of([0], []), (sum, map) => sum.add(map.sum())).backward();
        Assert.IsTrue(modules.Keys.Cast<DeformConv2dPack>().SelectMany(pack => pack.OffsetParameters()).All(parameter => Values(parameter.grad!).Any(value => value != 0)));
        Assert.HasCount(2 * deformableLayers, ParameterSet.Of(network)[1].Parameters);
    }

    [TestMethod]
    public void AllConvolutionsCanBeDeformable()
    {
        using var scope = torch.NewDisposeScope();
        using var network = Network(18, 16, new DeformableConvolution(2, IsModulated: true), isPyramid: false);
        var packs = network.named_modules().Select(entry => entry.module).OfType<DeformConv2dPack>().ToArray();
        Assert.HasCount(16, packs.Where(pack => pack.IsModulated && pack.Geometry.Padding == pack.Geometry.Dilation).ToArray());
        var map = network.call(Singles(Uniform(1, 2 * 3 * 33 * 20), 2, 3, 33, 20)).Single();
        CollectionAssert.AreEqual(new long[] { 2, 512, 3, 2 }, map.shape);
        Assert.AreEqual(36, network.get_parameter("layer1.0.conv1.offset.bias")!.NumberOfElements);
    }

    [TestMethod]
    public void FrozenNormalisationStaysAndEveryOtherWeightLearns()
    {
        using var scope = torch.NewDisposeScope();
        using var network = Network(18, 2);
        ResNetExpected.Fill(network);
        var norms = network.state_dict().Where(entry => entry.Value.shape.Length == 1 && !ResNetExpected.IsBranch(entry.Key)).ToDictionary(entry => entry.Key, entry => Values(entry.Value));
        Assert.HasCount(4 * 20, norms);
        var learnt = ParameterSet.Of(network).SelectMany(set => set.Parameters).ToArray();
        Assert.HasCount(20 + (2 * 2), learnt);

        network.train();
        using (var optimizer = optim.SGD(learnt, 1e-3))
        {
            network.call(ResNetExpected.Pictures())[2].sum().backward();
            optimizer.step();
        }

        foreach (var (name, values) in norms)
            CollectionAssert.AreEqual(values, Values(network.state_dict()[name]), name);
        foreach (var (name, parameter) in network.named_parameters())
            Assert.IsTrue(Values(parameter.grad!).Any(value => value != 0), name);
    }

    [TestMethod]
    public void FrozenNormalisationIsBatchNormalisationInEvaluation()
    {
        using var scope = torch.NewDisposeScope();
        using var frozen = new FrozenBatchNorm2d(5);
        using var norm = nn.BatchNorm2d(5);
        ResNetExpected.Fill(frozen);
        ResNetExpected.Fill(norm);
        norm.eval();
        var values = Uniform(3, 2 * 5 * 4 * 3, -2, 2);
        var (input, same) = (Of(values, 2, 5, 4, 3).requires_grad_(), Of(values, 2, 5, 4, 3).requires_grad_());
        var weights = Of(Uniform(4, values.Length), 2, 5, 4, 3);
        var expected = norm.call(same);
        expected.mul(weights).sum().backward();
        var output = frozen.call(input);
        output.mul(weights).sum().backward();
        AreClose(Values(expected), output, 1e-12);
        AreClose(Values(same.grad!), input.grad!, 1e-12);
    }

    [TestMethod]
    public void WeightsStartAsHeHasThem()
    {
        using var scope = torch.NewDisposeScope();
        using var network = Network(50, 1, isNormFrozen: false);
        foreach (var (name, deviation) in new[]
        {
            ("conv1.weight", Math.Sqrt(2.0 / (49 * 64))), ("layer4.0.conv3.weight", Math.Sqrt(2.0 / 2048)),
            ("layer4.2.conv2.weight", Math.Sqrt(2.0 / (9 * 512))),
        })
        {
            var values = Values(network.get_parameter(name)!);
            Assert.AreEqual(0, values.Average(), 0.05 * deviation, name);
            Assert.AreEqual(deviation, Math.Sqrt(values.Average(value => value * value)), 0.05 * deviation, name);
        }

        AreClose([.. Enumerable.Repeat(1.0, 64)], network.get_parameter("bn1.weight")!, 0);
        AreClose([.. Enumerable.Repeat(0.0, 64)], network.get_parameter("bn1.bias")!, 0);
        using var grey = Network(18, channels: 1);
        Assert.AreEqual(1, grey.get_parameter(ResNetBackbone.StemWeight)!.shape[1]);
    }

    [TestMethod]
    [DataRow(20, 0, 1, "depth is 20; a ResNet of 18, 34, 50 or 101 layers")]
    [DataRow(18, 17, 1, "deformableLayers is 17; a ResNet of 18 layers has 16 convolutions")]
    [DataRow(50, -1, 1, "deformableLayers is -1")]
    [DataRow(50, 3, 3, "a deformable convolution is 512 and deformation.Groups is 3")]
    [DoNotParallelize]
    public void RefusesWhatCannotBeMade(int depth, int deformableLayers, int groups, string part)
    {
        var before = LiveTensors();
        Exception? error = null;
        try
        {
            Network(depth, deformableLayers, new DeformableConvolution(groups, IsModulated: false));
        }
        catch (ArgumentException refused)
        {
            error = refused;
        }

        StringAssert.Contains(error?.Message, part);
        Assert.AreEqual(before, LiveTensors());
    }

    [TestMethod]
    [DataRow(18, true)]
    [DataRow(50, false)]
    [DoNotParallelize]
    public void LeavesNoTensor(int depth, bool isNormFrozen)
    {
        var before = LiveTensors();
        using (var images = Singles(Uniform(1, 3 * 33 * 33), 1, 3, 33, 33))
        {
            ResNetBackbone network;
            using (torch.NewDisposeScope())
                network = Network(depth, 3, new DeformableConvolution(1, IsModulated: true), isNormFrozen);
            var weights = LiveTensors();
            foreach (var map in network.call(images))
                map.Dispose();
            using (no_grad())
            {
                foreach (var map in network.Run(images, (_, _) => { }))
                    map.Dispose();
            }

            Assert.AreEqual(weights, LiveTensors());
            network.Dispose();
        }

        Assert.AreEqual(before, LiveTensors());
    }

    private static ResNetBackbone Network(
        int depth, int deformableLayers = 0, DeformableConvolution? deformation = null, bool isNormFrozen = true, bool isPyramid = true, int channels = 3) =>
        new(depth, channels, deformableLayers, deformation ?? Unmodulated, isNormFrozen, isPyramid);

    private sealed class Holder : nn.Module<Tensor, Tensor[]>
    {
        private readonly ResNetBackbone backbone;

        internal Holder(ResNetBackbone backbone)
            : base(nameof(Holder))
        {
            this.backbone = backbone;
            RegisterComponents();
        }

        public override Tensor[] forward(Tensor input) => backbone.call(input);
    }
}
