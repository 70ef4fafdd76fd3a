using Microsoft.ML.Spatial.Functional;
using TorchSharp;
using static Microsoft.ML.Spatial.Tests.Functional.TestTensors;
using static TorchSharp.torch;

namespace Microsoft.ML.Spatial.Tests.Functional;

/// <summary>The affine grid of volumes, and their sampling.</summary>
[TestClass]
public class VolumeTests
{
    public static IEnumerable<object[]> Cases =>
        from mode in new[] { SamplingMode.Nearest, SamplingMode.Bilinear }
        from padding in Enum.GetValues<PaddingMode>()
        from alignCorners in new[] { false, true }
        select new object[] { mode, padding, alignCorners };

    [TestMethod]
    [DataRow(3, 5, 8, false)]
    [DataRow(3, 5, 8, true)]
    [DataRow(1, 2, 1, false)]
    [DataRow(1, 1, 4, true)]
    public void GridEqualsTheFormula(int depth, int height, int width, bool alignCorners)
    {
        using var scope = torch.NewDisposeScope();
        var theta = Uniform(1, 3 * 12, -2, 2);
        var expected = ReferenceSampler.AffineGrid3d(theta, depth, height, width, alignCorners);

        var grid = SpatialOps.AffineGrid3d(Of(theta, 3, 3, 4), depth, height, width, alignCorners);

        CollectionAssert.AreEqual(new long[] { 3, depth, height, width, 3 }, grid.shape);
        AreClose(expected, grid, 1e-12);
        AreClose(expected, SpatialOps.AffineGrid3d(Of(theta, 3, 12), depth, height, width, alignCorners), 1e-12);
        AreClose(expected, SpatialOps.AffineGrid3d(Singles(theta, 3, 12), depth, height, width, alignCorners), 1e-5);
    }

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void WarpEqualsTheFormula(SamplingMode mode, PaddingMode padding, bool alignCorners)
    {
        foreach (var (size, seed) in new (long[] Size, int Seed)[] { ([2, 3, 3, 5, 8, 2, 4, 6], 1), ([33, 1, 2, 3, 4, 3, 2, 2], 2), ([1, 2, 1, 1, 1, 2, 3, 1], 3), ([0, 3, 2, 3, 4, 1, 2, 3], 4) })
        {
            using var scope = torch.NewDisposeScope();
            var (shape, outputShape) = (size[..5], new[] { size[0], size[1], size[5], size[6], size[7] });
            var values = Uniform(seed, (int)shape.Aggregate((product, side) => product * side));
            double[] identity = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0];
            double[] theta = [.. Uniform(seed + 10, 12 * (int)size[0], -0.6, 0.6).Select((value, i) => value + identity[i % 12])];
            double[] GridOf(double[] of) => ReferenceSampler.AffineGrid3d(of, size[5], size[6], size[7], alignCorners);
            var expected = ReferenceSampler.Sample(values, shape, GridOf(theta), mode, padding, alignCorners);

            var area = outputShape[2] * outputShape[3] * outputShape[4];
            var points = ReferenceSampler.AwayFromKinks(GridOf(theta), shape, alignCorners);
            double[] gradient = [.. Uniform(seed + 20, expected.Length).Select((value, i) => value * points[(i / area / size[1] * area) + (i % area)])];
            double Loss(double[] of) => ReferenceSampler.Sample(values, shape, GridOf(of), mode, padding, alignCorners).Zip(gradient, (value, weight) => value * weight).Sum();

            foreach (var (type, tolerance) in new[] { (ScalarType.Float64, 1e-10), (ScalarType.Float32, 1e-5) })
            {
                var input = Of(values, shape).to_type(type).requires_grad_();
                var matrices = Of(theta, size[0], 12).to_type(type).requires_grad_();
                var output = SpatialOps.AffineWarp3d(input, matrices, size[5], size[6], size[7], mode, padding, alignCorners);
                output.mul(Of(gradient, outputShape).to_type(type)).sum().backward();

                CollectionAssert.AreEqual(outputShape, output.shape);
                AreClose(expected, output, tolerance);
                AreClose(ReferenceSampler.SampleBackward(gradient, shape, GridOf(theta), mode, padding, alignCorners), input.grad!, tolerance);
                if (mode == SamplingMode.Bilinear)
                {
                    for (var i = 0; i < Math.Min(24, theta.Length); i++)
                    {
                        double[] Moved(double by) => [.. theta.Select((value, k) => k == i ? value + by : value)];
                        Assert.AreEqual((Loss(Moved(1e-6)) - Loss(Moved(-1e-6))) / 2e-6, Values(matrices.grad!)[i], type == ScalarType.Float64 ? 1e-7 : 2e-5, $"theta {i}");
                    }
                }
                else
                {
                    Assert.IsNull(matrices.grad);
                }
            }
        }
    }

    [TestMethod]
    public void EqualsTorchsOwnSampling()
    {
        using var scope = torch.NewDisposeScope();
        var input = Of(Uniform(5, 2 * 3 * 4 * 5 * 6), 2, 3, 4, 5, 6);
        var theta = Of(Uniform(6, 24), 2, 3, 4);
        var grid = nn.functional.affine_grid(theta, [2, 3, 3, 7, 2], true);
        var expected = Values(nn.functional.grid_sample(input, grid, GridSampleMode.Bilinear, GridSamplePaddingMode.Border, true));

        AreClose(expected, SpatialOps.AffineWarp3d(input, theta, 3, 7, 2, SamplingMode.Bilinear, PaddingMode.Border, true), 1e-12);
        AreClose(expected, SpatialOps.GridSample(input, grid, SamplingMode.Bilinear, PaddingMode.Border, true), 1e-12);
    }

    [TestMethod]
    public void TakesAnyLayout()
    {
        using var scope = torch.NewDisposeScope();
        var input = Of(Uniform(7, 2 * 3 * 4 * 5 * 6), 2, 3, 4, 5, 6);
        var theta = Of(Uniform(8, 24), 2, 12);
        var strange = input.permute(4, 0, 2, 1, 3).contiguous().permute(1, 3, 2, 4, 0);
        Assert.IsFalse(strange.is_contiguous());

        AreClose(
            Values(SpatialOps.AffineWarp3d(input, theta, 3, 4, 5)),
            SpatialOps.AffineWarp3d(strange, theta.transpose(0, 1).contiguous().transpose(0, 1), 3, 4, 5),
            1e-12);
    }

    [TestMethod]
    public void LeavesNoTensorBehind()
    {
        var before = LiveTensors();
        foreach (var mode in new[] { SamplingMode.Nearest, SamplingMode.Bilinear })
        {
            using var input = Singles(Uniform(9, 24), 1, 1, 2, 3, 4);
            using var theta = Singles(Uniform(10, 12), 1, 12);
            using var output = SpatialOps.AffineWarp3d(input, theta, 2, 2, 2, mode);
            Assert.AreEqual(before + 3, LiveTensors());
        }

        Assert.AreEqual(before, LiveTensors());
    }

    [TestMethod]
    public void RefusesWhatDoesNotFit()
    {
        using var scope = torch.NewDisposeScope();
        var input = Singles(Uniform(11, 2 * 3 * 24), 2, 3, 2, 3, 4);
        var theta = Singles(Uniform(12, 24), 2, 3, 4);
        var grid = SpatialOps.AffineGrid3d(theta, 2, 2, 2);

        void Refused(string argument, string part, Action action)
        {
            var error = Assert.Throws<ArgumentException>(action);
            Assert.AreEqual(argument, error.ParamName);
            StringAssert.Contains(error.Message, part);
        }

        Refused("theta", "[2, 2, 6]", () => SpatialOps.AffineGrid3d(theta.reshape(2, 2, 6), 2, 2, 2));
        Refused("theta", "Int64", () => SpatialOps.AffineGrid3d(theta.to_type(ScalarType.Int64), 2, 2, 2));
        Refused("outputDepth", "outputDepth is 0", () => SpatialOps.AffineGrid3d(theta, 0, 2, 2));
        Refused("outputHeight", "outputHeight is 0", () => SpatialOps.AffineWarp3d(input, theta, 2, 0, 2));
        Refused("outputWidth", "outputWidth is -3", () => SpatialOps.AffineWarp3d(input, theta, 2, 2, -3));
        Refused("input", "[2, 3, 24]", () => SpatialOps.AffineWarp3d(input.flatten(2), theta, 2, 2, 2));
        Refused("input", "[2, 3, 2, 12]", () => SpatialOps.GridSample(input.flatten(3), grid));
        Refused("input", "[2, 3, 2, 3, 4]", () => SpatialOps.GridSample(input, grid.narrow(4, 0, 2).flatten(1, 2)));
        Refused("grid", "[2, 2, 2, 2, 2]", () => SpatialOps.GridSample(input, grid.narrow(4, 0, 2)));
        Refused("grid", "has 1 pictures", () => SpatialOps.GridSample(input, grid.narrow(0, 0, 1)));
        Refused("mode", "Bicubic", () => SpatialOps.GridSample(input, grid, SamplingMode.Bicubic));
        Refused("mode", "Bicubic", () => SpatialOps.AffineWarp3d(input, theta, 2, 2, 2, SamplingMode.Bicubic));
        Assert.Throws<ArgumentNullException>(() => SpatialOps.AffineGrid3d(null!, 2, 2, 2));
        Assert.Throws<ArgumentNullException>(() => SpatialOps.AffineWarp3d(null!, theta, 2, 2, 2));
    }
}
