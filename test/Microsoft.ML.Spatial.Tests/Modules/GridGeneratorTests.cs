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
    public void IdentityThetaGivesTheRegularGrid(TransformationKind kind, int parameters, bool alignCorners)
    {
        using var scope = torch.NewDisposeScope();
        using var generator = GridGenerator.Create(kind, 3, 5, alignCorners);
        Assert.AreEqual(parameters, generator.ParameterCount);
        var theta = generator.IdentityTheta();
        Assert.HasCount(parameters, theta);

        var grid = generator.call(TensorFactory.FromArray<float>(theta, [1, parameters], torch.CPU));

        CollectionAssert.AreEqual(new long[] { 1, 3, 5, 2 }, grid.shape);
        AreClose(ReferenceSampler.AffineGrid([1, 0, 0, 0, 1, 0], 3, 5, alignCorners), grid, 1e-6);
        Assert.IsEmpty(generator.parameters());
    }

    [TestMethod]
    public void RefusesWhatDoesNotFit()
    {
        Assert.AreEqual("outputHeight", Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => GridGenerator.Create(TransformationKind.Affine, 0, 5)).ParamName);
        Assert.AreEqual("kind", Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => GridGenerator.Create((TransformationKind)9, 5, 5)).ParamName);
    }
}
