using Microsoft.ML.Spatial.Functional;
using Microsoft.ML.Spatial.Modules;
using Microsoft.ML.Spatial.Tests.Functional;
using TorchSharp;
using static Microsoft.ML.Spatial.Tests.Functional.TestTensors;

namespace Microsoft.ML.Spatial.Tests.Modules;

[TestClass]
public class SpatialTransformerTests
{
    [TestMethod]
    [DataRow(TransformationKind.Affine, false)]
    [DataRow(TransformationKind.Affine, true)]
    [DataRow(TransformationKind.Attention, false)]
    [DataRow(TransformationKind.Projective, true)]
    [DataRow(TransformationKind.ThinPlateSpline, false)]
    public void AFreshOneLeavesThePicture(TransformationKind kind, bool alignCorners)
    {
        using var scope = torch.NewDisposeScope();
        var grid = GridGenerator.Create(kind, 9, 12, alignCorners);
        using var transformer = new SpatialTransformer(
            new ConvolutionalLocalisation(2, 9, 12, grid.IdentityTheta()), grid, SamplingMode.Bilinear, PaddingMode.Zeros, alignCorners);
        var input = Uniform(1, 3 * 2 * 9 * 12);

        AreClose(input, transformer.call(Singles(input, 3, 2, 9, 12)), 1e-5);
    }

    [TestMethod]
    public void ReadsWhereItsLocalisationNetworkSays()
    {
        using var scope = torch.NewDisposeScope();
        float[] theta = [0.5f, 0.1f, 0.2f, -0.3f, 0.7f, 0.1f];
        using var transformer = new SpatialTransformer(
            new FullyConnectedLocalisation(1, 6, 8, theta), new AffineGridGenerator(4, 5), SamplingMode.Nearest, PaddingMode.Border);
        var input = Uniform(2, 2 * 48);
        var grid = ReferenceSampler.AffineGrid([.. theta.Concat(theta).Select(value => (double)value)], 4, 5, false);

        var (rectified, chosen) = transformer.Rectify(Singles(input, 2, 1, 6, 8));

        AreClose(
            ReferenceSampler.Sample(input, [2, 1, 6, 8], grid, SamplingMode.Nearest, PaddingMode.Border, false),
            rectified,
            1e-6);
        AreClose([.. theta.Concat(theta).Select(value => (double)value)], chosen, 0);
    }

    [TestMethod]
    public void TakesAnyLocalisationNetwork()
    {
        using var scope = torch.NewDisposeScope();
        using var transformer = new SpatialTransformer(new Shift(0.25), new AttentionGridGenerator(4, 4));
        var input = Singles([.. Enumerable.Range(0, 16).Select(i => (double)i)], 1, 1, 4, 4);

        // A quarter of the half width is half a pixel: the mean of two neighbours, and of the last pixel and the zero beyond.
        AreClose([0.5, 1.5, 2.5, 1.5], transformer.call(input).narrow(2, 0, 1), 1e-5);
    }

    [TestMethod]
    public void RefusesPartsThatDisagree()
    {
        using var grid = new AffineGridGenerator(4, 4, alignCorners: true);
        using var localisation = new FullyConnectedLocalisation(1, 4, 4, grid.IdentityTheta());
        var error = Assert.ThrowsExactly<ArgumentException>(() => new SpatialTransformer(localisation, grid));
        Assert.AreEqual("alignCorners", error.ParamName);
        Assert.ThrowsExactly<ArgumentNullException>(() => new SpatialTransformer(null!, grid));
        Assert.ThrowsExactly<ArgumentNullException>(() => new SpatialTransformer(localisation, null!));
    }

    /// <summary>Looks to the right by a fixed distance.</summary>
    private sealed class Shift(double distance) : torch.nn.Module<torch.Tensor, torch.Tensor>(nameof(Shift))
    {
        public override torch.Tensor forward(torch.Tensor input) => Singles([1, distance, 0], 1, 3);
    }
}
