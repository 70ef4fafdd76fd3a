using System.Runtime.InteropServices;
using Microsoft.ML.Spatial.Functional;
using TorchSharp;
using static Microsoft.ML.Spatial.Tests.Functional.TestTensors;
using static TorchSharp.torch;

namespace Microsoft.ML.Spatial.Tests.Functional;

[TestClass]
public class SoftNmsTests
{
    // The second shares half of the first, the fourth nothing with any.
    private static readonly double[] Worked = [0, 0, 10, 10, 0, 0, 10, 5, 0, 0, 5, 5, 20, 20, 30, 30];

    [TestMethod]
    public void ACaseWorkedByHand()
    {
        using var scope = torch.NewDisposeScope();
        var (kept, scores) = BoxOps.SoftNms(Of(Worked, 4, 4), Of([0.9, 0.8, 0.4, 0.7], 4), 0.5, 0.1);

        // First 0.9; IoU 1/2 and 1/4 with it: 0.8 exp(-1/2) = 0.4852 and 0.4 exp(-1/8) = 0.3530. Then 0.7, which nothing overlaps; then 0.4852, whose IoU with the last is 1/2.
        CollectionAssert.AreEqual(new long[] { 0, 3, 1, 2 }, Numbers(kept));
        AreClose([0.9, 0.7, 0.8 * Math.Exp(-0.5), 0.4 * Math.Exp(-0.125 - 0.5)], scores, 1e-12);

        // 0.2141 is not above 0.25.
        CollectionAssert.AreEqual(new long[] { 0, 3, 1 }, Numbers(BoxOps.SoftNms(Of(Worked, 4, 4), Of([0.9, 0.8, 0.4, 0.7], 4), 0.5, 0.25).Kept));

        // Of other classes than the first, the second and third are weakened by each other alone.
        var (ofClasses, itsScores) = BoxOps.BatchedSoftNms(Singles(Worked, 4, 4), Singles([0.9, 0.8, 0.4, 0.7], 4), Classes([1, 0, 0, 1]), 0.5, 0.1);
        CollectionAssert.AreEqual(new long[] { 0, 1, 3, 2 }, Numbers(ofClasses));
        Assert.AreEqual(ScalarType.Float32, itsScores.dtype);
        AreClose([0.9, 0.8, 0.7, 0.4 * Math.Exp(-0.5)], itsScores, 1e-6);
    }

    [TestMethod]
    [DataRow(1, 0.5, 0.02)]
    [DataRow(2, 0.1, 0.2)]
    [DataRow(3, 3.0, 0.0)]
    [DataRow(4, 0.5, 0.9)]
    public void KeepsAndWeakensAsTheDefinitionDoes(int seed, double sigma, double threshold)
    {
        using var scope = torch.NewDisposeScope();
        const int Count = 120;
        var (boxes, scores) = (TestBoxes.Random(seed, Count), Uniform(seed + 2, Count, 0, 1));
        long[] classes = [.. Enumerable.Range(0, Count).Select(i => (long)(i * i % 3))];
        foreach (var ofClasses in new[] { null, classes })
        {
            var expected = Naive(boxes, scores, ofClasses, sigma, threshold);
            var (kept, after) = ofClasses is null
                ? BoxOps.SoftNms(Of(boxes, Count, 4), Of(scores, Count), sigma, threshold)
                : BoxOps.BatchedSoftNms(Of(boxes, Count, 4), Of(scores, Count), Classes(ofClasses), sigma, threshold);
            CollectionAssert.AreEqual(expected.Select(one => (long)one.Box).ToArray(), Numbers(kept));
            AreClose([.. expected.Select(one => one.Score)], after, 1e-12);
        }
    }

    [TestMethod]
    public void WhereNothingOverlappingStaysItIsTheHardOne()
    {
        using var scope = torch.NewDisposeScope();
        var (boxes, scores) = (Of(TestBoxes.Boxes(60, 0), 60, 4), Of([.. TestBoxes.Scores(60).Select(score => score + 0.1)], 60));
        var (kept, after) = BoxOps.SoftNms(boxes, scores, 1e-9, 0.05);
        CollectionAssert.AreEqual(Numbers(BoxOps.Nms(boxes, scores, 0)), Numbers(kept));
        AreClose([.. Numbers(kept).Select(i => TestBoxes.Scores(60)[i] + 0.1)], after, 1e-12);
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(7)]
    [DataRow(500)]
    public void OfTheMostThatAreKeptNothingChanges(int most)
    {
        using var scope = torch.NewDisposeScope();
        const int Count = 120;
        var (boxes, scores) = (Of(TestBoxes.Random(5, Count), Count, 4), Of(Uniform(6, Count, 0, 1), Count));
        foreach (var classes in new[] { null, Classes(Enumerable.Range(0, Count).Select(i => (long)(i % 3))) })
        {
            var (all, after) = BoxOps.SoftlyKept(boxes, scores, classes, 0.5, 0.02, int.MaxValue);
            var (kept, itsScores) = BoxOps.SoftlyKept(boxes, scores, classes, 0.5, 0.02, most);
            CollectionAssert.AreEqual(Numbers(all).Take(most).ToArray(), Numbers(kept));
            AreClose(MemoryMarshal.Cast<byte, double>(after.bytes)[..Math.Min(most, Numbers(all).Length)].ToArray(), itsScores, 0);
        }
    }

    [TestMethod]
    public void EqualScoresKeepTheirOrderAndNothingGivesNothing()
    {
        using var scope = torch.NewDisposeScope();
        var apart = Of([.. Enumerable.Range(0, 5).SelectMany(i => new double[] { 10 * i, 0, (10 * i) + 5, 5 })], 5, 4);
        CollectionAssert.AreEqual(new long[] { 1, 3, 0, 2, 4 }, Numbers(BoxOps.SoftNms(apart, Of([0.5, 0.7, 0.5, 0.7, 0.5], 5)).Kept));
        var (kept, scores) = BoxOps.SoftNms(Singles([], 0, 4), Singles([], 0));
        Assert.AreEqual((0L, 0L), (kept.shape[0], scores.shape[0]));
        Assert.AreEqual(0, BoxOps.BatchedSoftNms(Singles([1, 2, 3, 4], 1, 4), Singles([0.25], 1), Classes([0]), 0.5, 0.25).Kept.shape[0]);
    }

    [TestMethod]
    [DoNotParallelize]
    public void LeavesNoTensorBehind()
    {
        using var boxes = Singles(Worked, 4, 4);
        using var scores = Singles([0.9, 0.8, 0.4, 0.7], 4);
        using var classes = Classes([0, 0, 1, 1]);
        var live = LiveTensors();
        var (kept, after) = BoxOps.BatchedSoftNms(boxes, scores, classes);
        Assert.AreEqual(live + 2, LiveTensors());
        kept.Dispose();
        after.Dispose();
        Assert.AreEqual(live, LiveTensors());
    }

    [TestMethod]
    public void RefusesWhatDoesNotFit()
    {
        using var scope = torch.NewDisposeScope();
        var (boxes, scores) = (Singles(TestBoxes.Boxes(3, 0), 3, 4), Singles([1, 2, 3], 3));
        Assert.AreEqual("boxes", Assert.ThrowsExactly<ArgumentNullException>(() => BoxOps.SoftNms(null!, scores)).ParamName);
        Assert.AreEqual("classes", Assert.ThrowsExactly<ArgumentNullException>(() => BoxOps.BatchedSoftNms(boxes, scores, null!)).ParamName);
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => BoxOps.SoftNms(boxes, Singles([1, 2], 2))).Message, "[2]; [3], one for each");
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => BoxOps.SoftNms(boxes, Singles([1, -1, 2], 3))).Message, "Score 1 of 3 is -1; scores must be finite and at least 0");
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => BoxOps.SoftNms(boxes, Singles([1, 0, double.PositiveInfinity], 3))).Message, "Score 2 of 3");
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => BoxOps.SoftNms(Singles([0, 0, 1, double.NaN], 1, 4), Singles([1], 1))).Message, "Box 0 of 1 has the coordinate NaN");
        foreach (var sigma in new[] { 0, -1, double.NaN, double.PositiveInfinity })
            Assert.AreEqual("sigma", Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => BoxOps.SoftNms(boxes, scores, sigma)).ParamName);
        foreach (var threshold in new[] { -0.1, double.NaN })
            Assert.AreEqual("scoreThreshold", Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => BoxOps.SoftNms(boxes, scores, 0.5, threshold)).ParamName);
    }

    /// <summary>The source's algorithm, word for word, on lists.</summary>
    private static (int Box, double Score)[] Naive(double[] boxes, double[] scores, long[]? classes, double sigma, double threshold)
    {
        var current = scores.ToArray();
        var left = Enumerable.Range(0, scores.Length).ToHashSet();
        var kept = new List<(int Box, double Score)>();
        while (left.Count > 0)
        {
            var best = left.OrderByDescending(i => current[i]).ThenBy(i => i).First();
            left.Remove(best);
            if (!(current[best] > threshold))
                continue;
            kept.Add((best, current[best]));
            foreach (var i in left.Where(i => classes is null || classes[i] == classes[best]))
            {
                var overlap = TestBoxes.Overlap(boxes.AsSpan(4 * best, 4), boxes.AsSpan(4 * i, 4)).IoU;
                current[i] *= Math.Exp(-overlap * overlap / sigma);
            }
        }

        return [.. kept.OrderByDescending(one => one.Score).ThenBy(one => one.Box)];
    }

    private static Tensor Classes(IEnumerable<long> classes) => TensorFactory.FromArray<long>(classes.ToArray(), [classes.Count()], CPU);

    private static long[] Numbers(Tensor kept) => kept.NumberOfElements == 0 ? [] : MemoryMarshal.Cast<byte, long>(kept.bytes).ToArray();
}
