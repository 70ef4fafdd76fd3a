using Microsoft.ML.Spatial.Modules;
using Microsoft.ML.Spatial.Tests.Functional;

namespace Microsoft.ML.Spatial.Tests.Modules;

[TestClass]
public class DetectionDecoderTests
{
    [TestMethod]
    [DataRow(0.5, 200)]
    [DataRow(0.2, 7)]
    [DataRow(1.0, 11)]
    [DataRow(0.0, 1)]
    public void ChoosesTheSurestOfEachClassApart(double iouThreshold, int most)
    {
        const int count = 150;
        var (boxes, scores) = (TestBoxes.Random(1, count, 0.5), TestBoxes.Scores(count));
        var labels = new int[count];
        var candidates = new DetectionCandidates();
        for (var i = 0; i < count; i++)
        {
            // Single precision first, so that both see the same boxes.
            for (var j = 4 * i; j < 4 * (i + 1); j++)
                boxes[j] = (float)boxes[j];
            labels[i] = i * 7 % 3;
            candidates.Add((float)boxes[4 * i], (float)boxes[(4 * i) + 1], (float)boxes[(4 * i) + 2], (float)boxes[(4 * i) + 3], (float)scores[i], labels[i]);
        }

        var found = new DetectionDecoder(0, iouThreshold, most).Choose(candidates);

        double[][] each = [.. boxes.Chunk(4)];
        int[] expected = [.. NaiveDetection.Suppress(each, scores, iouThreshold, labels).Take(most)];
        Assert.IsGreaterThanOrEqualTo(Math.Min(most, 3), expected.Length);
        CollectionAssert.AreEqual(expected.SelectMany(i => each[i]).ToArray(), Array.ConvertAll(found.Boxes, number => (double)number));
        CollectionAssert.AreEqual(Array.ConvertAll(expected, i => scores[i]), Array.ConvertAll(found.Scores, number => (double)number));
        CollectionAssert.AreEqual(Array.ConvertAll(expected, i => labels[i]), found.Classes);
    }

    [TestMethod]
    public void ABoxOfNoAreaIsNoCandidate()
    {
        var candidates = new DetectionCandidates();
        candidates.Add(5, 1, 5, 3, 0.9f, 0);
        candidates.Add(1, 5, 3, 5, 0.9f, 0);
        candidates.Add(3, 1, 1, 3, 0.9f, 0);
        candidates.Add(float.NaN, 1, 5, 3, 0.9f, 0);
        candidates.Add(1, 1, 5, float.NaN, 0.9f, 0);
        candidates.Add(1, 1, 5, 3, 0.5f, 1);

        var found = new DetectionDecoder(0, 0.5, 10).Choose(candidates);

        CollectionAssert.AreEqual(new float[] { 1, 1, 5, 3 }, found.Boxes);
        CollectionAssert.AreEqual(new[] { 1 }, found.Classes);
    }

    [TestMethod]
    [DoNotParallelize]
    public void OfNothingNothingIsChosenAndNoTensorStays()
    {
        var before = TestTensors.LiveTensors();
        var found = new DetectionDecoder(0.5, 0.5, 10).Choose(new DetectionCandidates());
        Assert.IsTrue(found is { Boxes: [], Scores: [], Classes: [] });
        Assert.AreEqual(before, TestTensors.LiveTensors());
    }
}
