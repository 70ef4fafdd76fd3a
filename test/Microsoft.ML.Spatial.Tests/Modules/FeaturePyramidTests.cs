using Microsoft.ML.Spatial.Modules;
using TorchSharp;
using static Microsoft.ML.Spatial.Tests.Functional.TestTensors;
using static TorchSharp.torch;

namespace Microsoft.ML.Spatial.Tests.Modules;

[TestClass]
public class FeaturePyramidTests
{
    private static readonly FeatureLevel[] Levels = [new(8, 512), new(16, 1024), new(32, 2048)];

    [TestMethod]
    public void GivesWhatTorchvisionGives()
    {
        using var scope = torch.NewDisposeScope();
        using var pyramid = new FeaturePyramid(Levels, 16, 2);
        ResNetExpected.Fill(pyramid);
        (int Height, int Width)[] sizes = [(9, 13), (5, 7), (3, 4)];

        var maps = pyramid.call([.. Levels.Select((level, i) => ResNetExpected.Images($"map {i}", 1, level.Channels, sizes[i].Height, sizes[i].Width))]);

        ResNetExpected.AreMaps(ResNetExpected.Pyramid, maps, 1e-10);
    }

    [TestMethod]
    [DataRow(0)]
    [DataRow(1)]
    [DataRow(3)]
    public void EveryLevelIsOfItsStrideAndLearns(int extraLevels)
    {
        using var scope = torch.NewDisposeScope();
        using var pyramid = new FeaturePyramid([new(4, 3), new(8, 5)], 6, extraLevels);
        var inputs = new[] { Singles(Uniform(1, 2 * 3 * 17 * 9), 2, 3, 17, 9).requires_grad_(), Singles(Uniform(2, 2 * 5 * 9 * 5), 2, 5, 9, 5).requires_grad_() };

        var maps = pyramid.call(inputs);

        FeatureLevel[] expected = [new(4, 6), new(8, 6), new(16, 6), new(32, 6), new(64, 6)];
        CollectionAssert.AreEqual(expected[..(2 + extraLevels)], pyramid.Levels.ToArray());
        var (height, width) = (4 * 17, 4 * 9);
        foreach (var (level, map) in pyramid.Levels.Zip(maps))
            CollectionAssert.AreEqual(new long[] { 2, 6, (height + level.Stride - 1) / level.Stride, (width + level.Stride - 1) / level.Stride }, map.shape);

        maps.Aggregate(Singles([0]), (sum, map) => sum.add(map.mul(map).sum())).backward();
        Assert.HasCount(2 * (2 + 2 + extraLevels), pyramid.parameters().ToArray());
        foreach (var (name, parameter) in pyramid.named_parameters())
            Assert.IsTrue(Values(parameter.grad!).Any(value => value != 0), name);
        Assert.IsTrue(inputs.All(input => Values(input.grad!).Any(value => value != 0)));
    }

    [TestMethod]
    public void AFinerMapKnowsTheNearestOfTheCoarser()
    {
        using var scope = torch.NewDisposeScope();
        using var noGradient = no_grad();
        using var pyramid = new FeaturePyramid([new(8, 1), new(16, 1)], 1, 0);

        // Nothing but the middle of the 3x3 kernels, and the coarser map alone.
        foreach (var (name, parameter) in pyramid.named_parameters())
            nn.init.constant_(parameter, name is "lateral.1.weight" ? 1 : 0);
        for (var i = 0; i < 2; i++)
            nn.init.constant_(pyramid.get_parameter($"output.{i}.weight")!.narrow(2, 1, 1).narrow(3, 1, 1), 1);

        var maps = pyramid.call([Singles(Uniform(1, 15), 1, 1, 3, 5), Singles([1, 2, 3, 4, 5, 6], 1, 1, 2, 3)]);

        AreClose([1, 1, 2, 2, 3, 1, 1, 2, 2, 3, 4, 4, 5, 5, 6], maps[0], 0);
        AreClose([1, 2, 3, 4, 5, 6], maps[1], 0);
    }

    [TestMethod]
    public void StartsUniformWithoutBias()
    {
        using var scope = torch.NewDisposeScope();
        using var pyramid = new FeaturePyramid(Levels, 64, 1);
        foreach (var (name, parameter) in pyramid.named_parameters())
        {
            var values = Values(parameter);
            var bound = parameter.shape.Length == 1 ? 0 : Math.Sqrt(3.0 / (parameter.NumberOfElements / parameter.shape[0]));
            Assert.IsTrue(values.All(value => Math.Abs(value) <= bound * 1.0001), name);
            Assert.IsGreaterThanOrEqualTo(bound * 0.99, values.Max(), name);
        }
    }

    [TestMethod]
    [DoNotParallelize]
    public void LeavesNoTensor()
    {
        var before = LiveTensors();
        using (Tensor fine = Singles(Uniform(1, 12), 1, 2, 3, 2), coarse = Singles(Uniform(2, 6), 1, 3, 2, 1))
        {
            FeaturePyramid pyramid;
            using (torch.NewDisposeScope())
                pyramid = new FeaturePyramid([new(8, 2), new(16, 3)], 4, 2);
            foreach (var map in pyramid.call([fine, coarse]))
                map.Dispose();
            pyramid.Dispose();
        }

        Assert.AreEqual(before, LiveTensors());
    }
}
