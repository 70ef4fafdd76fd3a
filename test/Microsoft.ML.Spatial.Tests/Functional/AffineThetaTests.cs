using Microsoft.ML.Spatial.Functional;
using TorchSharp;
using static Microsoft.ML.Spatial.Tests.Functional.TestTensors;
using static TorchSharp.torch;

namespace Microsoft.ML.Spatial.Tests.Functional;

[TestClass]
public class AffineThetaTests
{
    private static readonly double Cos30 = Math.Sqrt(3) / 2;

    [TestMethod]
    public void IdentityLeavesEveryPicture()
    {
        using var scope = torch.NewDisposeScope();
        var theta = AffineTheta.Identity(2, ScalarType.Float64, CPU);

        Assert.AreEqual(ScalarType.Float64, theta.dtype);
        CollectionAssert.AreEqual(new long[] { 2, 2, 3 }, theta.shape);
        AreClose([1, 0, 0, 0, 1, 0, 1, 0, 0, 0, 1, 0], theta, 0);
        CollectionAssert.AreEqual(new long[] { 0, 2, 3 }, AffineTheta.Identity(0, ScalarType.Float32, CPU).shape);
    }

    [TestMethod]
    public void BuildersGiveTheirMatrices()
    {
        using var scope = torch.NewDisposeScope();
        AreClose([Cos30, -0.5, 0, 0.5, Cos30, 0, 0, 1, 0, -1, 0, 0], AffineTheta.RotationFromDegrees(Of([30, -90], 2)), 1e-12);
        AreClose([Cos30, -0.5, 0, 0.5, Cos30, 0], AffineTheta.RotationFromRadians(Of([Math.PI / 6], 1)), 1e-12);
        AreClose([Cos30, -0.25, 0, 1, Cos30, 0], AffineTheta.RotationFromDegrees(Of([30], 1), aspect: 2), 1e-12);
        AreClose([1, 0, -0.5, 0, 1, 0.25], AffineTheta.Translation(Of([0.5], 1), Of([-0.25], 1)), 0);
        AreClose([0.5, 0, 0, 0, -4, 0], AffineTheta.Scale(Of([2], 1), Of([-0.25], 1)), 1e-12);
        AreClose([1, -1, 0, 0, 1, 0], AffineTheta.ShearFromDegrees(Of([45], 1), Of([0], 1)), 1e-12);
        AreClose([1, 0, 0, -1, 1, 0], AffineTheta.ShearFromRadians(Of([0], 1), Of([Math.PI / 4], 1)), 1e-12);
        AreClose([2, -0.5, 0, -2, 1, 0], AffineTheta.ShearFromDegrees(Of([45], 1), Of([45], 1), aspect: 2), 1e-12);
    }

    /// <summary>A quarter turn counter-clockwise brings the right column of pixels to the top row, whatever the aspect.</summary>
    [TestMethod]
    public void TheBuildersDoVisiblyWhatTheySay()
    {
        using var scope = torch.NewDisposeScope();
        var square = Of([1, 2, 3, 4, 5, 6, 7, 8, 9], 1, 1, 3, 3);
        Tensor Seen(Tensor theta) => SpatialOps.AffineWarp(square, theta, 3, 3, SamplingMode.Bilinear, PaddingMode.Zeros, true);

        AreClose([3, 6, 9, 2, 5, 8, 1, 4, 7], Seen(AffineTheta.RotationFromDegrees(Of([90], 1))), 1e-12);
        AreClose([0, 1, 2, 0, 4, 5, 0, 7, 8], Seen(AffineTheta.Translation(Of([1], 1), Of([0], 1))), 1e-12);
        AreClose([0, 0, 0, 1, 2, 3, 4, 5, 6], Seen(AffineTheta.Translation(Of([0], 1), Of([1], 1))), 1e-12);
        AreClose([3, 4, 5, 4.5, 5.5, 6.5, 6, 7, 8], Seen(AffineTheta.Scale(Of([1], 1), Of([2], 1))).add(Of([0.5], 1)), 1e-12);
        AreClose([3, 2, 1, 6, 5, 4, 9, 8, 7], Seen(AffineTheta.Scale(Of([-1], 1), Of([1], 1))), 1e-12);
        AreClose([2, 3, 0, 4, 5, 6, 0, 7, 8], Seen(AffineTheta.ShearFromDegrees(Of([45], 1), Of([0], 1))), 1e-12);
        AreClose([4, 2, 0, 7, 5, 3, 0, 8, 6], Seen(AffineTheta.ShearFromDegrees(Of([0], 1), Of([45], 1))), 1e-12);
    }

    [TestMethod]
    public void AspectTurnsInPixels()
    {
        using var scope = torch.NewDisposeScope();

        // A bar across a picture of 9 x 5 pixels, turned upright about the centre, with corners aligned: its units are 8 x 4 pixels.
        var bar = new double[45];
        bar[(2 * 9) + 3] = bar[(2 * 9) + 4] = bar[(2 * 9) + 5] = 1;
        var upright = new double[45];
        upright[9 + 4] = upright[(2 * 9) + 4] = upright[(3 * 9) + 4] = 1;

        var turned = SpatialOps.AffineWarp(Of(bar, 1, 1, 5, 9), AffineTheta.RotationFromDegrees(Of([90], 1), aspect: 2), 5, 9, SamplingMode.Bilinear, PaddingMode.Zeros, true);

        AreClose(upright, turned, 1e-12);
    }

    [TestMethod]
    public void ComposeIsTheMatrixProduct()
    {
        using var scope = torch.NewDisposeScope();
        var outer = Of([1, 2, 3, 4, 5, 6], 1, 6);
        var inner = Of([7, 8, 9, 10, 11, 12], 1, 2, 3);

        AreClose([27, 30, 36, 78, 87, 102], AffineTheta.Compose(outer, inner), 0);
    }

    /// <summary>warp(warp(x, a), b) is warp(x, Compose(a, b)): moved first and turned then.</summary>
    [TestMethod]
    public void WhatThePictureDoesFirstComesFirst()
    {
        using var scope = torch.NewDisposeScope();
        var picture = Of([0, 0, 0, 0, 1, 0, 0, 0, 0], 1, 1, 3, 3);
        var (right, turn) = (AffineTheta.Translation(Of([1], 1), Of([0], 1)), AffineTheta.RotationFromDegrees(Of([90], 1)));
        Tensor Warp(Tensor input, Tensor theta) => SpatialOps.AffineWarp(input, theta, 3, 3, SamplingMode.Bilinear, PaddingMode.Zeros, true);
        double[] atTheTop = [0, 1, 0, 0, 0, 0, 0, 0, 0];

        AreClose(atTheTop, Warp(Warp(picture, right), turn), 1e-12);
        AreClose(atTheTop, Warp(picture, AffineTheta.Compose(right, turn)), 1e-12);
        AreClose([0, 0, 0, 0, 0, 1, 0, 0, 0], Warp(picture, AffineTheta.Compose(turn, right)), 1e-12);
    }

    [TestMethod]
    public void InverseUndoes()
    {
        using var scope = torch.NewDisposeScope();
        var theta = Of([0.9, 0.2, 0.3, -0.4, 1.1, -0.5, 1e-8, 0, 3, 0, 1e-8, 4, 1e-30, 0, 0, 0, 1e-30, 0], 3, 2, 3);
        var inverse = AffineTheta.Inverse(theta);

        var identity = Values(AffineTheta.Identity(3, ScalarType.Float64, CPU));
        AreClose(identity, AffineTheta.Compose(inverse, theta), 1e-7);
        AreClose(identity, AffineTheta.Compose(theta, inverse), 1e-7);
        CollectionAssert.AreEqual(new long[] { 0, 2, 3 }, AffineTheta.Inverse(Singles([], 0, 6)).shape);
    }

    [TestMethod]
    public void GradientsFlow()
    {
        using var scope = torch.NewDisposeScope();
        var weight = Of(Uniform(1, 6), 1, 2, 3);
        (string Name, Func<Tensor, Tensor> Build, double[] At)[] builders =
        [
            ("degrees", x => AffineTheta.RotationFromDegrees(x.select(1, 0), 1.5), [25]),
            ("radians", x => AffineTheta.RotationFromRadians(x.select(1, 0), 1.5), [0.7]),
            ("translation", x => AffineTheta.Translation(x.select(1, 0), x.select(1, 1)), [0.3, 0.4]),
            ("scale", x => AffineTheta.Scale(x.select(1, 0), x.select(1, 1)), [0.8, -1.4]),
            ("shear degrees", x => AffineTheta.ShearFromDegrees(x.select(1, 0), x.select(1, 1), 0.5), [20, -10]),
            ("shear radians", x => AffineTheta.ShearFromRadians(x.select(1, 0), x.select(1, 1), 0.5), [0.3, -0.2]),
            ("inverse", AffineTheta.Inverse, [0.9, 0.2, 0.3, -0.4, 1.1, -0.5]),
            ("compose", x => AffineTheta.Compose(x, AffineTheta.Inverse(x.mul(x).add(Of([1, 0, 0, 0, 1, 0], 6)))), [0.9, 0.2, 0.3, -0.4, 1.1, -0.5]),
        ];
        foreach (var (name, build, at) in builders)
        {
            double Loss(double[] x) => Values(build(Of(x, 1, x.Length)).mul(weight).sum())[0];
            var parameters = Of(at, 1, at.Length).requires_grad_();
            build(parameters).mul(weight).sum().backward();
            for (var i = 0; i < at.Length; i++)
            {
                double[] Moved(double by) => [.. at.Select((value, k) => k == i ? value + by : value)];
                Assert.AreEqual((Loss(Moved(1e-6)) - Loss(Moved(-1e-6))) / 2e-6, Values(parameters.grad!)[i], 1e-7, $"{name} {i}");
            }
        }
    }

    [TestMethod]
    public void LeavesNoTensorBehind()
    {
        var before = LiveTensors();
        using (var x = Singles([0.5], 1))
        using (var theta = AffineTheta.RotationFromDegrees(x))
        using (var sheared = AffineTheta.ShearFromDegrees(x, x))
        using (var inverse = AffineTheta.Inverse(theta))
        using (var composed = AffineTheta.Compose(inverse, sheared))
        using (var projective = ProjectiveTheta.FromAffine(composed))
        using (var back = ProjectiveTheta.Inverse(projective))
        using (var both = ProjectiveTheta.Compose(projective, back))
            Assert.AreEqual(before + 8, LiveTensors());
        Assert.AreEqual(before, LiveTensors());
    }

    [TestMethod]
    [DataRow(new double[] { 1, 2, 0, 2, 4, 0 }, "determinant is 0")]
    [DataRow(new double[] { 0.1, 0.3, 5, 0.7, 2.1, 0 }, "determinant is ")]
    [DataRow(new double[] { 0, 0, 0, 0, 0, 0 }, "determinant is 0")]
    [DataRow(new double[] { double.NaN, 0, 0, 0, 1, 0 }, "determinant is NaN")]
    [DataRow(new double[] { 1, 0, double.NaN, 0, 1, 0 }, "determinant is 1")]
    [DataRow(new double[] { 1e300, 0, 0, 0, 1e300, 0 }, "determinant is ")]
    public void InverseRefusesTheSingular(double[] matrix, string part)
    {
        using var scope = torch.NewDisposeScope();
        var error = Assert.ThrowsExactly<ArgumentException>(() => AffineTheta.Inverse(Of([1, 0, 0, 0, 1, 0, .. matrix], 2, 6)));

        Assert.AreEqual("theta", error.ParamName);
        StringAssert.Contains(error.Message, "picture 1");
        StringAssert.Contains(error.Message, part);
        Assert.ThrowsExactly<ArgumentException>(() => AffineTheta.Inverse(Singles(matrix, 1, 6)));
    }

    [TestMethod]
    public void RefusesWhatDoesNotFit()
    {
        using var scope = torch.NewDisposeScope();
        var (vector, theta) = (Singles([1, 2], 2), Singles(Uniform(2, 12), 2, 6));
        var integers = TensorFactory.FromArray<long>([1, 2], [2], CPU);

        void Refused(string argument, string part, Action action)
        {
            var error = Assert.Throws<ArgumentException>(action);
            Assert.AreEqual(argument, error.ParamName);
            StringAssert.Contains(error.Message, part);
        }

        Refused("degrees", "[2, 6]", () => AffineTheta.RotationFromDegrees(theta));
        Refused("radians", "Int64", () => AffineTheta.RotationFromRadians(integers));
        Refused("aspect", "aspect is 0", () => AffineTheta.RotationFromDegrees(vector, 0));
        Refused("aspect", "aspect is NaN", () => AffineTheta.ShearFromDegrees(vector, vector, double.NaN));
        Refused("y", "y has 1 numbers and x has 2", () => AffineTheta.Translation(vector, Singles([1], 1)));
        Refused("y", "Float64", () => AffineTheta.Scale(vector, Of([1, 2], 2)));
        Refused("x", "[2, 6]", () => AffineTheta.ShearFromRadians(theta, vector));
        Refused("outer", "[2]", () => AffineTheta.Compose(vector, theta));
        Refused("inner", "[2]", () => AffineTheta.Compose(theta, vector));
        Refused("inner", "inner has 1 transformations and outer has 2", () => AffineTheta.Compose(theta, theta.narrow(0, 0, 1)));
        Refused("inner", "Float64", () => AffineTheta.Compose(theta, theta.to_type(ScalarType.Float64)));
        Refused("theta", "[2]", () => AffineTheta.Inverse(vector));
        Refused("count", "-1", () => AffineTheta.Identity(-1, ScalarType.Float32, CPU));
        Assert.Throws<ArgumentNullException>(() => AffineTheta.Identity(1, ScalarType.Float32, null!));
        Assert.Throws<ArgumentNullException>(() => AffineTheta.RotationFromDegrees(null!));
        Assert.Throws<ArgumentNullException>(() => AffineTheta.Compose(theta, null!));
        Assert.Throws<ArgumentNullException>(() => AffineTheta.Inverse(null!));
    }
}
