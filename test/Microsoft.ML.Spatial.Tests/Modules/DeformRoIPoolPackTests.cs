using Microsoft.ML.Spatial.Functional;
using Microsoft.ML.Spatial.Modules;
using TorchSharp;
using static Microsoft.ML.Spatial.Tests.Functional.TestTensors;
using static TorchSharp.torch;

namespace Microsoft.ML.Spatial.Tests.Modules;

/// <summary>The poolings of RoIs that predict their own offsets.</summary>
[TestClass]
public class DeformRoIPoolPackTests
{
    private const double Scale = 0.5;

    [TestMethod]
    public void StartsAsThePlainPooling()
    {
        using var scope = torch.NewDisposeScope();
        using var pack = new DeformRoIPoolPack(3, 2, 4, Scale);
        var (features, rois) = (Features(3), RoIs());
        AreClose(Values(SpatialOps.RoIAlign(features, rois, 2, 4, Scale, 0, aligned: true)), pack.call(features, rois), 1e-5);
        CollectionAssert.AreEqual(new long[] { 0, 3, 2, 4 }, pack.call(features, Singles([], 0, 5)).shape);
        CollectionAssert.AreEqual(new[] { "offset.bias", "offset.weight" }, pack.named_parameters().Select(entry => entry.name).Order().ToArray());
        Assert.AreEqual(0.01, ParameterSet.Of(pack)[1].LearningRateFactor);
        Assert.HasCount(2, ParameterSet.Of(pack)[1].Parameters);
    }

    [TestMethod]
    public void PoolsAtTheOffsetsOfItsLayerAndLearnsThem()
    {
        using var scope = torch.NewDisposeScope();
        using var pack = new DeformRoIPoolPack(3, 2, 4, Scale, samplingRatio: 2, gamma: 0.3);
        var (features, rois) = (Features(3).requires_grad_(), RoIs());
        using (no_grad())
            nn.init.uniform_(pack.OffsetBranch.weight, -0.5, 0.5);
        var plain = SpatialOps.RoIAlign(features, rois, 2, 4, Scale, 2, aligned: true);
        var expected = plain.flatten(1).matmul(pack.OffsetBranch.weight.transpose(0, 1)).add(pack.OffsetBranch.bias!).reshape(3, 2, 2, 4);
        AreClose(Values(expected), pack.Offsets(features, rois), 1e-5);
        var pooled = pack.call(features, rois);
        AreClose(Values(SpatialOps.DeformRoIPool(features, rois, pack.Offsets(features, rois), 2, 4, Scale, 2, 0.3)), pooled, 0);
        pooled.mul(Singles(Uniform(5, 3 * 3 * 8), 3, 3, 2, 4)).sum().backward();
        Assert.IsTrue(pack.parameters().Append(features).All(tensor => Values(tensor.grad!).Any(value => value != 0)));
    }

    [TestMethod]
    [DataRow(1, 0)]
    [DataRow(2, 3)]
    public void PositionSensitiveStartsAsThePlainPooling(int classes, int partSize)
    {
        using var scope = torch.NewDisposeScope();
        using var pack = new DeformPSRoIPoolPack(5, 4, 2, 4, Scale, partSize, samplesPerPart: 2, classes: classes);
        var (scores, features, rois) = (Features(16), Features(5), RoIs());
        AreClose(Values(SpatialOps.DeformPSRoIPool(scores, rois, null, 4, 2, 4, Scale, samplesPerPart: 2)), pack.call(scores, features, rois), 1e-5);
        var parts = partSize == 0 ? 4 : partSize;
        CollectionAssert.AreEqual(new long[] { 3, 2 * classes, parts, parts }, pack.Offsets(features, rois).shape);
        CollectionAssert.AreEqual(new long[] { 2 * classes * parts * parts, 5, 1, 1 }, pack.OffsetBranch.weight.shape);
        CollectionAssert.AreEqual(new long[] { 0, 4, 4, 4 }, pack.call(scores, features, Singles([], 0, 5)).shape);
        Assert.AreEqual(0.01, ParameterSet.Of(pack)[1].LearningRateFactor);
    }

    [TestMethod]
    public void PositionSensitivePoolsAtTheOffsetsOfItsFieldsAndLearnsThem()
    {
        using var scope = torch.NewDisposeScope();
        using var pack = new DeformPSRoIPoolPack(5, 4, 2, 4, Scale, 2, 3, 0.2, 2);
        var (scores, features, rois) = (Features(16).requires_grad_(), Features(5).requires_grad_(), RoIs());
        using (no_grad())
            nn.init.uniform_(pack.OffsetBranch.weight, -0.5, 0.5);

        // Part (i, j) of number c of the offsets is pooled from the field c·4 + 2·i + j.
        var fields = pack.OffsetBranch.call(features);
        var offsets = pack.Offsets(features, rois);
        for (var c = 0; c < 4; c++)
        {
            for (var part = 0; part < 4; part++)
            {
                var alone = SpatialOps.DeformPSRoIPool(fields.narrow(1, c * 4 + part, 1), rois, null, 1, 1, 2, Scale, samplesPerPart: 3);
                AreClose(Values(alone.select(1, 0).flatten(1).select(1, part)), offsets.select(1, c).flatten(1).select(1, part), 1e-5);
            }
        }

        var pooled = pack.call(scores, features, rois);
        AreClose(Values(SpatialOps.DeformPSRoIPool(scores, rois, offsets, 4, 2, 4, Scale, 2, 3, 0.2)), pooled, 0);
        pooled.mul(Singles(Uniform(5, 3 * 4 * 16), 3, 4, 4, 4)).sum().backward();
        Assert.IsTrue(pack.parameters().Append(features).Append(scores).All(tensor => Values(tensor.grad!).Any(value => value != 0)));
    }

    [TestMethod]
    [DoNotParallelize]
    public void DisposeFreesEveryTensor()
    {
        var before = LiveTensors();
        using (var features = Features(4))
        using (var rois = RoIs())
        using (var pack = new DeformRoIPoolPack(4, 2, 2, Scale))
        using (var sensitive = new DeformPSRoIPoolPack(4, 1, 2, 2, Scale))
        {
            var live = LiveTensors();
            pack.call(features, rois).Dispose();
            sensitive.call(features, features, rois).Dispose();
            Assert.AreEqual(live, LiveTensors());
        }

        Assert.AreEqual(before, LiveTensors());
    }

    [TestMethod]
    public void RefusesNumbersThatDoNotFit()
    {
        using var scope = torch.NewDisposeScope();
        using var pack = new DeformRoIPoolPack(3, 2, 4, Scale);
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => pack.call(Features(4), RoIs())).Message, "features has 4 channels; the module was built for 3");
        Assert.AreEqual("channels", Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new DeformRoIPoolPack(0, 2, 4)).ParamName);
        Assert.AreEqual("outputWidth", Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new DeformRoIPoolPack(3, 2, 0)).ParamName);
        Assert.AreEqual("spatialScale", Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new DeformRoIPoolPack(3, 2, 4, double.NaN)).ParamName);
        Assert.AreEqual("gamma", Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new DeformRoIPoolPack(3, 2, 4, gamma: double.NaN)).ParamName);
        Assert.AreEqual("learningRateFactor", Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new DeformRoIPoolPack(3, 2, 4, learningRateFactor: -1)).ParamName);
        Assert.AreEqual("samplesPerPart", Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new DeformPSRoIPoolPack(3, 2, 2, 2, samplesPerPart: 0)).ParamName);
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => new DeformPSRoIPoolPack(3, 4, 2, 2, classes: 3)).Message, "outputChannels is 4 and classes is 3");
    }

    [TestMethod]
    public void RefusesTensorsThatDoNotFit()
    {
        using var scope = torch.NewDisposeScope();
        using var pack = new DeformRoIPoolPack(3, 2, 4, Scale);
        using var sensitive = new DeformPSRoIPoolPack(3, 4, 2, 2, Scale);
        foreach (var call in new Func<Tensor, Tensor, Tensor>[]
        {
            pack.Offsets, pack.call, sensitive.Offsets, (features, rois) => sensitive.call(Features(16), features, rois),
        })
        {
            void Refused(string part, Tensor features, Tensor rois)
            {
                var error = Assert.ThrowsExactly<ArgumentException>(() => call(features, rois));
                Assert.AreEqual(part.Split(' ')[0], error.ParamName);
                StringAssert.Contains(error.Message, part);
            }

            Assert.AreEqual("features", Assert.ThrowsExactly<ArgumentNullException>(() => call(null!, RoIs())).ParamName);
            Assert.AreEqual("rois", Assert.ThrowsExactly<ArgumentNullException>(() => call(Features(3), null!)).ParamName);
            Refused("features has shape [3, 9, 11]; [N, 3, H, W]", Features(3)[0], RoIs());
            Refused("features has 4 channels; the module was built for 3", Features(4), RoIs());
            Refused("features has elements of type Float64 and the module's weight of type Float32", Features(3).to_type(ScalarType.Float64), RoIs());
            Refused("rois has shape [5]; [K, 5]", Features(3), RoIs()[0]);
            Refused("rois has elements of type Float64", Features(3), RoIs().to_type(ScalarType.Float64));
        }
    }

    private static Tensor Features(int channels) => Singles(Uniform(channels, 2 * channels * 9 * 11), 2, channels, 9, 11);

    private static Tensor RoIs() => Singles([0, 2, 3, 17, 15, 1, 0, 0, 21, 17, 0, 5, 1, 9, 8], 3, 5);
}
