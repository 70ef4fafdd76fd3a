using Microsoft.ML.Spatial.Functional;
using TorchSharp;
using static Microsoft.ML.Spatial.Tests.Functional.TestTensors;
using static TorchSharp.torch;

namespace Microsoft.ML.Spatial.Tests.Functional;

/// <summary>Which channels a bin reads, and how the poolings are related.</summary>
[TestClass]
public class RoIRoutingTests
{
    [TestMethod]
    [DataRow(1)]
    [DataRow(3)]
    [DataRow(21)]
    public void EachBinOfAPositionSensitivePoolingReadsItsOwnChannel(int channels)
    {
        using var scope = torch.NewDisposeScope();
        const int Rows = 3, Columns = 2, Side = 12;
        var numbered = Enumerable.Range(0, channels * Rows * Columns).SelectMany(channel => Enumerable.Repeat(channel + 1.0, Side * Side)).ToArray();
        foreach (var type in new[] { ScalarType.Float64, ScalarType.Float32 })
        {
            var input = Of(numbered, 1, channels * Rows * Columns, Side, Side).to_type(type);
            var rois = Of([0, 1.3, 1.2, 10.4, 9.7], 1, 5).to_type(type);

            // Output channel c, bin (i, j): input channel (c·rows + i)·columns + j, which is the output's own order.
            var expected = Enumerable.Range(1, channels * Rows * Columns).Select(number => (double)number).ToArray();
            AreClose(expected, SpatialOps.PSRoIPool(input, rois, Rows, Columns), 1e-6);
            AreClose(expected, SpatialOps.PSRoIAlign(input, rois, Rows, Columns), 1e-6);
        }
    }

    [TestMethod]
    [DataRow(2, 4)]
    [DataRow(3, 3)]
    [DataRow(3, 7)]
    [DataRow(1, 2)]
    public void EachBinOfADeformablePoolingReadsItsGroup(int groups, int pooled)
    {
        using var scope = torch.NewDisposeScope();
        const int Channels = 4, Side = 16;
        var count = Channels * groups * groups;
        var numbered = Enumerable.Range(0, count).SelectMany(channel => Enumerable.Repeat(channel + 1.0, Side * Side)).ToArray();
        var expected =
            from c in Enumerable.Range(0, Channels)
            from i in Enumerable.Range(0, pooled)
            from j in Enumerable.Range(0, pooled)
            select (c * groups + Math.Floor(i * groups / (double)pooled)) * groups + Math.Floor(j * groups / (double)pooled) + 1;
        foreach (var type in new[] { ScalarType.Float64, ScalarType.Float32 })
        {
            var input = Of(numbered, 1, count, Side, Side).to_type(type);
            var output = SpatialOps.DeformPSRoIPool(input, Of([0, 2, 1, 13, 12], 1, 5).to_type(type), null, Channels, groups, pooled);
            AreClose([.. expected], output, 1e-6);
        }
    }

    [TestMethod]
    public void EachClassIsMovedByItsOwnOffsets()
    {
        using var scope = torch.NewDisposeScope();

        // A ramp to the right and down: a move of one pixel adds 1 or 10.
        var ramp = Enumerable.Range(0, 20 * 20).Select(i => i % 20 + 10.0 * (i / 20)).ToArray();
        double[] input = [.. ramp, .. ramp, .. ramp, .. ramp];
        double[] offsets = [0.5, 0, 0, -0.25];
        foreach (var type in new[] { ScalarType.Float64, ScalarType.Float32 })
        {
            var (pictures, rois) = (Of(input, 1, 4, 20, 20).to_type(type), Of([0, 5, 5, 12, 12], 1, 5).to_type(type));
            var still = Values(SpatialOps.DeformPSRoIPool(pictures, rois, null, 4, 1, 1));

            var moved = SpatialOps.DeformPSRoIPool(pictures, rois, Of(offsets, 1, 4, 1, 1).to_type(type), 4, 1, 1, transStd: 0.5);

            // Width and height of the RoI are 8: 0.5·0.5·8 = 2 pixels right for the first class, 1 pixel up for the second.
            AreClose([still[0] + 2, still[1] + 2, still[2] - 10, still[3] - 10], moved, 1e-5);
        }
    }

    [TestMethod]
    [DataRow(0)]
    [DataRow(2)]
    public void WithoutOffsetsADeformablePoolingIsThePlainOne(int ratio)
    {
        using var scope = torch.NewDisposeScope();
        foreach (var type in new[] { ScalarType.Float64, ScalarType.Float32 })
        {
            var input = Of(Uniform(1, 2 * 5 * 8 * 9), 2, 5, 8, 9).to_type(type).requires_grad_();
            var again = input.detach().clone().requires_grad_();
            var rois = Of([0, 1.2, 2.3, 10.1, 14.6, 1, -3.4, 0.7, 16.2, 9.9, 1, 7, 7, 7, 7], 3, 5).to_type(type);
            var zeros = Of(new double[3 * 2 * 3 * 4], 3, 2, 3, 4).to_type(type);

            var plain = SpatialOps.RoIAlign(input, rois, 3, 4, 0.5, ratio, aligned: true);
            var deformable = SpatialOps.DeformRoIPool(again, rois, zeros, 3, 4, 0.5, ratio);
            plain.mul(plain).sum().backward();
            deformable.mul(deformable).sum().backward();

            AreClose(Values(plain), deformable, 0);
            AreClose(Values(plain), SpatialOps.DeformRoIPool(again, rois, null, 3, 4, 0.5, ratio), 0);
            AreClose(Values(input.grad!), again.grad!, 1e-12);
        }
    }

    [TestMethod]
    public void WithoutOffsetsAPositionSensitiveOneIsTheSame()
    {
        using var scope = torch.NewDisposeScope();
        foreach (var type in new[] { ScalarType.Float64, ScalarType.Float32 })
        {
            var input = Of(Uniform(1, 2 * 8 * 8 * 9), 2, 8, 8, 9).to_type(type);
            var rois = Of([0, 1.2, 2.3, 10.1, 14.6, 1, -3.4, 0.7, 16.2, 9.9], 2, 5).to_type(type);
            var none = SpatialOps.DeformPSRoIPool(input, rois, null, 2, 2, 4, 0.5);
            foreach (var classes in new[] { 1, 2 })
            {
                var zeros = Of(new double[2 * 2 * classes * 16], 2, 2 * classes, 4, 4).to_type(type);
                AreClose(Values(none), SpatialOps.DeformPSRoIPool(input, rois, zeros, 2, 2, 4, 0.5), 0);
            }
        }
    }

    [TestMethod]
    [DataRow(0)]
    [DataRow(90)]
    public void AnRoIMuchLargerThanThePictureIsReadWhereItCoversIt(int ratio)
    {
        using var scope = torch.NewDisposeScope();
        long[] shape = [1, 2, 4, 5];
        double[] rois = [0, -180.37, -90.61, 200.23, 130.49];
        var input = Uniform(3, 2 * 4 * 5);
        var reference = new ReferenceRoI(shape, rois);
        var expected = reference.Pool(reference.Align(null, 2, 2, 1, ratio, aligned: true), input, 8);
        Assert.IsTrue(expected.Any(value => value != 0));

        // So far from 0, single precision places a sample to some 1e-5 of a pixel.
        foreach (var (type, tolerance) in new[] { (ScalarType.Float64, 1e-10), (ScalarType.Float32, 1e-4) })
        {
            var (pictures, regions) = (Of(input, shape).to_type(type), Of(rois, 1, 5).to_type(type));
            AreClose(expected, SpatialOps.RoIAlign(pictures, regions, 2, 2, 1, ratio, aligned: true), tolerance * expected.Max(Math.Abs), relative: false);
            AreClose(expected, SpatialOps.DeformRoIPool(pictures, regions, null, 2, 2, 1, ratio), tolerance * expected.Max(Math.Abs), relative: false);
            var zeros = Of(new double[8], 1, 2, 2, 2).to_type(type);
            AreClose(expected, SpatialOps.DeformRoIPool(pictures, regions, zeros, 2, 2, 1, ratio), tolerance * expected.Max(Math.Abs), relative: false);
        }
    }

    /// <summary>RoIs of different sizes in one call have bins of different numbers of samples.</summary>
    [TestMethod]
    public void OnAWidePictureOnlyABinsOwnSamplesCount()
    {
        using var scope = torch.NewDisposeScope();
        long[] shape = [1, 2, 3, 40000];
        double[] rois = [0, 1.3, 0.2, 6.4, 2.9, 0, 39000.3, -1.1, 39020.6, 2.2];
        var input = Uniform(3, 2 * 3 * 40000, 1, 2);
        var reference = new ReferenceRoI(shape, rois);
        var expected = reference.Pool(reference.Align(null, 2, 2, 1, 0, aligned: true), input, 16);

        // So far to the right, single precision places a sample to some 1e-3 of a pixel.
        foreach (var (type, tolerance) in new[] { (ScalarType.Float64, 1e-10), (ScalarType.Float32, 1e-2) })
        {
            var (pictures, regions) = (Of(input, shape).to_type(type).requires_grad_(), Of(rois, 2, 5).to_type(type));
            var zeros = Of(new double[16], 2, 2, 2, 2).to_type(type);
            AreClose(expected, SpatialOps.RoIAlign(pictures, regions, 2, 2, 1, 0, aligned: true), tolerance);
            AreClose(expected, SpatialOps.DeformRoIPool(pictures, regions, zeros, 2, 2), tolerance);
            foreach (var nowhere in new[] { double.NaN, double.PositiveInfinity, double.NegativeInfinity })
            {
                var output = SpatialOps.DeformRoIPool(pictures, regions, zeros.add(nowhere), 2, 2);
                output.sum().backward();
                Assert.IsTrue(Values(output).All(value => value == 0), $"{nowhere}");
                Assert.IsTrue(Values(pictures.grad!).All(value => value == 0), $"{nowhere}");
            }
        }
    }

    [TestMethod]
    [DataRow(3277)]
    [DataRow(-3277)]
    public void ABinMovedFarAwayReadsNothing(double move)
    {
        using var scope = torch.NewDisposeScope();

        // Of a width of 99.99 a move of -3277 is one by -32766.7 pixels.
        double[] rois = [0, 0, 0, 99.99, 4.4, 0, 0, 0, 120.3, 7.7];
        foreach (var type in new[] { ScalarType.Float64, ScalarType.Float32 })
        {
            var input = Of(Uniform(3, 8 * 130, 1, 2), 1, 1, 8, 130).to_type(type).requires_grad_();
            var offsets = Of([move, 0, move, 0], 2, 2, 1, 1).to_type(type).requires_grad_();
            var output = SpatialOps.DeformRoIPool(input, Of(rois, 2, 5).to_type(type), offsets, 1, 1);
            output.sum().backward();
            AreClose([0, 0], output, 0);
            Assert.IsTrue(Values(input.grad!).Concat(Values(offsets.grad!)).All(value => value == 0), $"{type}");
        }
    }

    [TestMethod]
    [DataRow(ScalarType.Float16)]
    [DataRow(ScalarType.BFloat16)]
    public void MoreSamplesThanATypeCountsHaveTheirMean(ScalarType type)
    {
        using var scope = torch.NewDisposeScope();
        var ones = Of([.. Enumerable.Repeat(1.0, 20)], 1, 1, 4, 5).to_type(type);
        AreClose([1], SpatialOps.RoIAlign(ones, Of([0, 0, 0, 4, 3], 1, 5).to_type(type), 1, 1, samplingRatio: 300), 0.01);
    }

    [TestMethod]
    public void OfEqualPixelsTheFirstTakesTheGradient()
    {
        using var scope = torch.NewDisposeScope();
        foreach (var type in new[] { ScalarType.Float64, ScalarType.Float32 })
        {
            var input = Of([0, 1, 2, 0, 0, 2, 1, 2, 0], 1, 1, 3, 3).to_type(type).requires_grad_();
            SpatialOps.RoIPool(input, Of([0, 0, 0, 2, 2], 1, 5).to_type(type), 1, 1).sum().backward();
            AreClose([0, 0, 1, 0, 0, 0, 0, 0, 0], input.grad!, 0);
        }
    }

    [TestMethod]
    public void AMaximumPassesOverWhatIsNotANumber()
    {
        using var scope = torch.NewDisposeScope();
        foreach (var (type, least) in new[]
        {
            (ScalarType.Float64, float.MinValue), (ScalarType.Float32, float.MinValue), (ScalarType.Float16, (double)Half.MinValue), (ScalarType.BFloat16, -Math.ScaleB(255, 120)),
        })
        {
            var input = Of([double.NaN, -3, double.NegativeInfinity, double.NaN, double.NaN, 5], 1, 1, 2, 3).to_type(type);
            var rois = Of([0, 0, 0, 1, 1, 0, 0, 1, 1, 1, 0, 0, 0, 2, 1, 0, 7, 7, 9, 9], 4, 5).to_type(type);
            AreClose([-3, least, 5, 0], SpatialOps.RoIPool(input, rois, 1, 1), 0);
        }
    }
}
