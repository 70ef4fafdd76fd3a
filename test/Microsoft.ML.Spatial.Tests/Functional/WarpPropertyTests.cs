using FsCheck;
using FsCheck.Fluent;
using Microsoft.ML.Spatial.Functional;
using TorchSharp;
using static Microsoft.ML.Spatial.Tests.Functional.TestTensors;
using static TorchSharp.torch;

namespace Microsoft.ML.Spatial.Tests.Functional;

/// <summary>
/// What holds for every picture and transformation. The cases are the same in every run; a failure names its case, shrunk as far as it still fails, and
/// the seed that repeats it.
/// </summary>
[TestClass]
public class WarpPropertyTests
{
    private const int Tests = 200;

    // Regular grids of these have points that single precision holds exactly, as the identity's theta must.
    private static readonly int[] Points = [2, 3, 5, 9];

    private static readonly double[] Plain = [1, 0, 0, 0, 1, 0];

    [TestMethod]
    public void IdentityReturnsTheInput() => Holds(Pictures(), picture =>
    {
        var (input, type) = (picture.Tensor(), picture.Type);
        var (height, width) = (picture.Height, picture.Width);
        var spline = new ThinPlateSpline(Points[height % 3], Points[width % 4]);
        var affine = AffineTheta.Identity(picture.Count, type, CPU);
        var attention = Repeated([1, 0, 0], picture);
        var projective = ProjectiveTheta.Identity(picture.Count, type, CPU);
        var bent = Repeated([.. spline.IdentityTheta()], picture);
        foreach (var mode in Enum.GetValues<SamplingMode>())
        {
            foreach (var padding in Enum.GetValues<PaddingMode>())
            {
                foreach (var align in new[] { false, true })
                {
                    Same(input, SpatialOps.AffineWarp(input, affine, height, width, mode, padding, align), picture.Tolerance, $"affine {mode} {padding} {align}");
                    Same(input, SpatialOps.AttentionWarp(input, attention, height, width, mode, padding, align), picture.Tolerance, $"attention {mode} {padding} {align}");
                    Same(input, SpatialOps.ProjectiveWarp(input, projective, height, width, mode, padding, align), picture.Tolerance, $"projective {mode} {padding} {align}");
                    Same(input, SpatialOps.ThinPlateSplineWarp(input, bent, spline, height, width, mode, padding, align), picture.Tolerance, $"spline {mode} {padding} {align}");
                    Same(
                        input, SpatialOps.GridSample(input, SpatialOps.AffineGrid(affine, height, width, align), mode, padding, align),
                        picture.Tolerance, $"grid {mode} {padding} {align}");
                    if (mode == SamplingMode.Bicubic)
                        continue;
                    var volume = input.unsqueeze(2);
                    var solid = Repeated([1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0], picture);
                    Same(volume, SpatialOps.AffineWarp3d(volume, solid, 1, height, width, mode, padding, align), picture.Tolerance, $"volume {mode} {padding} {align}");
                }
            }
        }
    });

    [TestMethod]
    public void ComposedAffinesAreTheMatrixProduct() => Holds(Maps(2), two =>
    {
        var (outer, inner) = (Of(two.Theta(0), 1, 6), Of(two.Theta(1), 1, 6));
        var composed = AffineTheta.Compose(outer, inner);

        double[] Full(double[] theta) => [.. theta, 0, 0, 1];
        var product = Of(Full(two.Theta(0)), 3, 3).matmul(Of(Full(two.Theta(1)), 3, 3));
        Same(product.narrow(0, 0, 2).unsqueeze(0), composed, 1e-12, "matrix");

        // The grid of both is the outer map of the inner map's points.
        var points = SpatialOps.AffineGrid(inner, two.Height, two.Width).flatten(1, 2);
        var moved = points.matmul(outer.view(1, 2, 3).narrow(2, 0, 2).transpose(1, 2)).add(outer.view(1, 2, 3).narrow(2, 2, 1).transpose(1, 2));
        Same(moved.view(1, two.Height, two.Width, 2), SpatialOps.AffineGrid(composed, two.Height, two.Width), 1e-12, "grid");

        var projective = ProjectiveTheta.Compose(ProjectiveTheta.FromAffine(outer), ProjectiveTheta.FromAffine(inner));
        Same(ProjectiveTheta.FromAffine(composed), projective, 1e-12, "projective");
    });

    [TestMethod]
    public void ASplineThroughItsOwnPointsIsTheIdentity() => Holds(Maps(1), one =>
    {
        foreach (var spline in new[] { new ThinPlateSpline(Points[one.Height % 4], Points[one.Width % 3]), new ThinPlateSpline([new(0, 0), new(0.9f, one.Numbers[0]), new(-0.5f, 0.7f), new(one.Numbers[1], -1)]) })
        {
            foreach (var align in new[] { false, true })
            {
                var grid = SpatialOps.ThinPlateSplineGrid(Of([.. spline.IdentityTheta()], 1, 2 * spline.ControlPointCount), spline, one.Height, one.Width, align);
                Same(SpatialOps.AffineGrid(Of(Plain, 1, 6), one.Height, one.Width, align), grid, 1e-9, $"align {align}");
            }

            // And points moved affinely give an affine map: the spline bends only where it must.
            var a = one.Theta(0);
            double[] moved = [.. spline.IdentityTheta().Chunk(2).SelectMany(p => new[] { a[0] * p[0] + a[1] * p[1] + a[2], a[3] * p[0] + a[4] * p[1] + a[5] })];
            Same(
                SpatialOps.AffineGrid(Of(a, 1, 6), one.Height, one.Width),
                SpatialOps.ThinPlateSplineGrid(Of(moved, 1, moved.Length), spline, one.Height, one.Width), 1e-9, "affine");
        }
    });

    [TestMethod]
    public void NoPerspectiveIsAffine() => Holds(Maps(1), one =>
    {
        foreach (var type in new[] { ScalarType.Float32, ScalarType.Float64 })
        {
            var theta = Of(one.Theta(0), 1, 6).to_type(type);
            var input = Of(Uniform(one.Seed, 2 * one.Height * one.Width), 1, 2, one.Height, one.Width).to_type(type);
            foreach (var align in new[] { false, true })
            {
                var affine = SpatialOps.AffineWarp(input, theta, one.Width, one.Height, SamplingMode.Bilinear, PaddingMode.Border, align);
                var projective = SpatialOps.ProjectiveWarp(input, ProjectiveTheta.FromAffine(theta), one.Width, one.Height, SamplingMode.Bilinear, PaddingMode.Border, align);
                Same(affine, projective, type == ScalarType.Float64 ? 1e-10 : 5e-5, $"{type} {align}");
            }
        }
    });

    [TestMethod]
    public void WarpAndInverseReturnASmoothPicture() => Holds(Maps(1), one =>
    {
        const int Side = 48;
        double[] values = [.. Enumerable.Range(0, Side * Side).Select(i => Math.Sin(2 * (i % Side) / (double)Side + 0.3) * Math.Cos(1.5 * (i / Side) / Side))];
        var input = Of(values, 1, 1, Side, Side);
        var theta = Of(one.Theta(0), 1, 6);
        var warped = SpatialOps.AffineWarp(input, theta, Side, Side, SamplingMode.Bicubic, PaddingMode.Border);
        var back = SpatialOps.AffineWarp(warped, AffineTheta.Inverse(theta), Side, Side, SamplingMode.Bicubic, PaddingMode.Border);

        // Inside are the pixels that came from inside the picture in between.
        var grid = Values(SpatialOps.AffineGrid(AffineTheta.Inverse(theta), Side, Side));
        var returned = Values(back);
        for (var i = 0; i < values.Length; i++)
        {
            var isInside = Math.Abs(grid[2 * i]) < 0.85 && Math.Abs(grid[2 * i + 1]) < 0.85
                && i % Side is > 3 and < Side - 4 && i / Side is > 3 and < Side - 4;
            if (isInside)
                Assert.AreEqual(values[i], returned[i], 2e-3, $"pixel {i}");
        }

        var projective = ProjectiveTheta.FromAffine(theta).add(Of([0, 0, 0, 0, 0, 0, one.Numbers[0] / 10, one.Numbers[1] / 10], 1, 8));
        Same(Of([.. Plain, 0, 0], 1, 8), ProjectiveTheta.Compose(projective, ProjectiveTheta.Inverse(projective)), 1e-9, "projective");
    });

    /// <summary>Checks a property of generated cases.</summary>
    private static void Holds<T>(Arbitrary<T> cases, Action<T> property) => Prop.ForAll(cases, one =>
    {
        using var scope = torch.NewDisposeScope();
        property(one);
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(Tests).WithReplay(20260116, 7));

    private static void Same(Tensor expected, Tensor actual, double tolerance, string what)
    {
        CollectionAssert.AreEqual(expected.shape, actual.shape, what);
        foreach (var (one, other) in Values(expected).Zip(Values(actual)))
            Assert.AreEqual(one, other, tolerance, what);
    }

    private static Tensor Repeated(double[] theta, Picture picture) =>
        Of([.. Enumerable.Range(0, picture.Count).SelectMany(_ => theta)], picture.Count, theta.Length).to_type(picture.Type);

    private static Arbitrary<Picture> Pictures() => Arb.From(
        from count in Gen.Choose(1, 3)
        from channels in Gen.Choose(1, 18)
        from height in Gen.Choose(1, 9)
        from width in Gen.Choose(1, 17)
        from seed in Gen.Choose(0, 1000)
        from isDouble in Gen.Elements(true, false)
        select new Picture(count, channels, height, width, seed, isDouble ? ScalarType.Float64 : ScalarType.Float32),
        picture => new[]
        {
            picture with { Count = 1 }, picture with { Channels = 1 }, picture with { Height = 1 }, picture with { Width = 1 }, picture with { Seed = 0 },
            picture with { Channels = picture.Channels / 2 }, picture with { Height = picture.Height / 2 }, picture with { Width = picture.Width / 2 },
        }.Where(smaller => smaller.Size < picture.Size && smaller.Size > 0));

    private static Arbitrary<AffineMaps> Maps(int count) => Arb.From(
        from numbers in Gen.Choose(-100, 100).ArrayOf(6 * count)
        from height in Gen.Choose(1, 7)
        from width in Gen.Choose(1, 9)
        from seed in Gen.Choose(0, 1000)
        select new AffineMaps([.. numbers.Select(number => number / 100f)], height, width, seed),
        one => Enumerable.Range(0, one.Numbers.Length).Where(i => one.Numbers[i] != 0).Select(i => one with { Numbers = [.. one.Numbers.Select((value, k) => k == i ? 0 : value)] }));

    private sealed record Picture(int Count, int Channels, int Height, int Width, int Seed, ScalarType Type)
    {
        internal double Tolerance => Type == ScalarType.Float64 ? 1e-9 : 1e-4;

        internal int Size => Count * Channels * Height * Width + Seed;

        internal Tensor Tensor() => Of(Uniform(Seed, Count * Channels * Height * Width), Count, Channels, Height, Width).to_type(Type);
    }

    /// <summary>Affine transformations near the identity: numbers of up to 1 each, in their order.</summary>
    private sealed record AffineMaps(float[] Numbers, int Height, int Width, int Seed)
    {
        internal double[] Theta(int index) => [.. Plain.Select((value, i) => value + 0.35 * Numbers[6 * index + i])];

        public override string ToString() => $"[{string.Join(", ", Numbers)}], {Height} x {Width}, seed {Seed}";
    }
}
