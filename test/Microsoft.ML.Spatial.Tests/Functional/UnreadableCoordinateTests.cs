using Microsoft.ML.Spatial.Functional;
using TorchSharp;
using static Microsoft.ML.Spatial.Tests.Functional.TestTensors;
using static TorchSharp.torch;

namespace Microsoft.ML.Spatial.Tests.Functional;

/// <summary>Coordinates that are no numbers, infinite or huge: the output stays finite and no gradient flows to them.</summary>
[TestClass]
public class UnreadableCoordinateTests
{
    private static readonly double[] Far = [double.PositiveInfinity, double.NegativeInfinity, 1e6, -1e6, 3e9, -3e9, 1e20, -1e20, 3e38, -3e38];

    public static IEnumerable<object[]> Cases =>
        from mode in Enum.GetValues<SamplingMode>()
        from padding in Enum.GetValues<PaddingMode>()
        from alignCorners in new[] { false, true }
        select new object[] { mode, padding, alignCorners };

    public static IEnumerable<object[]> Thetas =>
        from name in WarpUnderTest.Names
        where name != WarpUnderTest.Grid
        from value in new[] { double.NaN, double.PositiveInfinity, double.NegativeInfinity, 3e38, -3e38, 1e25, -1e13, 1e7 }
        select new object[] { name, value };

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void WhatIsNotANumberReadsAsMinusOne(SamplingMode mode, PaddingMode padding, bool alignCorners)
    {
        foreach (var (type, channels) in new[] { (ScalarType.Float32, 2L), (ScalarType.Float32, 9L), (ScalarType.Float64, 2L) })
        {
            using var scope = torch.NewDisposeScope();
            var input = Of(Uniform(1, (int)channels * 20), 1, channels, 4, 5).to_type(type).requires_grad_();
            double[] points = [double.NaN, 0.3, 0.3, double.NaN, double.NaN, double.NaN, 0.11, -0.3];
            double[] read = [-1, 0.3, 0.3, -1, -1, -1, 0.11, -0.3];
            var grid = Of(points, 1, 2, 2, 2).to_type(type).requires_grad_();

            var output = SpatialOps.GridSample(input, grid, mode, padding, alignCorners);
            output.sum().backward();

            AreClose(Values(SpatialOps.GridSample(input, Of(read, 1, 2, 2, 2).to_type(type), mode, padding, alignCorners)), output, 1e-6);
            AllFinite(input.grad!);
            if (mode != SamplingMode.Nearest)
                HasNoGradientWhere(grid.grad!, points, double.IsNaN);
        }
    }

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void WhatIsFarAwayReadsOutside(SamplingMode mode, PaddingMode padding, bool alignCorners)
    {
        foreach (var (type, channels) in new[] { (ScalarType.Float32, 2L), (ScalarType.Float32, 9L), (ScalarType.Float64, 2L) })
        {
            using var scope = torch.NewDisposeScope();
            var input = Of(Uniform(2, (int)channels * 20, 1, 2), 1, channels, 4, 5).to_type(type).requires_grad_();
            double[] points = [.. Far.SelectMany(far => new[] { far, 0.3, 0.3, far, far, -far })];
            var grid = Of(points, 1, Far.Length, 3, 2).to_type(type).requires_grad_();

            var output = SpatialOps.GridSample(input, grid, mode, padding, alignCorners);
            output.sum().backward();

            AllFinite(output);
            AllFinite(input.grad!);
            if (mode != SamplingMode.Nearest)
            {
                AllFinite(grid.grad!);
                HasNoGradientWhere(grid.grad!, points, value => Math.Abs(value) > 1e8);
            }

            // Outside are zeros, the border's pixels, or again the picture.
            double[] read = [.. points.Select(value => Math.Clamp(value, -9, 9))];
            if (padding != PaddingMode.Reflection)
                AreClose(Values(SpatialOps.GridSample(input, Of(read, 1, Far.Length, 3, 2).to_type(type), mode, padding, alignCorners)), output, 1e-5);
            else if (mode != SamplingMode.Bicubic)
                Assert.IsTrue(Values(output).All(value => value is >= 1 and <= 2));
        }
    }

    [TestMethod]
    [DataRow(SamplingMode.Nearest)]
    [DataRow(SamplingMode.Bilinear)]
    public void VolumesAreReadLikewise(SamplingMode mode)
    {
        using var scope = torch.NewDisposeScope();
        foreach (var type in new[] { ScalarType.Float32, ScalarType.Float64 })
        {
            foreach (var (_, padding, alignCorners) in Cases.Select(row => ((SamplingMode)row[0], (PaddingMode)row[1], (bool)row[2])).Where(row => row.Item1 == mode))
            {
                var input = Of(Uniform(3, 2 * 24), 1, 2, 2, 3, 4).to_type(type).requires_grad_();
                double[] points = [.. Far.Append(double.NaN).SelectMany(odd => new[] { odd, 0.1, 0.2, 0.1, odd, 0.2, 0.1, 0.2, odd })];
                var grid = Of(points, 1, 1, Far.Length + 1, 3, 3).to_type(type).requires_grad_();

                var output = SpatialOps.GridSample(input, grid, mode, padding, alignCorners);
                output.sum().backward();

                AllFinite(output);
                AllFinite(input.grad!);
                if (mode != SamplingMode.Nearest)
                    HasNoGradientWhere(grid.grad!, points, value => !(Math.Abs(value) <= 1e8));
                double[] read = [.. points.Select(value => double.IsNaN(value) ? -1 : Math.Clamp(value, -9, 9))];
                if (padding != PaddingMode.Reflection)
                    AreClose(Values(SpatialOps.GridSample(input, Of(read, 1, 1, Far.Length + 1, 3, 3).to_type(type), mode, padding, alignCorners)), output, 1e-5);
            }
        }
    }

    /// <summary>One number of theta is odd at a time; the picture behind it is sampled as if alone.</summary>
    [TestMethod]
    [DynamicData(nameof(Thetas))]
    public void AnyThetaGivesFiniteResults(string name, double value)
    {
        var under = WarpUnderTest.Named(name);
        var shape = under.ThetaShape(5, 9);
        var size = (int)shape.Aggregate(1L, (product, side) => product * side);
        foreach (var (type, channels) in new[] { (ScalarType.Float32, 2L), (ScalarType.Float32, 9L), (ScalarType.Float64, 2L) })
        {
            using var scope = torch.NewDisposeScope();
            var plain = under.Thetas(4, 1, 5, 9);
            double[] odd = [.. Enumerable.Range(0, size).SelectMany(at => plain.Select((number, i) => i == at ? value : number)), .. plain];
            var values = Uniform(5, (size + 1) * (int)channels * 42);
            foreach (var mode in Enum.GetValues<SamplingMode>())
            {
                foreach (var padding in Enum.GetValues<PaddingMode>())
                {
                    var input = Of(values, size + 1, channels, 6, 7).to_type(type).requires_grad_();
                    var theta = Of(odd, [size + 1, .. shape]).to_type(type).requires_grad_();

                    var output = under.Warp(input, theta, 5, 9, mode, padding, false);
                    output.sum().backward();

                    AllFinite(output);
                    AllFinite(input.grad!);
                    if (mode != SamplingMode.Nearest)
                        AllFinite(theta.grad!);

                    // Both ways to compute read the same; far away a mirrored picture has no certain pixel, half-way there is no certain
                    // nearest one, and at the end of single precision a product may be infinite.
                    var isCertain = !(double.IsFinite(value) && Math.Abs(value) > 1e37);
                    if (isCertain && type == ScalarType.Float32 && mode != SamplingMode.Nearest && padding != PaddingMode.Reflection)
                    {
                        using var doubles = Of(odd, [size + 1, .. shape]);
                        var composed = under.Warp(input.detach().to_type(ScalarType.Float64), doubles, 5, 9, mode, padding, false);
                        AreClose(Values(composed), output, 1e-4);
                    }

                    var alone = under.Warp(input.detach().narrow(0, size, 1), Of(plain, [1, .. shape]).to_type(type), 5, 9, mode, padding, false);
                    AreClose(Values(alone), output.narrow(0, size, 1), 1e-6);
                }
            }
        }
    }

    private static void AllFinite(Tensor tensor)
    {
        var values = Values(tensor);
        for (var i = 0; i < values.Length; i++)
            Assert.IsTrue(double.IsFinite(values[i]), $"element {i} is {values[i]}");
    }

    private static void HasNoGradientWhere(Tensor gradient, double[] points, Func<double, bool> isOdd)
    {
        foreach (var (slope, point) in Values(gradient).Zip(points))
        {
            Assert.IsTrue(double.IsFinite(slope));
            if (isOdd(point))
                Assert.AreEqual(0, slope, $"of {point}");
        }
    }
}
