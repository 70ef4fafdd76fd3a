using Microsoft.ML.Spatial.Functional;
using TorchSharp;
using static Microsoft.ML.Spatial.Tests.Functional.TestTensors;

namespace Microsoft.ML.Spatial.Tests.Functional;

[TestClass]
public class GridSampleTests
{
    public static IEnumerable<object[]> Cases =>
        from mode in Enum.GetValues<SamplingMode>()
        from padding in Enum.GetValues<PaddingMode>()
        from alignCorners in new[] { false, true }
        select new object[] { mode, padding, alignCorners };

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void EqualsTheFormula(SamplingMode mode, PaddingMode padding, bool alignCorners)
    {
        using var scope = torch.NewDisposeScope();
        long[] shape = [2, 3, 5, 8];
        var input = Uniform(1, 2 * 3 * 5 * 8);
        var grid = Uniform(2, 2 * 4 * 6 * 2, -1.7, 1.7);
        var expected = ReferenceSampler.Sample(input, shape, grid, mode, padding, alignCorners);

        var output = SpatialOps.GridSample(Of(input, shape), Of(grid, 2, 4, 6, 2), mode, padding, alignCorners);

        CollectionAssert.AreEqual(new long[] { 2, 3, 4, 6 }, output.shape);
        AreClose(expected, output, 1e-12);
        AreClose(expected, SpatialOps.GridSample(Singles(input, shape), Singles(grid, 2, 4, 6, 2), mode, padding, alignCorners), 1e-4);
    }

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void ReadsAPictureOfOnePixel(SamplingMode mode, PaddingMode padding, bool alignCorners)
    {
        using var scope = torch.NewDisposeScope();
        var grid = Uniform(3, 6 * 2, -0.4, 0.4);
        var expected = ReferenceSampler.Sample([5], [1, 1, 1, 1], grid, mode, padding, alignCorners);

        AreClose(expected, SpatialOps.GridSample(Of([5], 1, 1, 1, 1), Of(grid, 1, 2, 3, 2), mode, padding, alignCorners), 1e-12);
    }

    [TestMethod]
    [DataRow(SamplingMode.Nearest, false)]
    [DataRow(SamplingMode.Nearest, true)]
    [DataRow(SamplingMode.Bilinear, false)]
    [DataRow(SamplingMode.Bilinear, true)]
    public void IdentityLeavesThePicture(SamplingMode mode, bool alignCorners)
    {
        using var scope = torch.NewDisposeScope();
        var input = Uniform(4, 2 * 7 * 4);
        var grid = SpatialOps.AffineGrid(Of([1, 0, 0, 0, 1, 0], 1, 6), 7, 4, alignCorners);

        AreClose(input, SpatialOps.GridSample(Of(input, 1, 2, 7, 4), grid, mode, PaddingMode.Zeros, alignCorners), 1e-12);
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void NearestGoesRightAndDownFromHalfWay(bool alignCorners)
    {
        using var scope = torch.NewDisposeScope();
        var side = alignCorners ? 5 : 4;

        // Pixel coordinates 0.5, 1.5 and 2.5: exact in binary with these sides.
        var points = new[] { 0.5, 1.5, 2.5 }.Select(pixel => alignCorners ? 2 * pixel / (side - 1) - 1 : (2 * pixel + 1) / side - 1);
        var grid = Singles([.. points.SelectMany(point => new[] { point, point })], 1, 1, 3, 2);
        var diagonal = Enumerable.Range(0, side * side).Select(i => i / side == i % side ? i / side : -1.0).ToArray();

        var output = SpatialOps.GridSample(Singles(diagonal, 1, 1, side, side), grid, SamplingMode.Nearest, PaddingMode.Zeros, alignCorners);

        AreClose([1, 2, 3], output, 0);
    }

    [TestMethod]
    public void TakesInputAndGridOfAnyLayout()
    {
        using var scope = torch.NewDisposeScope();
        var input = Uniform(5, 2 * 3 * 5 * 8);
        var grid = Uniform(6, 2 * 4 * 6 * 2, -1.2, 1.2);
        var expected = ReferenceSampler.Sample(input, [2, 3, 5, 8], grid, SamplingMode.Bilinear, PaddingMode.Zeros, false);
        var strangeInput = Of(input, 2, 3, 5, 8).permute(3, 0, 2, 1).contiguous().permute(1, 3, 2, 0);
        var strangeGrid = Of(grid, 2, 4, 6, 2).permute(3, 2, 1, 0).contiguous().permute(3, 2, 1, 0);
        Assert.IsFalse(strangeInput.is_contiguous());
        Assert.IsFalse(strangeGrid.is_contiguous());

        AreClose(expected, SpatialOps.GridSample(strangeInput, strangeGrid), 1e-12);
    }

    [TestMethod]
    public void OfNoPicturesIsEmpty()
    {
        using var scope = torch.NewDisposeScope();
        foreach (var mode in Enum.GetValues<SamplingMode>())
        {
            var output = SpatialOps.GridSample(Singles([], 0, 3, 5, 5), Singles([], 0, 4, 6, 2), mode);
            CollectionAssert.AreEqual(new long[] { 0, 3, 4, 6 }, output.shape);
        }
    }

    [TestMethod]
    [DataRow(PaddingMode.Zeros, false)]
    [DataRow(PaddingMode.Zeros, true)]
    [DataRow(PaddingMode.Border, false)]
    [DataRow(PaddingMode.Reflection, false)]
    public void GradientsEqualFiniteDifferences(PaddingMode padding, bool alignCorners)
    {
        using var scope = torch.NewDisposeScope();
        long[] shape = [2, 2, 4, 5];
        var input = Uniform(7, 80);

        // No point of these grids falls on a pixel's centre, where the kernel has a kink.
        var theta = new[] { 0.913, 0.207, 0.1031, -0.3011, 0.8017, 0.0713, 1.0951, -0.2533, 0.3047, 0.1519, 0.7027, -0.2029 };
        var weight = Uniform(8, 2 * 2 * 3 * 3);
        double Loss() => ReferenceSampler
            .Sample(input, shape, ReferenceSampler.AffineGrid(theta, 3, 3, alignCorners), SamplingMode.Bilinear, padding, alignCorners)
            .Zip(weight, (value, w) => value * w)
            .Sum();
        double[] Numeric(double[] variable) => [.. Enumerable.Range(0, variable.Length).Select(i =>
        {
            const double Step = 1e-6;
            var at = variable[i];
            variable[i] = at + Step;
            var above = Loss();
            variable[i] = at - Step;
            var below = Loss();
            variable[i] = at;
            return (above - below) / (2 * Step);
        })];

        var inputTensor = Of(input, shape).requires_grad_();
        var thetaTensor = Of(theta, 2, 6).requires_grad_();
        var output = SpatialOps.GridSample(inputTensor, SpatialOps.AffineGrid(thetaTensor, 3, 3, alignCorners), SamplingMode.Bilinear, padding, alignCorners);
        output.mul(Of(weight, 2, 2, 3, 3)).sum().backward();

        AreClose(Numeric(input), inputTensor.grad!, 1e-7);
        AreClose(Numeric(theta), thetaTensor.grad!, 1e-7);
    }

    [TestMethod]
    public void NearestGivesAGradientToTheInputOnly()
    {
        using var scope = torch.NewDisposeScope();
        var input = Of([1, 2, 3, 4], 1, 1, 2, 2).requires_grad_();
        var theta = Of([1, 0, 0, 0, 1, 0], 1, 6).requires_grad_();

        SpatialOps.GridSample(input, SpatialOps.AffineGrid(theta, 2, 2), SamplingMode.Nearest).sum().backward();

        AreClose([1, 1, 1, 1], input.grad!, 0);
        Assert.IsNull(theta.grad);
    }

    [TestMethod]
    public void RefusesWhatDoesNotFit()
    {
        using var scope = torch.NewDisposeScope();
        var input = Singles(Uniform(1, 2 * 3 * 4 * 4), 2, 3, 4, 4);
        var grid = Singles(Uniform(1, 2 * 5 * 5 * 2), 2, 5, 5, 2);

        void Refused(string argument, string part, Action action)
        {
            var error = Assert.Throws<ArgumentException>(action);
            Assert.AreEqual(argument, error.ParamName);
            StringAssert.Contains(error.Message, part);
        }

        Refused("input", "[2, 48]", () => SpatialOps.GridSample(input.reshape(2, 48), grid));
        Refused("input", "[2, 3, 0, 4]", () => SpatialOps.GridSample(Singles([], 2, 3, 0, 4), grid));
        Refused("grid", "[2, 50]", () => SpatialOps.GridSample(input, grid.reshape(2, 50)));
        Refused("grid", "[2, 2, 5, 5]", () => SpatialOps.GridSample(input, grid.reshape(2, 2, 5, 5)));
        Refused("grid", "grid has 1 pictures and input has 2", () => SpatialOps.GridSample(input, grid.narrow(0, 0, 1)));
        Refused("grid", "Float64", () => SpatialOps.GridSample(input, grid.to_type(torch.ScalarType.Float64)));
        Refused("mode", "mode", () => SpatialOps.GridSample(input, grid, (SamplingMode)7));
        Refused("padding", "padding", () => SpatialOps.GridSample(input, grid, SamplingMode.Bilinear, (PaddingMode)7));
    }
}
