using Microsoft.ML.Spatial.Modules;

namespace Microsoft.ML.Spatial.Tests.Modules;

[TestClass]
public class AnchorBoxesTests
{
    [TestMethod]
    [DataRow(8, 40, 56)]
    [DataRow(8, 41, 50)]
    [DataRow(16, 5, 3)]
    [DataRow(4, 1, 9)]
    public void StandAroundTheMiddleOfEveryPosition(int stride, int height, int width)
    {
        var anchors = new AnchorBoxes(stride, [2 * stride, 5 * stride]);

        var boxes = anchors.All(height, width);

        var expected = NaiveDetection.Anchors(stride, [2 * stride, 5 * stride], height, width);
        Assert.AreEqual(6, anchors.PerPosition);
        Assert.HasCount(4 * expected.Length, boxes);
        for (var i = 0; i < boxes.Length; i++)
            Assert.AreEqual(expected[i / 4][i % 4], boxes[i], 1e-4, $"number {i % 4} of anchor {i / 4}");
    }

    /// <summary>
    /// torchvision's AnchorGenerator(sizes=((32, 64),), aspect_ratios=((0.5, 1, 2),)) has the same sides and, as here, ratios of height to width; it goes through ratios first and sizes within,
    /// rounds the corners to whole pixels (halves to even), and stands around the corner of a position, not its middle.
    /// </summary>
    [TestMethod]
    public void AreTorchvisionsButForPlaceOrderAndRounding()
    {
        int[][] torchvision = [[-23, -11, 23, 11], [-45, -23, 45, 23], [-16, -16, 16, 16], [-32, -32, 32, 32], [-11, -23, 11, 23], [-23, -45, 23, 45]];

        var boxes = new AnchorBoxes(8, [32, 64]).All(8, 8);

        for (var ratio = 0; ratio < 3; ratio++)
        {
            for (var side = 0; side < 2; side++)
            {
                var anchor = boxes[(4 * ((3 * side) + ratio))..][..4];
                CollectionAssert.AreEqual(torchvision[(2 * ratio) + side], Array.ConvertAll(anchor, number => (int)MathF.Round(number - 4)));
            }
        }
    }
}
