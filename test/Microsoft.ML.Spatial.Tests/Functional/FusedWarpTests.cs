using Microsoft.ML.Spatial.Functional;
using TorchSharp;
using static Microsoft.ML.Spatial.Tests.Functional.TestTensors;
using static TorchSharp.torch;

namespace Microsoft.ML.Spatial.Tests.Functional;

/// <summary>What the kernels promise beyond the values, which the tests of each operator hold: threads, memory, and a backward that never throws.</summary>
[TestClass]
public class FusedWarpTests
{
    private static readonly ThinPlateSpline Spline = new(3, 4);

    public static IEnumerable<object[]> Cases =>
        from kind in Enum.GetValues<FusedWarp.ThetaKind>()
        from mode in Enum.GetValues<SamplingMode>()
        from channels in new[] { 1, 3, 20 }
        select new object[] { (int)kind, mode, channels };

    [TestMethod]
    [DoNotParallelize]
    [DynamicData(nameof(Cases))]
    public void ResultsAreTheSameForAnyNumberOfThreads(int kind, SamplingMode mode, int channels)
    {
        using var scope = torch.NewDisposeScope();
        AreTheSameForAnyNumberOfThreads(() =>
        {
            var input = Input(5, channels).requires_grad_();
            var theta = Theta((FusedWarp.ThetaKind)kind, 5).requires_grad_();
            var output = Warp((FusedWarp.ThetaKind)kind, input, theta, mode);
            output.backward([Singles(Uniform(3, (int)output.NumberOfElements), output.shape)]);
            return [Values(output), Values(input.grad!), theta.grad is null ? [] : Values(theta.grad)];
        });
    }

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void EqualsTheCompositionOfTorch(int kind, SamplingMode mode, int channels)
    {
        using var scope = torch.NewDisposeScope();
        var theta = Theta((FusedWarp.ThetaKind)kind, 4);
        var input = Input(4, channels);

        // Double precision goes the composed way.
        var composed = Warp((FusedWarp.ThetaKind)kind, input.to_type(ScalarType.Float64), theta.to_type(ScalarType.Float64), mode);

        AreClose(Values(composed), Warp((FusedWarp.ThetaKind)kind, input, theta, mode), 1e-5);
    }

    [TestMethod]
    [DoNotParallelize]
    public void LeavesNoTensorBehind()
    {
        using (var outer = torch.NewDisposeScope())
        {
            var input = Input(2, 3).requires_grad_();
            var theta = Theta(FusedWarp.ThetaKind.Affine, 2).requires_grad_();
            var before = LiveTensors();
            using (var inner = torch.NewDisposeScope())
            {
                Warp(FusedWarp.ThetaKind.Affine, input, theta, SamplingMode.Bilinear).sum().backward();
                (input.grad, theta.grad) = (null, null);
            }

            Assert.AreEqual(before, LiveTensors());
            Warp(FusedWarp.ThetaKind.Affine, input.detach(), theta.detach(), SamplingMode.Bilinear).Dispose();
        }
    }

    [TestMethod]
    [DataRow(true, false)]
    [DataRow(false, true)]
    public void OnlyWhatAsksForAGradientGetsOne(bool forInput, bool forTheta)
    {
        using var scope = torch.NewDisposeScope();
        foreach (var channels in new[] { 1, 3, 20 })
        {
            var input = Input(2, channels).requires_grad_(forInput);
            var theta = Theta(FusedWarp.ThetaKind.Projective, 2).requires_grad_(forTheta);

            Warp(FusedWarp.ThetaKind.Projective, input, theta, SamplingMode.Bilinear).sum().backward();

            Assert.AreEqual(forInput, input.grad is not null);
            Assert.AreEqual(forTheta, theta.grad is not null);
        }
    }

    [TestMethod]
    [DataRow(ScalarType.Float32)]
    [DataRow(ScalarType.Float64)]
    public void AnEmptyOutputGivesZeroGradients(ScalarType type)
    {
        using var scope = torch.NewDisposeScope();
        var input = Input(2, 3).to_type(type).requires_grad_();
        var grid = Of([], 2, 0, 5, 2).to_type(type).requires_grad_();

        SpatialOps.GridSample(input, grid).sum().backward();

        Assert.IsTrue(Values(input.grad!).All(value => value == 0));
    }

    [TestMethod]
    public void ABackwardThatCannotBeDoneGivesNaNRatherThanThrowing()
    {
        using var scope = torch.NewDisposeScope();
        var input = Input(2, 3).requires_grad_();
        var theta = Theta(FusedWarp.ThetaKind.Affine, 2).requires_grad_();
        var copy = input.mul(1);
        var output = Warp(FusedWarp.ThetaKind.Affine, copy, theta, SamplingMode.Bilinear);
        using (no_grad())
            copy.zero_();

        output.sum().backward();

        Assert.IsTrue(Values(theta.grad!).All(double.IsNaN));
        Assert.IsTrue(Values(input.grad!).All(double.IsNaN));
    }

    [TestMethod]
    [DataRow(double.NaN)]
    [DataRow(double.PositiveInfinity)]
    [DataRow(-1e30)]
    public void ABackwardSurvivesAnyThetaAndGradient(double value)
    {
        using var scope = torch.NewDisposeScope();
        foreach (var kind in Enum.GetValues<FusedWarp.ThetaKind>())
        {
            foreach (var mode in Enum.GetValues<SamplingMode>())
            {
                foreach (var padding in Enum.GetValues<PaddingMode>())
                {
                    foreach (var channels in new[] { 1, 3, 20 })
                    {
                        var input = Input(2, channels).requires_grad_();
                        var odd = Theta(kind, 2);
                        var first = odd.narrow(odd.Dimensions - 1, 0, 1);
                        first.copy_(first.mul(0).add(value));
                        var theta = odd.requires_grad_();
                        var output = Warp(kind, input, theta, mode, padding);
                        Assert.IsTrue(Values(output).All(double.IsFinite), $"{kind} {mode} {padding} {channels}");

                        output.sum().backward();

                        Assert.IsTrue(Values(input.grad!).All(double.IsFinite), $"{kind} {mode} {padding} {channels}");
                        output = Warp(kind, input, theta, mode, padding);
                        output.backward([output.detach().mul(0).add(value)]);
                    }
                }
            }
        }
    }

    private static Tensor Input(int pictures, int channels) => Singles(Uniform(1, pictures * channels * 7 * 9), pictures, channels, 7, 9);

    /// <summary>Parameters near the identity, some points outside.</summary>
    private static Tensor Theta(FusedWarp.ThetaKind kind, int pictures)
    {
        var centre = kind switch
        {
            FusedWarp.ThetaKind.Affine => [1, 0, 0, 0, 1, 0],
            FusedWarp.ThetaKind.Projective => [1, 0, 0, 0, 1, 0, 0, 0],
            FusedWarp.ThetaKind.ThinPlateSpline => Array.ConvertAll(Spline.IdentityTheta(), point => (double)point),
            _ => Uniform(4, 11 * 29 * 2, -1.3, 1.3),
        };
        var noise = Uniform(2, pictures * centre.Length, -0.25, 0.25);
        var values = noise.Select((shift, i) => centre[i % centre.Length] + shift).ToArray();
        return kind == FusedWarp.ThetaKind.Grid ? Singles(values, pictures, 11, 29, 2) : Singles(values, pictures, centre.Length);
    }

    private static Tensor Warp(FusedWarp.ThetaKind kind, Tensor input, Tensor theta, SamplingMode mode, PaddingMode padding = PaddingMode.Zeros) => kind switch
    {
        FusedWarp.ThetaKind.Affine => SpatialOps.AffineWarp(input, theta, 11, 29, mode, padding),
        FusedWarp.ThetaKind.Projective => SpatialOps.ProjectiveWarp(input, theta, 11, 29, mode, padding),
        FusedWarp.ThetaKind.ThinPlateSpline => SpatialOps.ThinPlateSplineWarp(input, theta, Spline, 11, 29, mode, padding),
        _ => SpatialOps.GridSample(input, theta, mode, padding),
    };
}
