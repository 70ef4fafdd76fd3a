using Microsoft.ML.Spatial.Functional;
using TorchSharp;
using static Microsoft.ML.Spatial.Tests.Functional.TestTensors;
using static TorchSharp.torch;

namespace Microsoft.ML.Spatial.Tests.Functional;

[TestClass]
public class ProjectiveThetaTests
{
    private static readonly double[] Square = [-1, -1, 1, -1, 1, 1, -1, 1];

    private static readonly double[] Sample = [0.9, 0.1, 0.2, -0.2, 1.1, -0.1, 0.15, -0.25];

    [TestMethod]
    public void IdentityAndAffineHaveNoPerspective()
    {
        using var scope = torch.NewDisposeScope();
        AreClose([1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0], ProjectiveTheta.Identity(2, ScalarType.Float32, CPU), 0);
        AreClose([1, 2, 3, 4, 5, 6, 0, 0], ProjectiveTheta.FromAffine(Of([1, 2, 3, 4, 5, 6], 1, 2, 3)), 0);
        CollectionAssert.AreEqual(new long[] { 0, 8 }, ProjectiveTheta.FromAffine(Singles([], 0, 6)).shape);
    }

    [TestMethod]
    public void CornersGoWhereTheySay()
    {
        using var scope = torch.NewDisposeScope();
        double[] target = [.. Square, -0.9, -0.8, 0.7, -1.1, 1.2, 0.9, -1, 0.6];
        double[] source = [-0.5, -0.6, 0.8, -0.4, 0.6, 0.9, -0.7, 0.5, .. Square];

        var theta = ProjectiveTheta.FromCorners(Of(target, 2, 4, 2), Of(source, 2, 4, 2));

        CollectionAssert.AreEqual(new long[] { 2, 8 }, theta.shape);
        CornersAreBrought(Values(theta), target, source, 1e-12);
        CornersAreBrought(Values(ProjectiveTheta.FromCorners(Singles(target, 2, 4, 2), Singles(source, 2, 4, 2))), target, source, 1e-5);
        CollectionAssert.AreEqual(new long[] { 0, 8 }, ProjectiveTheta.FromCorners(Singles([], 0, 4, 2), Singles([], 0, 4, 2)).shape);
    }

    [TestMethod]
    public void CornersMayComeInAnyOrder()
    {
        using var scope = torch.NewDisposeScope();
        double[] source = [-0.5, -0.6, 0.8, -0.4, 0.6, 0.9, -0.7, 0.5];
        double[] Ordered(double[] points, params int[] order) => [.. order.SelectMany(i => new[] { points[2 * i], points[(2 * i) + 1] })];
        var expected = Values(ProjectiveTheta.FromCorners(Of(Square, 1, 4, 2), Of(source, 1, 4, 2)));

        AreClose(expected, ProjectiveTheta.FromCorners(Of(Ordered(Square, 0, 1, 3, 2), 1, 4, 2), Of(Ordered(source, 0, 1, 3, 2), 1, 4, 2)), 1e-12);
        AreClose(expected, ProjectiveTheta.FromCorners(Of(Ordered(Square, 3, 0, 2, 1), 1, 4, 2), Of(Ordered(source, 3, 0, 2, 1), 1, 4, 2)), 1e-12);
    }

    [TestMethod]
    public void ComposeAppliesOneAfterTheOther()
    {
        using var scope = torch.NewDisposeScope();
        double[] other = [1.1, -0.3, 0.1, 0.2, 0.8, 0.3, -0.1, 0.2];

        var both = Values(ProjectiveTheta.Compose(Of(Sample, 1, 8), Of(other, 1, 8)));

        foreach (var (x, y) in new[] { (0.0, 0.0), (0.5, -0.3), (-1, 1), (0.9, 0.9) })
        {
            var (middleX, middleY) = Mapped(other, x, y);
            var (expectedX, expectedY) = Mapped(Sample, middleX, middleY);
            var (actualX, actualY) = Mapped(both, x, y);
            Assert.AreEqual(expectedX, actualX, 1e-12);
            Assert.AreEqual(expectedY, actualY, 1e-12);
        }

        AreClose(
            Values(ProjectiveTheta.FromAffine(AffineTheta.Compose(Of(Sample[..6], 1, 6), Of(other[..6], 1, 6)))),
            ProjectiveTheta.Compose(ProjectiveTheta.FromAffine(Of(Sample[..6], 1, 6)), ProjectiveTheta.FromAffine(Of(other[..6], 1, 6))),
            1e-12);
    }

    [TestMethod]
    public void InverseUndoes()
    {
        using var scope = torch.NewDisposeScope();
        var theta = Of(Sample, 1, 8);
        double[] identity = [1, 0, 0, 0, 1, 0, 0, 0];

        AreClose(identity, ProjectiveTheta.Compose(theta, ProjectiveTheta.Inverse(theta)), 1e-12);
        AreClose(identity, ProjectiveTheta.Compose(ProjectiveTheta.Inverse(theta), theta), 1e-12);
        AreClose(identity, ProjectiveTheta.Compose(ProjectiveTheta.Inverse(Singles(Sample, 1, 8)), Singles(Sample, 1, 8)), 1e-6);
        CollectionAssert.AreEqual(new long[] { 0, 8 }, ProjectiveTheta.Inverse(Singles([], 0, 8)).shape);
    }

    [TestMethod]
    public void GradientsFlow()
    {
        using var scope = torch.NewDisposeScope();
        var weight = Of(Uniform(1, 8), 1, 8);
        var source = Of([-0.5, -0.6, 0.8, -0.4, 0.6, 0.9, -0.7, 0.5], 1, 4, 2);
        (string Name, Func<Tensor, Tensor> Build)[] functions =
        [
            ("inverse", ProjectiveTheta.Inverse),
            ("outer", x => ProjectiveTheta.Compose(x, Of([1.1, -0.3, 0.1, 0.2, 0.8, 0.3, -0.1, 0.2], 1, 8))),
            ("inner", x => ProjectiveTheta.Compose(Of([1.1, -0.3, 0.1, 0.2, 0.8, 0.3, -0.1, 0.2], 1, 8), x)),
            ("target", x => ProjectiveTheta.FromCorners(x.view(1, 4, 2).mul(0.2).add(Of(Square, 4, 2)), source)),
            ("source", x => ProjectiveTheta.FromCorners(source, x.view(1, 4, 2).mul(0.2).add(Of(Square, 4, 2)))),
        ];
        foreach (var (name, build) in functions)
        {
            double Loss(double[] x) => Values(build(Of(x, 1, 8)).mul(weight).sum())[0];
            var parameters = Of(Sample, 1, 8).requires_grad_();
            build(parameters).mul(weight).sum().backward();
            for (var i = 0; i < 8; i++)
            {
                double[] Moved(double by) => [.. Sample.Select((value, k) => k == i ? value + by : value)];
                Assert.AreEqual((Loss(Moved(1e-6)) - Loss(Moved(-1e-6))) / 2e-6, Values(parameters.grad!)[i], 1e-7, $"{name} {i}");
            }
        }
    }

    [TestMethod]
    public void RefusesWhatCannotBeSaid()
    {
        using var scope = torch.NewDisposeScope();
        void Refused(string argument, string part, Action action)
        {
            var error = Assert.Throws<ArgumentException>(action);
            Assert.AreEqual(argument, error.ParamName);
            StringAssert.Contains(error.Message, part);
        }

        double[] identity = [1, 0, 0, 0, 1, 0, 0, 0];
        Refused("theta", "picture 1 cannot be inverted: its determinant is 0", () => ProjectiveTheta.Inverse(Of([.. identity, 1, 2, 0, 2, 4, 0, 0, 0], 2, 8)));
        Refused("theta", "picture 0 cannot be inverted: its determinant is NaN", () => ProjectiveTheta.Inverse(Of([1, 0, 0, double.NaN, 1, 0, 0, 0], 1, 8)));
        Refused("theta", "picture 1 that is the inverse brings the centre of the target to infinity", () => ProjectiveTheta.Inverse(Of([.. identity, 0, 1, 1, 0, 1, 0, 1, 0], 2, 8)));
        Refused("outer", "picture 0 that is composed brings the centre of the target to infinity", () => ProjectiveTheta.Compose(Of([1, 0, 0, 0, 1, 0, 1, 0], 1, 8), Of([1, 0, -1, 0, 1, 0, 0, 0], 1, 8)));
        Refused("outer", "picture 0 that is composed is not finite", () => ProjectiveTheta.Compose(Of([double.NaN, 0, 0, 0, 1, 0, 1, 0], 1, 8), Of(identity, 1, 8)));

        double[] line = [-1, -1, 0, 0, 1, 1, -1, 1];
        Refused("source", "Points 0, 1 and 2 of picture 1 of source", () => ProjectiveTheta.FromCorners(Of([.. Square, .. Square], 2, 4, 2), Of([.. Square, .. line], 2, 4, 2).contiguous()));
        Refused("target", "picture 0 of target", () => ProjectiveTheta.FromCorners(Of([-1, -1, -1, -1, 1, 1, -1, 1], 1, 4, 2), Of(Square, 1, 4, 2)));
        Refused("source", "not finite", () => ProjectiveTheta.FromCorners(Of(Square, 1, 4, 2), Of([-1, -1, 1, double.NaN, 1, 1, -1, 1], 1, 4, 2)));
        Refused("source", "[1, 8]", () => ProjectiveTheta.FromCorners(Of(Square, 1, 4, 2), Of(Square, 1, 8)));
        Refused("source", "source has 2 pictures and target has 1", () => ProjectiveTheta.FromCorners(Of(Square, 1, 4, 2), Of([.. Square, .. Square], 2, 4, 2)));
        Refused("source", "Float32", () => ProjectiveTheta.FromCorners(Of(Square, 1, 4, 2), Singles(Square, 1, 4, 2)));
        Refused("theta", "[1, 6]", () => ProjectiveTheta.Inverse(Of(identity[..6], 1, 6)));
        Refused("inner", "[1, 6]", () => ProjectiveTheta.Compose(Of(identity, 1, 8), Of(identity[..6], 1, 6)));
        Refused("inner", "Float32", () => ProjectiveTheta.Compose(Of(identity, 1, 8), Singles(identity, 1, 8)));
        Refused("theta", "[1, 8]", () => ProjectiveTheta.FromAffine(Of(identity, 1, 8)));
        Assert.Throws<ArgumentNullException>(() => ProjectiveTheta.Inverse(null!));
        Assert.Throws<ArgumentNullException>(() => ProjectiveTheta.FromCorners(Of(Square, 1, 4, 2), null!));
    }

    private static void CornersAreBrought(double[] thetas, double[] target, double[] source, double tolerance)
    {
        for (var i = 0; i < target.Length; i += 2)
        {
            var (x, y) = Mapped(thetas[(i / 8 * 8)..(i / 8 * 8 + 8)], target[i], target[i + 1]);
            Assert.AreEqual(source[i], x, tolerance);
            Assert.AreEqual(source[i + 1], y, tolerance);
        }
    }

    private static (double X, double Y) Mapped(double[] h, double x, double y)
    {
        var denominator = h[6] * x + h[7] * y + 1;
        return ((h[0] * x + h[1] * y + h[2]) / denominator, (h[3] * x + h[4] * y + h[5]) / denominator);
    }
}
