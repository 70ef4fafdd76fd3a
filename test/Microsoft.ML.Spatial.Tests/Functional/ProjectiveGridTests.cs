using Microsoft.ML.Spatial.Functional;
using TorchSharp;
using static Microsoft.ML.Spatial.Tests.Functional.TestTensors;
using static TorchSharp.torch;

namespace Microsoft.ML.Spatial.Tests.Functional;

[TestClass]
public class ProjectiveGridTests
{
    [TestMethod]
    [DataRow(5, 8, false)]
    [DataRow(5, 8, true)]
    [DataRow(1, 3, false)]
    [DataRow(1, 1, true)]
    public void EqualsTheFormula(int height, int width, bool alignCorners)
    {
        using var scope = torch.NewDisposeScope();
        double[] theta = [.. Uniform(1, 3 * 8).Select((value, i) => i % 8 < 6 ? 2 * value : value / 3)];
        var expected = ReferenceSampler.ProjectiveGrid(theta, height, width, alignCorners);

        var grid = SpatialOps.ProjectiveGrid(Of(theta, 3, 8), height, width, alignCorners);

        CollectionAssert.AreEqual(new long[] { 3, height, width, 2 }, grid.shape);
        AreClose(expected, grid, 1e-12);
        AreClose(expected, SpatialOps.ProjectiveGrid(Of(theta, 3, 8).transpose(0, 1).contiguous().transpose(0, 1), height, width, alignCorners), 1e-12);
        AreClose(expected, SpatialOps.ProjectiveGrid(Singles(theta, 3, 8), height, width, alignCorners), 1e-5);
    }

    /// <summary>With g = -1 and corners aligned the denominator at x = -1, 0, 1 is 2, 1 and 0; with g = -2 it goes through zero between pixels.</summary>
    [TestMethod]
    public void ADenominatorOfZeroIsAMillionthAndLetsNoGradientThrough()
    {
        using var scope = torch.NewDisposeScope();
        foreach (var type in new[] { ScalarType.Float64, ScalarType.Float32 })
        {
            var theta = Of([1, 0, 0.5, 0, 1, 0, -1, 0, 1, 0, 0.5, 0, 1, 0, -2, 0], 2, 8).to_type(type).requires_grad_();

            var grid = SpatialOps.ProjectiveGrid(theta, 1, 3, alignCorners: true);
            grid.narrow(0, 0, 1).narrow(2, 2, 1).sum().backward();

            AreClose([-0.25, 0, 0.5, 0, 1.5e6, 0, -0.5 / 3, 0, 0.5, 0, -1.5, 0], grid, 1e-6);

            // x of the last pixel of the first picture is (a + c) / 1e-6, y is (d + f) / 1e-6; nothing reaches g.
            AreClose([1e6, 0, 1e6, 1e6, 0, 1e6, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], theta.grad!, 1e-5);
        }
    }

    [TestMethod]
    public void ASmallNegativeDenominatorKeepsItsSign()
    {
        using var scope = torch.NewDisposeScope();
        var theta = Of([0, 0, 1, 0, 0, -1, -1 - 1e-9, 0], 1, 8);

        AreClose([-1e6, 1e6], SpatialOps.ProjectiveGrid(theta, 1, 2, alignCorners: true).narrow(2, 1, 1), 1e-12);
    }

    [TestMethod]
    public void GradientEqualsFiniteDifferences()
    {
        using var scope = torch.NewDisposeScope();
        double[] values = [.. Uniform(2, 16).Select((value, i) => i % 8 < 6 ? value : value / 3)];
        var weight = Uniform(3, 2 * 12 * 2);
        double Loss(double[] of) => ReferenceSampler.ProjectiveGrid(of, 3, 4, false).Zip(weight, (value, w) => value * w).Sum();
        double[] expected = [.. Enumerable.Range(0, 16).Select(i =>
            (Loss([.. values.Select((value, k) => k == i ? value + 1e-6 : value)]) - Loss([.. values.Select((value, k) => k == i ? value - 1e-6 : value)])) / 2e-6)];

        var theta = Of(values, 2, 8).requires_grad_();
        SpatialOps.ProjectiveGrid(theta, 3, 4).mul(Of(weight, 2, 3, 4, 2)).sum().backward();

        AreClose(expected, theta.grad!, 1e-7);
    }

    [TestMethod]
    public void OddParametersStayWithTheirPicture()
    {
        using var scope = torch.NewDisposeScope();
        double[] plain = [0.9, 0.1, 0, -0.1, 1.1, 0.2, 0.1, -0.2];
        double[] odd = [.. plain];
        odd[3] = double.NaN;
        double[] huge = [1e30, 0, double.PositiveInfinity, 0, 1, double.NegativeInfinity, 1e20, 0];
        foreach (var type in new[] { ScalarType.Float64, ScalarType.Float32 })
        {
            var theta = Of([.. odd, .. plain, .. huge], 3, 8).to_type(type).requires_grad_();
            var grid = SpatialOps.ProjectiveGrid(theta, 3, 4);

            Assert.IsTrue(Values(grid.narrow(0, 0, 1)).All(double.IsNaN));
            AreClose(ReferenceSampler.ProjectiveGrid(plain, 3, 4, false), grid.narrow(0, 1, 1), 1e-5);
            Assert.IsTrue(Values(grid.narrow(0, 2, 1)).All(double.IsFinite));

            grid.mul(0).nan_to_num().sum().backward();
            Assert.IsTrue(Values(theta.grad!).All(slope => slope == 0));
        }
    }

    [TestMethod]
    public void OfNoPicturesIsEmpty()
    {
        using var scope = torch.NewDisposeScope();
        CollectionAssert.AreEqual(new long[] { 0, 4, 5, 2 }, SpatialOps.ProjectiveGrid(Singles([], 0, 8), 4, 5).shape);
    }

    [TestMethod]
    public void RefusesWhatDoesNotFit()
    {
        using var scope = torch.NewDisposeScope();
        var shape = Assert.ThrowsExactly<ArgumentException>(() => SpatialOps.ProjectiveGrid(Singles(Uniform(1, 9), 1, 9), 4, 4));
        Assert.AreEqual("theta", shape.ParamName);
        StringAssert.Contains(shape.Message, "[1, 9]");
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => SpatialOps.ProjectiveGrid(TensorFactory.FromArray<long>(new long[8], [1, 8], CPU), 4, 4)).Message, "Int64");
        Assert.AreEqual("outputHeight", Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => SpatialOps.ProjectiveGrid(Singles(Uniform(1, 8), 1, 8), 0, 4)).ParamName);
        Assert.AreEqual("outputWidth", Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => SpatialOps.ProjectiveGrid(Singles(Uniform(1, 8), 1, 8), 4, 0)).ParamName);
        Assert.ThrowsExactly<ArgumentNullException>(() => SpatialOps.ProjectiveGrid(null!, 4, 4));
    }
}
