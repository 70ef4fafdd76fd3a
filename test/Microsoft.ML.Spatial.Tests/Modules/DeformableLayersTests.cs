using Microsoft.ML.Spatial.Modules;
using TorchSharp;
using TorchSharp.Modules;
using static Microsoft.ML.Spatial.Tests.Functional.TestTensors;
using static TorchSharp.torch;

namespace Microsoft.ML.Spatial.Tests.Modules;

[TestClass]
public class DeformableLayersTests
{
    [TestMethod]
    [DataRow(1, false)]
    [DataRow(3, false)]
    [DataRow(3, true)]
    [DataRow(6, true)]
    public void KeepsOutputsNamesAndParameters(int count, bool isModulated)
    {
        using var scope = torch.NewDisposeScope();
        using var network = new Network();
        var input = Singles(Uniform(1, 2 * 3 * 13 * 12), 2, 3, 13, 12);
        var before = Values(network.call(input));
        var weights = network.named_parameters().ToList();

        var result = DeformableLayers.ReplaceLast(network, count, out var replaced, isModulated: isModulated);

        Assert.AreSame(network, result);
        string[] all = ["stem.0", "stem.inner.0", "blocks.0", "blocks.1.deep", "Last", "head"];
        CollectionAssert.AreEqual(all[^count..], replaced.ToArray());
        AreClose(before, network.call(input), 1e-5);

        // The old weights are the same objects, in the old order; the branches' are new.
        var after = network.named_parameters().ToList();
        var branches = after.Where(entry => entry.name.Contains(".offset.", StringComparison.Ordinal) || entry.name.Contains(".mask.", StringComparison.Ordinal)).ToList();
        Assert.HasCount((isModulated ? 4 : 2) * count, branches);
        var kept = after.Except(branches).ToList();
        CollectionAssert.AreEqual(weights.Select(entry => entry.name).ToArray(), kept.Select(entry => entry.name).ToArray());
        Assert.IsTrue(weights.Zip(kept).All(pair => ReferenceEquals(pair.First.parameter, pair.Second.parameter)));

        // The network really calls the new modules.
        using (no_grad())
        {
            foreach (var (_, parameter) in branches)
                nn.init.uniform_(parameter, -0.5, 0.5);
        }

        Assert.IsFalse(before.Zip(Values(network.call(input))).All(pair => Math.Abs(pair.First - pair.Second) < 1e-3));
        network.call(input).sum().backward();
        Assert.IsTrue(branches.All(entry => Values(entry.parameter.grad!).Any(value => value != 0)));
        Assert.AreEqual(isModulated ? 4 * count : 2 * count, ParameterSet.Of(network)[1].Parameters.Count);
    }

    [TestMethod]
    public void ReplacedOnesAreNotReplacedAgain()
    {
        using var scope = torch.NewDisposeScope();
        using var network = new Network();
        DeformableLayers.ReplaceLast(network, 2, out _);
        DeformableLayers.ReplaceLast(network, 2, out var second);
        CollectionAssert.AreEqual(new[] { "blocks.0", "blocks.1.deep" }, second.ToArray());
        StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => DeformableLayers.ReplaceLast(network, 3, out _)).Message,
            "count is 3 and the network has 2 convolutions of 3 x 3 that are not deformable (stem.0, stem.inner.0)");
    }

    [TestMethod]
    public void OfASequenceANewOneIsMade()
    {
        using var scope = torch.NewDisposeScope();
        var network = nn.Sequential(("first", nn.Conv2d(3, 4, 3)), ("one", nn.Conv2d(4, 4, 1)), ("inner", nn.Sequential(nn.Conv2d(4, 6, 3, Padding.Same, dilation: 2), nn.Conv2d(6, 6, 3, Padding.Valid))));
        var input = Singles(Uniform(1, 3 * 9 * 12), 1, 3, 9, 12);
        var before = Values(network.call(input));
        using var result = DeformableLayers.ReplaceLast(network, 2, out var replaced, deformGroups: 2);
        Assert.AreNotSame(network, result);
        CollectionAssert.AreEqual(new[] { "inner.0", "inner.1" }, replaced.ToArray());
        CollectionAssert.AreEqual(new[] { "first", "one", "inner" }, result.named_children().Select(entry => entry.name).ToArray());
        AreClose(before, result.call(input), 1e-5);
        Assert.AreSame(network.named_children().First().module, result.named_children().First().module);
    }

    [TestMethod]
    public void OneInSeveralPlacesIsReplacedInAll()
    {
        using var scope = torch.NewDisposeScope();
        var shared = nn.Conv2d(3, 3, 3);
        using var network = new Holder<nn.Module<Tensor, Tensor>>(nn.Sequential(("a", shared), ("b", nn.Conv2d(3, 3, 3)), ("c", shared)));
        DeformableLayers.ReplaceLast(network, 2, out var replaced);
        CollectionAssert.AreEqual(new[] { "part.a", "part.b" }, replaced.ToArray());
        var parts = network.named_children().Single().module.named_children().Select(entry => entry.module).ToArray();
        Assert.IsInstanceOfType<DeformConv2dPack>(parts[0]);
        Assert.AreSame(parts[0], parts[2]);
        Assert.AreNotSame(parts[0], parts[1]);
    }

    [TestMethod]
    public void BranchesTakeTheTypeOfTheWeights()
    {
        using var scope = torch.NewDisposeScope();
        using var network = new Network();
        network.to(ScalarType.Float64);
        DeformableLayers.ReplaceLast(network, 3, out _, isModulated: true);
        Assert.AreEqual(ScalarType.Float64, network.call(Of(Uniform(1, 3 * 13 * 12), 1, 3, 13, 12)).dtype);
    }

    [TestMethod]
    public void OnesWithOneWeightAreReplacedUnlessItWouldBeDoubled()
    {
        using var scope = torch.NewDisposeScope();
        var (first, second) = (nn.Conv2d(3, 3, 3, padding: 1), nn.Conv2d(3, 3, 3, padding: 1));
        second.weight = first.weight;
        using var network = new Holder<nn.Module<Tensor, Tensor>>(nn.Sequential(("a", first), ("b", second)));
        var input = Singles(Uniform(1, 3 * 9 * 12), 1, 3, 9, 12);
        var before = Values(network.call(input));
        foreach (var count in new[] { 1, 2 })
        {
            var message = Assert.ThrowsExactly<InvalidOperationException>(() => DeformableLayers.ReplaceLast(network, count, out _, isModulated: true)).Message;
            StringAssert.Contains(message, count == 1 ? "'part.b' shares its weight with 'part.a'" : "'part.a' shares its weight with 'part.b'");
        }

        AreClose(before, network.call(input), 0);
        DeformableLayers.ReplaceLast(network, 2, out _);
        AreClose(before, network.call(input), 1e-5);
        var packs = network.named_children().Single().module.named_children().Select(entry => (DeformConv2dPack)entry.module);
        Assert.IsTrue(packs.All(pack => ReferenceEquals(pack.Weight, first.weight)));
    }

    [TestMethod]
    public void ChangesNothingWhereOneCannotBeReplaced()
    {
        using var scope = torch.NewDisposeScope();
        using var typed = new Holder<Conv2d>(nn.Conv2d(3, 4, 3));
        var message = Assert.ThrowsExactly<InvalidOperationException>(() => DeformableLayers.ReplaceLast(nn.Sequential(("a", nn.Conv2d(3, 3, 3)), ("b", typed)), 2, out _)).Message;
        StringAssert.Contains(message, "'b.part' cannot be replaced");
        StringAssert.Contains(message, "takes no DeformConv2dPack");
        Assert.IsInstanceOfType<Conv2d>(typed.named_children().Single().module);

        using var listed = new Listed(nn.Conv2d(3, 4, 3));
        StringAssert.Contains(Assert.ThrowsExactly<InvalidOperationException>(() => DeformableLayers.ReplaceLast(listed, 1, out _)).Message, "no field of its own");

        using var derived = new Derived(nn.Conv2d(3, 4, 3));
        StringAssert.Contains(Assert.ThrowsExactly<InvalidOperationException>(() => DeformableLayers.ReplaceLast(derived, 1, out _)).Message, "'0' cannot be replaced");

        using var mirrored = nn.Sequential(nn.Conv2d(3, 3, 3, padding: 1, padding_mode: PaddingModes.Reflect));
        StringAssert.Contains(Assert.ThrowsExactly<InvalidOperationException>(() => DeformableLayers.ReplaceLast(mirrored, 1, out _)).Message, "'0' is padded by Reflect");

        using var three = nn.Sequential(nn.Conv2d(3, 3, 3));
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => DeformableLayers.ReplaceLast(three, 1, out _, deformGroups: 2)).Message, "in_channels of '0' is 3 and deformGroups is 2");
        Assert.AreEqual("count", Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => DeformableLayers.ReplaceLast(three, 0, out _)).ParamName);
        Assert.AreEqual("network", Assert.ThrowsExactly<ArgumentNullException>(() => DeformableLayers.ReplaceLast<Sequential>(null!, 1, out _)).ParamName);
    }

    /// <summary>Convolutions in all places that can hold another: sequences, lists, fields and properties, one in a base class.</summary>
    private sealed class Network : Base
    {
        private readonly Sequential stem = nn.Sequential(
            ("0", nn.Conv2d(3, 4, 3, stride: 2, padding: 1)), ("pointwise", nn.Conv2d(4, 4, 1)), ("inner", nn.Sequential(nn.Conv2d(4, 4, (3, 3), groups: 2, bias: false))));

        private readonly ModuleList<nn.Module> blocks = nn.ModuleList<nn.Module>(nn.Conv2d(4, 4, 3, padding: 2, dilation: 2), new Block());

        internal Network()
            : base(nameof(Network))
        {
            // Registered by hand, before what stands in fields.
            register_module("stem", stem);
            register_module("blocks", blocks);
            Last = nn.Conv2d(4, 2, 3, padding: 1);
            register_module("Last", Last);
            RegisterComponents();
        }

        private nn.Module<Tensor, Tensor> Last { get; set; }

        public override Tensor forward(Tensor input)
        {
            var features = stem.call(input);
            foreach (var block in blocks)
                features = ((nn.Module<Tensor, Tensor>)block).call(features);
            return head.call(Last.call(features));
        }
    }

    private abstract class Base(string name) : nn.Module<Tensor, Tensor>(name)
    {
        protected readonly nn.Module<Tensor, Tensor> head = nn.Conv2d(2, 3, 3, padding: 1);
    }

    private sealed class Block : nn.Module<Tensor, Tensor>
    {
        private readonly nn.Module deep = nn.Conv2d(4, 4, 3, padding: 1);

        internal Block()
            : base(nameof(Block)) => RegisterComponents();

        public override Tensor forward(Tensor input) => ((nn.Module<Tensor, Tensor>)deep).call(input);
    }

    private sealed class Holder<T> : nn.Module<Tensor, Tensor>
        where T : nn.Module<Tensor, Tensor>
    {
        private readonly T part;

        internal Holder(T part)
            : base(nameof(Holder<T>))
        {
            this.part = part;
            RegisterComponents();
        }

        public override Tensor forward(Tensor input) => part.call(input);
    }

    private sealed class Listed : nn.Module<Tensor, Tensor>
    {
        private readonly nn.Module<Tensor, Tensor>[] _parts;

        internal Listed(nn.Module<Tensor, Tensor> part)
            : base(nameof(Listed))
        {
            _parts = [part];
            register_module("part", part);
        }

        public override Tensor forward(Tensor input) => _parts[0].call(input);
    }

    private sealed class Derived(params nn.Module<Tensor, Tensor>[] parts) : Sequential(parts)
    {
    }
}
