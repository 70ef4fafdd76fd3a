using Microsoft.ML.Spatial.Samples.DetectFashion.Training;
using Microsoft.ML.Spatial.Samples.FashionMnist.Data;

namespace Microsoft.ML.Spatial.Tests.Samples;

[TestClass]
public sealed class FoundObjectsTests
{
    private static readonly FoundObjects Found = new([0, 0, 10, 10, 0, 1, 10, 10, 20, 5, 30, 9, 0, 5, 10, 15], [1, 2, 3, 1], [0.9f, 0.8f, 0.5f, 0.2f]);

    /// <summary>The second box is in the first by nine tenths, though of another class; the fourth overlaps it by a third.</summary>
    [TestMethod]
    [DataRow(0.1f, new[] { 0, 2, 3 })]
    [DataRow(0.5f, new[] { 0, 2 })]
    [DataRow(0.95f, new int[0])]
    public void ShowsOneBoxAnObjectFromAScoreOn(float leastScore, int[] expected) => CollectionAssert.AreEqual(expected, Found.Shown(leastScore).ToArray());

    [TestMethod]
    public void BoxesHaveAPlaceAndASize() => Assert.AreEqual(new PixelBox(20, 5, 10, 4), Found.Box(2));

    [TestMethod]
    public void OneBitMakesADifference()
    {
        Assert.IsTrue(Found.IsSame(Found with { Boxes = [.. Found.Boxes] }));
        Assert.IsFalse(Found.IsSame(Found with { Scores = [0.9f, 0.8f, 0.5f, MathF.BitIncrement(0.2f)] }));
        Assert.IsFalse(Found.IsSame(Found with { Keys = [1, 2, 3, 2] }));
        Assert.IsFalse(Found.IsSame(Found with { Boxes = Found.Boxes[..12] }));
    }
}
