using Microsoft.ML.Spatial.Functional;
using TorchSharp;
using static Microsoft.ML.Spatial.Tests.Functional.TestTensors;

namespace Microsoft.ML.Spatial.Tests.Functional;

[TestClass]
public class AttentionGridTests
{
    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void EqualsTheFormula(bool alignCorners)
    {
        using var scope = torch.NewDisposeScope();
        double[] theta = [0.5, 0.25, -0.75, 2, -1, 0.5];
        var expected = ReferenceSampler.AffineGrid([0.5, 0, 0.25, 0, 0.5, -0.75, 2, 0, -1, 0, 2, 0.5], 4, 7, alignCorners);

        AreClose(expected, SpatialOps.AttentionGrid(Of(theta, 2, 3), 4, 7, alignCorners), 1e-12);
    }

    [TestMethod]
    public void GradientReachesTheta()
    {
        using var scope = torch.NewDisposeScope();
        var theta = Of([0.5, 0.1, 0.2], 1, 3).requires_grad_();
        SpatialOps.AttentionGrid(theta, 2, 5, alignCorners: true).sum().backward();

        AreClose([0, 10, 10], theta.grad!, 1e-12);
    }

    [TestMethod]
    public void OfNoPicturesIsEmpty()
    {
        using var scope = torch.NewDisposeScope();
        CollectionAssert.AreEqual(new long[] { 0, 4, 5, 2 }, SpatialOps.AttentionGrid(Singles([], 0, 3), 4, 5).shape);
    }

    [TestMethod]
    public void RefusesWhatDoesNotFit()
    {
        using var scope = torch.NewDisposeScope();
        var shape = Assert.ThrowsExactly<ArgumentException>(() => SpatialOps.AttentionGrid(Singles(Uniform(1, 6), 1, 6), 4, 4));
        Assert.AreEqual("theta", shape.ParamName);
        StringAssert.Contains(shape.Message, "[1, 6]");

        var size = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => SpatialOps.AttentionGrid(Singles(Uniform(1, 3), 1, 3), -1, 4));
        Assert.AreEqual("outputHeight", size.ParamName);
    }
}
