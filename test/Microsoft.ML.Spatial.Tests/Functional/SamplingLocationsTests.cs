using Microsoft.ML.Spatial.Functional;
using TorchSharp;
using static Microsoft.ML.Spatial.Tests.Functional.TestTensors;
using static TorchSharp.torch;

namespace Microsoft.ML.Spatial.Tests.Functional;

[TestClass]
public class SamplingLocationsTests
{
    private static readonly ConvolutionGeometry Asymmetric = new((3, 2), (2, 1), (1, 0), (2, 3));

    [TestMethod]
    [DataRow(ScalarType.Float64)]
    [DataRow(ScalarType.Float32)]
    public void AreTheRegularPointsAndTheOffsets(ScalarType type)
    {
        using var scope = torch.NewDisposeScope();
        const int Pictures = 2, Groups = 3, Taps = 6, Height = 4, Width = 5;
        var offsets = Uniform(1, Pictures * Groups * Taps * 2 * Height * Width, -3, 3);
        var field = Of(offsets, Pictures, Groups * Taps * 2, Height, Width).to_type(type).requires_grad_();
        var points = SamplingLocations.Of(field, Asymmetric);
        CollectionAssert.AreEqual(new long[] { Pictures, Groups, Taps, 2, Height, Width }, points.shape);
        var expected = new double[offsets.Length];
        for (var i = 0; i < expected.Length; i++)
        {
            var (x, y, axis, tap) = (i % Width, i / Width % Height, i / (Width * Height) % 2, i / (2 * Width * Height) % Taps);
            expected[i] = offsets[i] + (axis == 0 ? 2 * y - 1 + 2 * (tap / 2) : x + 3 * (tap % 2));
        }

        AreClose(expected, points, type == ScalarType.Float64 ? 1e-12 : 1e-6);
        points.sum().backward();
        Assert.IsTrue(Values(field.grad!).All(value => value == 1));

        // Of one layer alone, a position's points are those.
        var through = SamplingLocations.Through([(field, Asymmetric)], 1, 2, 3);
        Assert.HasCount(Groups * Taps, through);
        for (var k = 0; k < through.Length; k++)
        {
            var at = ((Groups * Taps + k) * 2 * Height + 2) * Width + 3;
            Assert.AreEqual(expected[at], through[k].Y, 1e-6);
            Assert.AreEqual(expected[at + Height * Width], through[k].X, 1e-6);
        }
    }

    [TestMethod]
    public void ThreeLayersHave729Points()
    {
        using var scope = torch.NewDisposeScope();
        var plain = new ConvolutionGeometry((3, 3), padding: (1, 1));
        var none = Singles(new double[18 * 81], 1, 18, 9, 9);
        var points = SamplingLocations.Through([(none, plain), (none, plain), (none, plain)], 0, 4, 5);
        Assert.HasCount(729, points);

        // Without offsets they fill 7 x 7 pixels, as often as paths lead there.
        int[] paths = [1, 3, 6, 7, 6, 3, 1];
        foreach (var pixel in points.GroupBy(point => point))
            Assert.AreEqual(paths[(int)pixel.Key.Y - 1] * paths[(int)pixel.Key.X - 2], pixel.Count());
        Assert.HasCount(49, points.Distinct());
    }

    /// <summary>With whole offsets an output's gradient reaches exactly the pixels that the points name.</summary>
    [TestMethod]
    [DataRow(1)]
    [DataRow(2)]
    [DataRow(3)]
    public void AreThePixelsThatTheGradientReaches(int seed)
    {
        using var scope = torch.NewDisposeScope();
        var random = new Random(seed);
        (ConvolutionGeometry Geometry, long Height, long Width)[] stack =
            [(new((3, 2), (2, 1), (1, 0), (1, 2)), 20, 38), (new((3, 3), padding: (2, 1), dilation: (2, 1)), 20, 38), (new((2, 3), (1, 2)), 19, 18)];
        var input = Singles(Uniform(1, 40 * 40), 1, 1, 40, 40).requires_grad_();
        var map = input;
        var layers = new List<(Tensor, ConvolutionGeometry)>();
        foreach (var (geometry, height, width) in stack)
        {
            var field = Singles([.. Enumerable.Range(0, (int)(2 * geometry.Taps * height * width)).Select(_ => (double)random.Next(-2, 3))], 1, 2 * geometry.Taps, height, width);
            var weight = Singles(Uniform(4, (int)geometry.Taps, 0.5, 1), 1, 1, geometry.Kernel.Vertical, geometry.Kernel.Horizontal);
            map = SpatialOps.DeformConv2d(map, field, weight, null, geometry.Stride, geometry.Padding, geometry.Dilation);
            CollectionAssert.AreEqual(new[] { 1, 1, height, width }, map.shape);
            layers.Add((field, geometry));
        }

        map.select(2, 9).select(2, 8).sum().backward();

        // A point outside a map in between would read zero and lead no further; in the middle there is none.
        var gradient = Values(input.grad!);
        var reached = Enumerable.Range(0, 1600).Where(i => gradient[i] != 0).ToArray();
        var points = SamplingLocations.Through(layers, 0, 9, 8);
        Assert.HasCount(6 * 9 * 6, points);
        var named = points.Select(point => (int)(point.Y * 40 + point.X)).Distinct().Order().ToArray();
        CollectionAssert.AreEqual(reached, named);
    }

    [TestMethod]
    public void WhatIsNotFiniteIsNowhere()
    {
        using var scope = torch.NewDisposeScope();
        var geometry = new ConvolutionGeometry((1, 1));
        var field = Singles([double.NaN, double.PositiveInfinity], 1, 2, 1, 1);
        Assert.IsTrue(Values(SamplingLocations.Of(field, geometry)).All(double.IsNaN));
        Assert.IsTrue(SamplingLocations.Through([(field, geometry)], 0, 0, 0).All(point => double.IsNaN(point.Y) && double.IsNaN(point.X)));

        // One number is enough, in any layer.
        var (half, none) = (Singles([0, double.NegativeInfinity], 1, 2, 1, 1), Singles([0, 0], 1, 2, 1, 1));
        Assert.IsTrue(SamplingLocations.Through([(none, geometry), (half, geometry)], 0, 0, 0).All(point => double.IsNaN(point.Y) && double.IsNaN(point.X)));
        Assert.IsTrue(double.IsNaN(Values(EffectiveDilation.Map(Singles([0, 0, double.PositiveInfinity, 0], 1, 4, 1, 1), new ConvolutionGeometry((1, 2)))).Single()));
    }

    [TestMethod]
    public void RefusesWhatDoesNotFit()
    {
        using var scope = torch.NewDisposeScope();
        var geometry = new ConvolutionGeometry((3, 3));
        var field = Singles(new double[18 * 20], 1, 18, 4, 5);
        Assert.AreEqual("geometry", Assert.ThrowsExactly<ArgumentNullException>(() => SamplingLocations.Of(field, null!)).ParamName);
        Assert.AreEqual("offsets", Assert.ThrowsExactly<ArgumentNullException>(() => SamplingLocations.Of(null!, geometry)).ParamName);
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => SamplingLocations.Of(Singles(new double[10], 1, 10, 1, 1), geometry)).Message, "[1, 10, 1, 1]; [N, 2·groups·3·3, Ho, Wo] is needed");
        Assert.AreEqual("layers", Assert.ThrowsExactly<ArgumentException>(() => SamplingLocations.Through([], 0, 0, 0)).ParamName);
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => SamplingLocations.Through([(field, geometry)], 0, 4, 0)).Message, "row is 4; it must be between 0 and 3");
        Assert.AreEqual("column", Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => SamplingLocations.Through([(field, geometry)], 0, 0, -1)).ParamName);
        Assert.AreEqual("picture", Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => SamplingLocations.Through([(field, geometry)], 1, 0, 0)).ParamName);
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => SamplingLocations.Through([.. Enumerable.Repeat((field, geometry), 7)], 0, 0, 0)).Message, "4782969 points; at most 4194304");
        StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentException>(() => SamplingLocations.Through([(field, geometry), (Singles(new double[36], 2, 18, 1, 1), geometry)], 0, 0, 0)).Message, "2 pictures and those of the first of 1");
        Assert.AreEqual("stride", Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new ConvolutionGeometry((3, 3), (0, 1))).ParamName);
    }
}
