using Microsoft.ML.Spatial.Functional;
using Microsoft.ML.Spatial.Modules;
using Microsoft.ML.Spatial.Training;
using TorchSharp;
using TorchSharp.Modules;
using static Microsoft.ML.Spatial.Tests.Functional.TestTensors;
using static TorchSharp.torch;

namespace Microsoft.ML.Spatial.Tests.Modules;

/// <summary>The modules that hold the weights of deformable convolutions.</summary>
[TestClass]
public class DeformConv2dTests
{
    [TestMethod]
    public void WeightsStartAsThoseOfConv2d()
    {
        using var scope = torch.NewDisposeScope();
        using var plain = Seeded(() => nn.Conv2d(6, 4, (3, 2), groups: 2));
        using var deformable = Seeded(() => new DeformConv2d(6, 4, (3, 2), groups: 2));
        using var pack = Seeded(() => new DeformConv2dPack(6, 4, (3, 2), groups: 2));
        using var active = Seeded(() => new ActiveConv2d(6, 4, (3, 2), groups: 2));
        foreach (var (weight, bias) in new[] { (deformable.Weight, deformable.Bias), (pack.Weight, pack.Bias), (active.Weight, active.Bias) })
        {
            CollectionAssert.AreEqual(plain.weight.shape, weight.shape);
            CollectionAssert.AreEqual(Values(plain.weight), Values(weight));
            CollectionAssert.AreEqual(Values(plain.bias!), Values(bias!));
        }

        using var without = new DeformConv2d(6, 4, (3, 2), hasBias: false);
        Assert.IsNull(without.Bias);
        CollectionAssert.AreEqual(new[] { "weight" }, Names(without));

        static T Seeded<T>(Func<T> create)
        {
            using var random = new RandomScope(5);
            return create();
        }
    }

    [TestMethod]
    public void IsTheFunctionWithItsWeights()
    {
        using var scope = torch.NewDisposeScope();
        using var module = new DeformConv2d(6, 4, (3, 2), (2, 1), (1, 0), (1, 2), groups: 2);
        var input = Singles(Uniform(1, 2 * 6 * 7 * 8), 2, 6, 7, 8);
        var (offsets, mask) = (Singles(Uniform(2, 2 * 36 * 4 * 6, -2, 2), 2, 36, 4, 6), Singles(Uniform(3, 2 * 18 * 4 * 6, 0), 2, 18, 4, 6));
        AreClose(Values(SpatialOps.DeformConv2d(input, offsets, module.Weight, module.Bias, (2, 1), (1, 0), (1, 2), mask)), module.call(input, offsets, mask), 0);
        AreClose(Values(SpatialOps.DeformConv2d(input, offsets, module.Weight, module.Bias, (2, 1), (1, 0), (1, 2))), module.call(input, offsets), 0);
        CollectionAssert.AreEqual(new[] { "weight", "bias" }, Names(module));
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void PackStartsAsThePlainConvolution(bool isModulated)
    {
        using var scope = torch.NewDisposeScope();
        using var pack = new DeformConv2dPack(6, 4, (3, 3), (2, 1), (1, 2), (1, 2), groups: 2, deformGroups: 3, isModulated: isModulated);
        var input = Singles(Uniform(1, 3 * 6 * 9 * 8), 3, 6, 9, 8);
        var weight = isModulated ? pack.Weight.div(2) : pack.Weight;
        var plain = nn.functional.conv2d(input, weight, pack.Bias, [2, 1], [1, 2], [1, 2], 2);
        AreClose(Values(plain), pack.call(input), 1e-5);
        CollectionAssert.AreEqual(new long[] { 3, 54, 5, 8 }, pack.Offsets(input).shape);
        CollectionAssert.AreEqual(new long[] { 0, 4, 5, 8 }, pack.call(Singles([], 0, 6, 9, 8)).shape);
        string[] names = isModulated
            ? ["bias", "mask.bias", "mask.weight", "offset.bias", "offset.weight", "weight"]
            : ["bias", "offset.bias", "offset.weight", "weight"];
        CollectionAssert.AreEqual(names, Names(pack).Order().ToArray());
        Assert.AreEqual(isModulated, pack.IsModulated);
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void PackIsTheFunctionOfItsBranches(bool isModulated)
    {
        using var scope = torch.NewDisposeScope();
        using var pack = new DeformConv2dPack(6, 4, (3, 3), padding: (1, 1), deformGroups: 2, isModulated: isModulated);
        var input = Singles(Uniform(1, 2 * 6 * 9 * 8), 2, 6, 9, 8);
        using (no_grad())
        {
            nn.init.uniform_(pack.OffsetBranch.weight, -0.3, 0.3);
            if (isModulated)
                nn.init.uniform_(pack.MaskBranch!.weight, -0.3, 0.3);
        }

        var mask = pack.MaskBranch?.call(input).sigmoid();
        AreClose(Values(SpatialOps.DeformConv2d(input, pack.OffsetBranch.call(input), pack.Weight, pack.Bias, padding: (1, 1), mask: mask)), pack.call(input), 0);

        // And all of it learns.
        pack.call(input).mul(Singles(Uniform(2, 2 * 4 * 9 * 8), 2, 4, 9, 8)).sum().backward();
        foreach (var (name, parameter) in pack.named_parameters())
            Assert.IsTrue(Values(parameter.grad!).Any(value => value != 0), name);
    }

    [TestMethod]
    public void ActiveConvolutionStartsPlainAndLearnsItsOffsets()
    {
        using var scope = torch.NewDisposeScope();
        using var module = new ActiveConv2d(6, 4, (3, 3), padding: (1, 1), groups: 2, deformGroups: 3);
        var input = Singles(Uniform(1, 2 * 6 * 9 * 8), 2, 6, 9, 8);
        AreClose(Values(nn.functional.conv2d(input, module.Weight, module.Bias, [1, 1], [1, 1], [1, 1], 2)), module.call(input), 1e-5);
        CollectionAssert.AreEqual(new[] { "bias", "offset", "weight" }, Names(module).Order().ToArray());
        module.call(input).mul(Singles(Uniform(2, 2 * 4 * 9 * 8), 2, 4, 9, 8)).sum().backward();
        Assert.IsTrue(Values(module.Offset.grad!).All(value => value != 0));
        using (no_grad())
            nn.init.uniform_(module.Offset, -1, 1);
        AreClose(Values(SpatialOps.ActiveConv2d(input, module.Offset, module.Weight, module.Bias, padding: (1, 1))), module.call(input), 0);
    }

    [TestMethod]
    public void MovesToDoublePrecision()
    {
        using var scope = torch.NewDisposeScope();
        var input = Of(Uniform(1, 6 * 9 * 8), 1, 6, 9, 8);
        foreach (var module in new nn.Module<Tensor, Tensor>[] { new DeformConv2dPack(6, 4, (3, 3), isModulated: true), new ActiveConv2d(6, 4, (3, 3)) })
        {
            using (module.to(ScalarType.Float64))
            {
                Assert.AreEqual(ScalarType.Float64, module.call(input).dtype);
                Assert.IsTrue(module.parameters().All(parameter => parameter.dtype == ScalarType.Float64));
            }
        }
    }

    [TestMethod]
    [DoNotParallelize]
    public void DisposeFreesEveryTensor()
    {
        var before = LiveTensors();
        using (var input = Singles(Uniform(1, 6 * 9 * 8), 1, 6, 9, 8))
        using (var offsets = Singles(Uniform(1, 18 * 7 * 6), 1, 18, 7, 6))
        using (var thin = new DeformConv2d(6, 4, (3, 3)))
        using (var pack = new DeformConv2dPack(6, 4, (3, 3), isModulated: true))
        using (var active = new ActiveConv2d(6, 4, (3, 3)))
        {
            var live = LiveTensors();
            thin.call(input, offsets).Dispose();
            pack.call(input).Dispose();
            active.call(input).Dispose();
            Assert.AreEqual(live, LiveTensors());
        }

        Assert.AreEqual(before, LiveTensors());
    }

    [TestMethod]
    public void ParametersComeInSetsOfOneFactor()
    {
        using var scope = torch.NewDisposeScope();
        using var network = nn.Sequential(
            ("plain", nn.Conv2d(2, 6, 3)), ("pack", new DeformConv2dPack(6, 4, (3, 3), isModulated: true)), ("active", new ActiveConv2d(4, 4, (3, 3), learningRateFactor: 0.001)),
            ("second", new DeformConv2dPack(4, 4, (3, 3), learningRateFactor: 0.001)), ("full", new DeformConv2dPack(4, 4, (1, 1), learningRateFactor: 1)));
        var names = network.named_parameters().ToDictionary(entry => entry.parameter, entry => entry.name);
        var sets = ParameterSet.Of(network);
        CollectionAssert.AreEqual(new[] { 1, 0.1, 0.001 }, sets.Select(set => set.LearningRateFactor).ToArray());
        CollectionAssert.AreEqual(new[] { 1, 0.2, 0.002, 2 }, ParameterSet.Of(network, offsetScale: 2).Select(set => set.LearningRateFactor).ToArray());
        Assert.AreEqual("offsetScale", Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => ParameterSet.Of(network, -1)).ParamName);
        CollectionAssert.AreEquivalent(names.Values, sets.SelectMany(set => set.Parameters).Select(parameter => names[parameter]).ToArray());
        CollectionAssert.AreEquivalent(
            new[] { "pack.offset.weight", "pack.offset.bias", "pack.mask.weight", "pack.mask.bias" }, sets[1].Parameters.Select(parameter => names[parameter]).ToArray());
        CollectionAssert.AreEquivalent(new[] { "active.offset", "second.offset.weight", "second.offset.bias" }, sets[2].Parameters.Select(parameter => names[parameter]).ToArray());

        // A module that is itself such a branch, and one that has none.
        using var pack = new DeformConv2dPack(6, 4, (3, 3));
        CollectionAssert.AreEqual(new[] { 2, 2 }, ParameterSet.Of(pack).Select(set => set.Parameters.Count).ToArray());
        using var plain = nn.Conv2d(2, 6, 3);
        Assert.AreEqual(2, ParameterSet.Of(plain).Single().Parameters.Count);
        Assert.ThrowsExactly<ArgumentNullException>(() => ParameterSet.Of(null!));
    }

    [TestMethod]
    public void OptimisersTakeTheSets()
    {
        using var scope = torch.NewDisposeScope();
        using var pack = new DeformConv2dPack(6, 4, (3, 3));
        using var optimizer = optim.SGD(ParameterSet.Of(pack).Select(set => new SGD.ParamGroup(set.Parameters, 0.5 * set.LearningRateFactor)), 0.5);
        var before = pack.parameters().Select(Values).ToList();
        pack.call(Singles(Uniform(1, 6 * 9 * 8), 1, 6, 9, 8)).sum().backward();
        optimizer.step();
        foreach (var ((name, parameter), values) in pack.named_parameters().Zip(before))
        {
            var rate = name.StartsWith("offset", StringComparison.Ordinal) ? 0.05 : 0.5;
            AreClose([.. values.Zip(Values(parameter.grad!), (value, gradient) => value - rate * gradient)], parameter, 1e-5);
        }
    }

    [TestMethod]
    public void RefusesNumbersThatDoNotFit()
    {
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => new DeformConv2dPack(6, 4, (3, 3), deformGroups: 4)).Message, "inputChannels is 6 and deformGroups is 4");
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => new DeformConv2d(6, 4, (3, 3), groups: 3)).Message, "outputChannels is 4 and groups is 3");
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => new ActiveConv2d(6, 4, (3, 3), deformGroups: 4)).Message, "inputChannels is 6 and deformGroups is 4");
        Assert.AreEqual("inputChannels", Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new DeformConv2d(0, 4, (3, 3))).ParamName);
        Assert.AreEqual("kernel", Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new DeformConv2dPack(6, 4, (0, 3))).ParamName);
        Assert.AreEqual("dilation", Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new DeformConv2dPack(6, 4, (3, 3), dilation: (0, 3))).ParamName);
        Assert.AreEqual("padding", Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new ActiveConv2d(6, 4, (3, 3), padding: (0, -1))).ParamName);
        Assert.AreEqual("learningRateFactor", Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new DeformConv2dPack(6, 4, (3, 3), learningRateFactor: double.NaN)).ParamName);
    }

    [TestMethod]
    public void PackRefusesInputsThatDoNotFit()
    {
        using var scope = torch.NewDisposeScope();
        using var pack = new DeformConv2dPack(6, 4, (3, 3), isModulated: true);
        Tensor Input(params long[] shape) => Singles(new double[shape.Aggregate(1L, (product, side) => product * side)], shape);
        foreach (var call in new Func<Tensor, Tensor>[] { pack.Offsets, pack.call })
        {
            void Refused(string part, Tensor input)
            {
                var error = Assert.ThrowsExactly<ArgumentException>(() => call(input));
                Assert.AreEqual("input", error.ParamName);
                StringAssert.Contains(error.Message, part);
            }

            Assert.AreEqual("input", Assert.ThrowsExactly<ArgumentNullException>(() => call(null!)).ParamName);
            Refused("input has shape [6, 5, 5]; [N, 6, H, W]", Input(6, 5, 5));
            Refused("input has shape [1, 6, 0, 5]; [N, 6, H, W]", Input(1, 6, 0, 5));
            Refused("input has 5 channels; the module was built for 6", Input(1, 5, 5, 5));
            Refused("input has elements of type Float64 and the module's weight of type Float32", Input(1, 6, 5, 5).to_type(ScalarType.Float64));
            Refused("weight reaches over 3 pixels and input with its padding is 2 wide", Input(1, 6, 5, 2));
        }
    }

    [TestMethod]
    [DoNotParallelize]
    public void WhatIsRefusedLeavesNoTensorAndDrawsNothing()
    {
        using var random = new RandomScope(5);
        using var state = get_rng_state();
        var before = LiveTensors();
        foreach (var create in new Action[] { () => new DeformConv2dPack(6, 4, (3, 3), deformGroups: 4), () => new ActiveConv2d(6, 4, (3, 3), deformGroups: 4) })
            Assert.ThrowsExactly<ArgumentException>(create);
        Assert.AreEqual(before, LiveTensors());
        using var after = get_rng_state();
        CollectionAssert.AreEqual(Values(state), Values(after));
    }

    private static string[] Names(nn.Module module) => [.. module.named_parameters().Select(entry => entry.name)];
}
