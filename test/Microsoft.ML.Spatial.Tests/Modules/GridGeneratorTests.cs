using Microsoft.ML.Spatial.Functional;
using Microsoft.ML.Spatial.Modules;
using Microsoft.ML.Spatial.Tests.Functional;
using TorchSharp;
using static Microsoft.ML.Spatial.Tests.Functional.TestTensors;

namespace Microsoft.ML.Spatial.Tests.Modules;

[TestClass]
public class GridGeneratorTests
{
    [TestMethod]
    [DataRow(TransformationKind.Affine, 6, false)]
    [DataRow(TransformationKind.Affine, 6, true)]
    [DataRow(TransformationKind.Attention, 3, false)]
    [DataRow(TransformationKind.Attention, 3, true)]
    [DataRow(TransformationKind.Projective, 8, false)]
    [DataRow(TransformationKind.Projective, 8, true)]
    [DataRow(TransformationKind.ThinPlateSpline, 18, false)]
    [DataRow(TransformationKind.ThinPlateSpline, 18, true)]
    public void IdentityThetaGivesTheRegularGrid(TransformationKind kind, int parameters, bool alignCorners)
    {
        using var scope = torch.NewDisposeScope();
        using var generator = GridGenerator.Create(kind, 3, 5, alignCorners, controlPointsPerSide: 3);
        Assert.AreEqual(parameters, generator.ParameterCount);
        var theta = generator.IdentityTheta();
        Assert.HasCount(parameters, theta);

        var grid = generator.call(TensorFactory.FromArray<float>(theta, [1, parameters], torch.CPU));

        CollectionAssert.AreEqual(new long[] { 1, 3, 5, 2 }, grid.shape);
        AreClose(ReferenceSampler.AffineGrid([1, 0, 0, 0, 1, 0], 3, 5, alignCorners), grid, 1e-6);
        Assert.IsEmpty(generator.parameters());
    }

    [TestMethod]
    [DataRow(TransformationKind.Affine, false, 0)]
    [DataRow(TransformationKind.Attention, true, 0)]
    [DataRow(TransformationKind.Projective, false, 3)]
    [DataRow(TransformationKind.ThinPlateSpline, true, 3)]
    [DataRow(TransformationKind.ThinPlateSpline, false, 33)]
    public void WarpEqualsGridAndSample(TransformationKind kind, bool alignCorners, int pictures)
    {
        using var scope = torch.NewDisposeScope();
        using var generator = GridGenerator.Create(kind, 4, 7, alignCorners, controlPointsPerSide: 3);
        var identity = generator.IdentityTheta();
        var shifts = Uniform(4, pictures * identity.Length, -0.1, 0.1);
        var theta = Of([.. shifts.Select((shift, i) => identity[i % identity.Length] + shift)], pictures, identity.Length);
        var input = Of(Uniform(5, pictures * 2 * 6 * 5), pictures, 2, 6, 5);

        var warped = generator.Warp(input, theta, SamplingMode.Bilinear, PaddingMode.Border);

        CollectionAssert.AreEqual(new long[] { pictures, 2, 4, 7 }, warped.shape);
        AreClose(Values(SpatialOps.GridSample(input, generator.call(theta), SamplingMode.Bilinear, PaddingMode.Border, alignCorners)), warped, 1e-10);
    }

    [TestMethod]
    public void ASplineTakesPointsAnywhereAndOtherNumbersOfRowsAndColumns()
    {
        using var wide = new ThinPlateSplineGridGenerator(2, 3, 5, 4);
        Assert.AreEqual(12, wide.ParameterCount);
        Assert.AreEqual(6, wide.Spline.ControlPointCount);

        var spline = new ThinPlateSpline([new(-1, -1), new(1, -1), new(0.25f, 1)]);
        using var free = new ThinPlateSplineGridGenerator(spline, 5, 4);
        CollectionAssert.AreEqual(new[] { -1, -1, 1, -1, 0.25f, 1 }, free.IdentityTheta());
    }

    [TestMethod]
    public void RefusesWhatDoesNotFit()
    {
        foreach (var points in new[] { 1, 33 })
        {
            var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => GridGenerator.Create(TransformationKind.ThinPlateSpline, 5, 5, false, points));
            StringAssert.Contains(error.Message, $"controlPointsPerSide is {points}; it must be between 2 and 32");
            GridGenerator.Create(TransformationKind.Projective, 5, 5, false, points).Dispose();
        }

        Assert.AreEqual("spline", Assert.ThrowsExactly<ArgumentNullException>(() => new ThinPlateSplineGridGenerator(null!, 5, 5)).ParamName);
        using var scope = torch.NewDisposeScope();
        using var generator = new ProjectiveGridGenerator(4, 4);
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => generator.Warp(Singles(Uniform(1, 16), 1, 1, 4, 4), Singles(Uniform(1, 6), 1, 6))).Message, "[1, 6]");
        Assert.AreEqual("outputHeight", Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => GridGenerator.Create(TransformationKind.Affine, 0, 5)).ParamName);
        Assert.AreEqual("kind", Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => GridGenerator.Create((TransformationKind)9, 5, 5)).ParamName);
    }
}
