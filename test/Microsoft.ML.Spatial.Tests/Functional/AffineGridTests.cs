using Microsoft.ML.Spatial.Functional;
using TorchSharp;
using static Microsoft.ML.Spatial.Tests.Functional.TestTensors;

namespace Microsoft.ML.Spatial.Tests.Functional;

[TestClass]
public class AffineGridTests
{
    [TestMethod]
    [DataRow(5, 8, false)]
    [DataRow(5, 8, true)]
    [DataRow(1, 3, false)]
    [DataRow(1, 1, true)]
    public void EqualsTheFormula(int height, int width, bool alignCorners)
    {
        using var scope = torch.NewDisposeScope();
        var theta = Uniform(1, 3 * 6, -2, 2);
        var expected = ReferenceSampler.AffineGrid(theta, height, width, alignCorners);

        var grid = SpatialOps.AffineGrid(Of(theta, 3, 2, 3), height, width, alignCorners);

        CollectionAssert.AreEqual(new long[] { 3, height, width, 2 }, grid.shape);
        AreClose(expected, grid, 1e-12);
        AreClose(expected, SpatialOps.AffineGrid(Of(theta, 3, 6), height, width, alignCorners), 1e-12);
        AreClose(expected, SpatialOps.AffineGrid(Singles(theta, 3, 6), height, width, alignCorners), 1e-5);
    }

    [TestMethod]
    public void TakesThetaOfAnyLayout()
    {
        using var scope = torch.NewDisposeScope();
        var theta = Uniform(2, 2 * 6);
        var transposed = Of(theta, 2, 6).transpose(0, 1).contiguous().transpose(0, 1);
        Assert.IsFalse(transposed.is_contiguous());

        AreClose(ReferenceSampler.AffineGrid(theta, 4, 3, false), SpatialOps.AffineGrid(transposed, 4, 3), 1e-12);
    }

    [TestMethod]
    public void OfNoPicturesIsEmpty()
    {
        using var scope = torch.NewDisposeScope();
        CollectionAssert.AreEqual(new long[] { 0, 4, 5, 2 }, SpatialOps.AffineGrid(Singles([], 0, 6), 4, 5).shape);
    }

    [TestMethod]
    public void GradientReachesTheta()
    {
        using var scope = torch.NewDisposeScope();
        var theta = Of(Uniform(3, 6), 1, 6).requires_grad_();
        SpatialOps.AffineGrid(theta, 3, 4, alignCorners: true).sum().backward();

        // The coordinates of a whole grid cancel out; each constant term counts once a pixel.
        AreClose([0, 0, 12, 0, 0, 12], theta.grad!, 1e-12);
    }

    [TestMethod]
    public void RefusesWhatDoesNotFit()
    {
        using var scope = torch.NewDisposeScope();
        var shape = Assert.ThrowsExactly<ArgumentException>(() => SpatialOps.AffineGrid(Singles(Uniform(1, 20), 4, 5), 4, 4));
        Assert.AreEqual("theta", shape.ParamName);
        StringAssert.Contains(shape.Message, "[4, 5]");

        var type = Assert.ThrowsExactly<ArgumentException>(() => SpatialOps.AffineGrid(TensorFactory.FromArray<long>(new long[6], [1, 6], torch.CPU), 4, 4));
        StringAssert.Contains(type.Message, "Int64");

        var size = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => SpatialOps.AffineGrid(Singles(Uniform(1, 6), 1, 6), 4, 0));
        Assert.AreEqual("outputWidth", size.ParamName);
        StringAssert.Contains(size.Message, "outputWidth is 0");

        Assert.ThrowsExactly<ArgumentNullException>(() => SpatialOps.AffineGrid(null!, 4, 4));
    }
}
