using static Microsoft.ML.Spatial.Tests.Functional.TestTensors;

namespace Microsoft.ML.Spatial.Tests.Functional;

/// <summary>The boxes of boxes_expected.py: multiples of 1/4, which single precision holds exactly.</summary>
internal static class TestBoxes
{
    internal static double[] Boxes(int count, int shift) =>
    [
        .. Enumerable.Range(0, count).SelectMany(i =>
        {
            var (x, y) = ((37 * i + 11 * shift) % 101 / 4.0, (53 * i + 7 * shift) % 97 / 4.0);
            return new[] { x, y, x + 5 + (29 * i + 13 * shift) % 41 / 2.0, y + 4 + (31 * i + 5 * shift) % 37 / 2.0 };
        }),
    ];

    internal static double[] Scores(int count) => [.. Enumerable.Range(0, count).Select(i => 17 * i % 23 / 32.0)];

    /// <summary>Boxes of any place and size, some of them empty.</summary>
    internal static double[] Random(int seed, int count, double least = -1)
    {
        var (places, sizes) = (Uniform(seed, 2 * count, -20, 60), Uniform(seed + 1, 2 * count, least, 40));
        return [.. Enumerable.Range(0, count).SelectMany(i => new[] { places[2 * i], places[2 * i + 1], places[2 * i] + sizes[2 * i], places[2 * i + 1] + sizes[2 * i + 1] })];
    }

    /// <summary>Intersection over union, and the generalised one, from the definition.</summary>
    internal static (double IoU, double Generalized) Overlap(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        double Area(double width, double height) => width > 0 && height > 0 ? width * height : 0;
        var shared = Area(Math.Min(a[2], b[2]) - Math.Max(a[0], b[0]), Math.Min(a[3], b[3]) - Math.Max(a[1], b[1]));
        var union = Area(a[2] - a[0], a[3] - a[1]) + Area(b[2] - b[0], b[3] - b[1]) - shared;
        var hull = Area(Math.Max(a[2], b[2]) - Math.Min(a[0], b[0]), Math.Max(a[3], b[3]) - Math.Min(a[1], b[1]));
        var ratio = union > 0 ? shared / union : 0;
        return (ratio, hull > 0 ? ratio - (hull - union) / hull : ratio);
    }
}
