using Microsoft.ML.Spatial.Modules;
using TorchSharp;
using static Microsoft.ML.Spatial.Tests.Functional.TestTensors;

namespace Microsoft.ML.Spatial.Tests.Modules;

[TestClass]
public class ParallelSpatialTransformersTests
{
    [TestMethod]
    public void JoinsWhatEachMakesOfTheSameInput()
    {
        using var scope = torch.NewDisposeScope();
        var first = Transformer(TransformationStart.Window(TransformationKind.Affine, 0.5f, -0.25f, 0.125f), new AffineGridGenerator(4, 5));
        var second = Transformer(TransformationStart.Window(TransformationKind.ThinPlateSpline, 0.75f, 0.25f, 0, 3), new ThinPlateSplineGridGenerator(3, 3, 4, 5));
        var third = Transformer([0.4f, 0, 0.5f], new AttentionGridGenerator(4, 5));
        using var parallel = new ParallelSpatialTransformers(first, second, third);
        var input = Singles(Uniform(1, 3 * 2 * 6 * 8), 3, 2, 6, 8);

        var (rectified, theta) = parallel.Rectify(input);

        CollectionAssert.AreEqual(new long[] { 3, 6, 4, 5 }, rectified.shape);
        CollectionAssert.AreEqual(new long[] { 3, 6 + 18 + 3 }, theta.shape);
        var at = 0;
        foreach (var (transformer, index) in parallel.Transformers.Select((transformer, index) => (transformer, index)))
        {
            var (alone, chosen) = transformer.Rectify(input);
            AreClose(Values(alone), rectified.narrow(1, 2 * index, 2), 0);
            AreClose(Values(chosen), theta.narrow(1, at, chosen.shape[1]), 0);
            at += (int)chosen.shape[1];
        }

        AreClose(Values(rectified), parallel.call(input), 0);
        CollectionAssert.AreEqual(new long[] { 0, 6, 4, 5 }, parallel.call(Singles([], 0, 2, 6, 8)).shape);
    }

    [TestMethod]
    public void GradientsReachEveryLocalisationNetwork()
    {
        using var scope = torch.NewDisposeScope();
        using var parallel = new ParallelSpatialTransformers(
            [.. TransformationStart.Spread(TransformationKind.Projective, 4).Select(start => Transformer(start, new ProjectiveGridGenerator(4, 5)))]);
        parallel.call(Singles(Uniform(1, 96), 1, 2, 6, 8)).mul(Singles(Uniform(2, 160), 1, 8, 4, 5)).sum().backward();
        for (var i = 1; i <= 4; i++)
        {
            var bias = parallel.get_parameter($"transformer{i}.localisation.theta.bias")!;
            Assert.IsTrue(Values(bias.grad!).All(value => value != 0), $"transformer {i}");
        }
    }

    [TestMethod]
    [DoNotParallelize]
    public void DisposeFreesEveryTensor()
    {
        var before = LiveTensors();
        using (var parallel = new ParallelSpatialTransformers(Transformer([1, 0, 0], new AttentionGridGenerator(3, 3)), Transformer([0.5f, 0, 0], new AttentionGridGenerator(3, 3))))
        using (var input = Singles(Uniform(1, 96), 1, 2, 6, 8))
        {
            var live = LiveTensors();
            parallel.call(input).Dispose();
            Assert.AreEqual(live, LiveTensors());
        }

        Assert.AreEqual(before, LiveTensors());
    }

    [TestMethod]
    public void RefusesPartsThatDoNotFitTogether()
    {
        using var one = Transformer([1, 0, 0], new AttentionGridGenerator(3, 3));
        using var other = Transformer([1, 0, 0], new AttentionGridGenerator(3, 4));
        Assert.ThrowsExactly<ArgumentNullException>(() => new ParallelSpatialTransformers(null!));
        Assert.ThrowsExactly<ArgumentNullException>(() => new ParallelSpatialTransformers(one, null!));
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => new ParallelSpatialTransformers()).Message, "at least one");
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => new ParallelSpatialTransformers(one, one)).Message, "twice");
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => new ParallelSpatialTransformers(one, other)).Message, "3 x 4");
    }

    private static SpatialTransformer Transformer(float[] start, GridGenerator grid) => new(new FullyConnectedLocalisation(2, 6, 8, start), grid);
}
