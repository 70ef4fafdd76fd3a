using Microsoft.ML.Spatial.Functional;
using Microsoft.ML.Spatial.Modules;
using Microsoft.ML.Spatial.Tests.Functional;

namespace Microsoft.ML.Spatial.Tests.Modules;

[TestClass]
public class BoxMatchTests
{
    [TestMethod]
    public void ComparesEveryBoxWithEveryObject()
    {
        float[] boxes = [.. TestBoxes.Boxes(60, 0).Select(number => (float)number)];
        ImageObjects objects = new([.. TestBoxes.Boxes(7, 3).Select(number => (float)number)], new int[7]);

        var match = BoxMatch.Of(boxes, objects);

        var (naive, others) = (NaiveDetection.Boxes(boxes), NaiveDetection.Boxes(objects.Boxes));
        var most = others.Select(other => naive.Max(box => NaiveDetection.IoU(box, other))).ToArray();
        for (var i = 0; i < naive.Length; i++)
        {
            var (nearest, overlap) = NaiveDetection.Nearest(naive[i], others);
            Assert.AreEqual(overlap == 0 ? 0 : nearest, match.Object[i], $"object of box {i}");
            Assert.AreEqual(overlap, match.Overlap[i], 1e-6, $"overlap of box {i}");
            Assert.AreEqual(others.Where((other, j) => most[j] > 0 && NaiveDetection.IoU(naive[i], other) == most[j]).Any(), match.IsNearest[i], $"box {i}");
        }

        Assert.IsTrue(match.IsNearest.Any(isNearest => isNearest));
    }

    [TestMethod]
    public void OfEqualsTheFirstObjectAndEveryNearestBoxCount()
    {
        // Two objects at one place; two boxes as near to them as each other; one that touches nothing, and an object that nothing touches.
        var match = BoxMatch.Of([0, 0, 4, 4, 2, 0, 6, 4, 50, 50, 60, 60], new ImageObjects([1, 0, 5, 4, 1, 0, 5, 4, 90, 90, 95, 95], [0, 1, 2]));

        CollectionAssert.AreEqual(new[] { 0, 0, 0 }, match.Object);
        CollectionAssert.AreEqual(new[] { 0.6f, 0.6f, 0 }, match.Overlap);
        CollectionAssert.AreEqual(new[] { true, true, false }, match.IsNearest);
    }

    [TestMethod]
    [DoNotParallelize]
    public void OfNothingIsNothingAndNoTensorStays()
    {
        var before = TestTensors.LiveTensors();
        var none = new ImageObjects([], []);
        var some = new ImageObjects([0, 0, 4, 4], [0]);

        Assert.IsEmpty(BoxMatch.Of([], some).Object);
        var match = BoxMatch.Of([0, 0, 4, 4], none);
        Assert.IsTrue(match is { Object: [0], Overlap: [0], IsNearest: [false] });
        Assert.IsTrue(BoxMatch.Of([0, 0, 4, 4], some) is { Object: [0], Overlap: [1], IsNearest: [true] });
        Assert.AreEqual(before, TestTensors.LiveTensors());
    }
}
