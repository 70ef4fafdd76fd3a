using Microsoft.ML.Spatial.Functional;
using Microsoft.ML.Spatial.Modules;

namespace Microsoft.ML.Spatial.Tests.Modules;

[TestClass]
public class FcosTargetsTests
{
    private const int Classes = 3;

    [TestMethod]
    [DataRow(new[] { 8 }, 48, 64)]
    [DataRow(new[] { 8, 16, 32 }, 200, 190)]
    [DataRow(new[] { 4, 8 }, 37, 51)]
    public void AreThoseOfTheDefinition(int[] strides, int height, int width)
    {
        ImageObjects[] images =
        [
            NaiveDetection.Objects(1, 9, height, width, Classes, 3, width), NaiveDetection.Objects(0, 0, height, width, Classes), NaiveDetection.Objects(2, 4, height, width, Classes, 3, width / 2),
        ];
        var locations = FcosLocation.All([.. strides.Select(stride => new FeatureLevel(stride, 1))], height, width);

        var targets = new FcosTargets(images, Classes, locations);

        var expected = Naive(images, strides, height, width);
        CollectionAssert.AreEqual(expected.Select(target => target.At).ToArray(), targets.Positives.ToArray());
        CollectionAssert.AreEqual(expected.SelectMany(target => target.Box).ToArray(), targets.Boxes.Select(number => (double)number).ToArray());
        for (var i = 0; i < expected.Count; i++)
            Assert.AreEqual(expected[i].Centerness, targets.Centerness[i], 1e-5);
        var presence = new float[3 * locations.Length * Classes];
        foreach (var target in expected)
            presence[(target.At * Classes) + target.Class] = 1;
        CollectionAssert.AreEqual(presence, targets.Presence);

        // Every level has its share, or the data tells nothing.
        foreach (var stride in strides)
            Assert.IsTrue(targets.Positives.Any(at => locations[at % locations.Length].Stride == stride), $"stride {stride}");
    }

    [TestMethod]
    [DataRow(4f, 0f, 20f, 20f, 0, DisplayName = "on the left side")]
    [DataRow(3.9f, 0f, 20f, 20f, 1, DisplayName = "just inside")]
    [DataRow(-12f, 0f, 4f, 20f, 0, DisplayName = "on the right side")]
    [DataRow(0f, 4f, 20f, 20f, 0, DisplayName = "on the upper side")]
    [DataRow(0f, -12f, 20f, 4f, 0, DisplayName = "on the lower side")]
    [DataRow(0f, 0f, 32f, 32f, 1, DisplayName = "one and a half strides from the centre")]
    [DataRow(0f, 0f, 32.1f, 32f, 0, DisplayName = "farther than that across")]
    [DataRow(0f, 0f, 32f, 32.1f, 0, DisplayName = "farther than that down")]
    public void AreWithinTheBoxAndNearItsCentre(float x0, float y0, float x1, float y1, int count) =>
        Assert.HasCount(count, new FcosTargets([new([x0, y0, x1, y1], [0])], Classes, [new(4, 4, 8, 0, float.PositiveInfinity)]).Positives);

    [TestMethod]
    [DataRow(64f, 1, 0)]
    [DataRow(64.5f, 0, 1)]
    [DataRow(128f, 0, 1)]
    [DataRow(128.5f, 0, 0)]
    public void LevelsTakeObjectsByTheFarthestSide(float reach, int onFine, int onCoarse)
    {
        ImageObjects[] images = [new([100 - reach, 90, 100 + reach, 110], [0])];

        Assert.HasCount(onFine, new FcosTargets(images, Classes, [new(100, 100, 8, 0, 64)]).Positives);
        Assert.HasCount(onCoarse, new FcosTargets(images, Classes, [new(100, 100, 16, 64, 128)]).Positives);
    }

    [TestMethod]
    public void TheSmallestObjectHasALocationAndOfEqualsTheFirst()
    {
        FcosLocation[] locations = [new(4, 4, 8, 0, float.PositiveInfinity)];
        float[] wide = [-4, -4, 12, 12], small = [0, 0, 9, 8], equal = [0, 0, 8, 9];

        var targets = new FcosTargets([new([.. wide, .. small, .. equal], [0, 1, 2]), new([.. equal, .. wide, .. small], [2, 0, 1])], Classes, locations);

        CollectionAssert.AreEqual((float[])[.. small, .. equal], targets.Boxes.ToArray());
        CollectionAssert.AreEqual(new float[] { 0, 1, 0, 0, 0, 1 }, targets.Presence);
    }

    private static List<(long At, int Class, double[] Box, double Centerness)> Naive(ImageObjects[] images, int[] strides, int height, int width)
    {
        var targets = new List<(long, int, double[], double)>();
        var at = 0L;
        foreach (var image in images)
        {
            var boxes = NaiveDetection.Boxes(image.Boxes);
            for (var level = 0; level < strides.Length; level++)
            {
                var stride = strides[level];
                var (least, most) = (level == 0 ? 0 : 8.0 * strides[level - 1], level == strides.Length - 1 ? double.PositiveInfinity : 8.0 * stride);
                for (var y = stride / 2; y < height + (stride / 2); y += stride)
                {
                    for (var x = stride / 2; x < width + (stride / 2); x += stride, at++)
                    {
                        var own = boxes.Select((box, i) => (Box: box, Index: i, Sides: new[] { x - box[0], y - box[1], box[2] - x, box[3] - y })).Where(one =>
                            one.Sides.Min() > 0 && one.Sides.Max() > least && one.Sides.Max() <= most
                            && Math.Abs(one.Sides[0] - one.Sides[2]) / 2 <= 1.5 * stride && Math.Abs(one.Sides[1] - one.Sides[3]) / 2 <= 1.5 * stride)
                            .OrderBy(one => (one.Box[2] - one.Box[0]) * (one.Box[3] - one.Box[1])).FirstOrDefault();
                        if (own.Box is null)
                            continue;
                        double Ratio(int side) => Math.Min(own.Sides[side], own.Sides[side + 2]) / Math.Max(own.Sides[side], own.Sides[side + 2]);
                        targets.Add((at, image.Classes[own.Index], own.Box, Math.Sqrt(Ratio(0) * Ratio(1))));
                    }
                }
            }
        }

        return targets;
    }
}
