using Microsoft.ML.Spatial.Functional;
using Microsoft.ML.Spatial.Modules;
using TorchSharp;
using static Microsoft.ML.Spatial.Tests.Functional.TestTensors;

namespace Microsoft.ML.Spatial.Tests.Modules;

[TestClass]
public class SpatialTransformer3dTests
{
    [TestMethod]
    public void TheIdentityLeavesTheVolume()
    {
        using var scope = torch.NewDisposeScope();
        using var transformer = new SpatialTransformer3d(new Always(SpatialTransformer3d.IdentityTheta()), 3, 4, 5);
        var input = Uniform(1, 2 * 2 * 3 * 4 * 5);

        AreClose(input, transformer.call(Of(input, 2, 2, 3, 4, 5)), 1e-12);
    }

    [TestMethod]
    public void LooksWhereItsLocalisationNetworkSaysAndPassesTheGradientOn()
    {
        using var scope = torch.NewDisposeScope();

        // Half a voxel deeper: the mean of two slices.
        float[] theta = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0.5f];
        using var always = new Always(theta);
        using var transformer = new SpatialTransformer3d(always, 2, 3, 3, padding: PaddingMode.Border);
        var input = Of([.. Enumerable.Range(0, 18).Select(i => i < 9 ? 1.0 : 3.0)], 1, 1, 2, 3, 3);

        var (rectified, chosen) = transformer.Rectify(input);
        rectified.sum().backward();

        AreClose([.. Enumerable.Range(0, 18).Select(i => i < 9 ? 2.0 : 3.0)], rectified, 1e-12);
        CollectionAssert.AreEqual(new long[] { 1, 12 }, chosen.shape);

        // Nine voxels of the first slice read between 1 and 3, two apart in a depth of two voxels: a normalised unit is one voxel.
        Assert.AreEqual(9 * 2.0, Values(always.Theta.grad!)[11], 1e-12);
    }

    [TestMethod]
    public void RefusesSidesBelowOneAndThetaOfAnotherLength()
    {
        using var scope = torch.NewDisposeScope();
        Assert.AreEqual("outputDepth", Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new SpatialTransformer3d(new Always([1]), 0, 1, 1)).ParamName);
        Assert.ThrowsExactly<ArgumentNullException>(() => new SpatialTransformer3d(null!, 1, 1, 1));
        using var short1 = new SpatialTransformer3d(new Always([1, 2, 3]), 1, 1, 1);
        StringAssert.Contains(Assert.Throws<ArgumentException>(() => short1.call(Of([1], 1, 1, 1, 1, 1))).Message, "[1, 3]");
    }

    /// <summary>Says the same for every volume.</summary>
    private sealed class Always : torch.nn.Module<torch.Tensor, torch.Tensor>
    {
        public Always(float[] theta) : base(nameof(Always)) =>
            Theta = Of(Array.ConvertAll(theta, value => (double)value), 1, theta.Length).requires_grad_();

        public torch.Tensor Theta { get; }

        public override torch.Tensor forward(torch.Tensor input) =>
            torch.cat([.. Enumerable.Repeat(Theta, (int)input.shape[0])], 0);
    }
}
