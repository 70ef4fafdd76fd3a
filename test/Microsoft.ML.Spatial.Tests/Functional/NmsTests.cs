using System.Runtime.InteropServices;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.ML.Spatial.Functional;
using TorchSharp;
using static Microsoft.ML.Spatial.Tests.Functional.TestTensors;
using static TorchSharp.torch;

namespace Microsoft.ML.Spatial.Tests.Functional;

/// <summary>The stored numbers are torchvision's: boxes_expected.py prints them.</summary>
[TestClass]
public class NmsTests
{
    [TestMethod]
    [DataRow(0, new long[] { 4, 27, 58, 17, 41, 0 })]
    [DataRow(0.1, new long[] { 4, 27, 54, 58, 51, 17, 41, 34, 0 })]
    [DataRow(0.3, new long[] { 4, 27, 50, 8, 31, 54, 12, 58, 20, 24, 51, 55, 36, 17, 44, 25, 10, 37, 18, 41, 45, 49, 30, 38, 0 })]
    [DataRow(0.5, new long[] { 4, 27, 50, 8, 31, 54, 12, 35, 58, 16, 20, 43, 1, 24, 47, 5, 28, 51, 32, 55, 13, 36, 17, 40, 44, 25, 6, 52, 10, 37, 18, 41, 22, 3, 26, 49, 7, 30, 53, 34, 57, 38, 0, 23 })]
    [DataRow(0.75, new long[] { 4, 27, 50, 8, 31, 54, 12, 35, 58, 16, 39, 20, 43, 1, 24, 47, 5, 28, 51, 9, 32, 55, 13, 36, 59, 17, 40, 21, 44, 2, 25, 48, 6, 29, 52, 10, 33, 56, 14, 37, 18, 41, 22, 45, 3, 26, 49, 7, 30, 53, 11, 34, 57, 15, 38, 19, 42, 0, 23, 46 })]
    [DataRow(1, new long[] { 4, 27, 50, 8, 31, 54, 12, 35, 58, 16, 39, 20, 43, 1, 24, 47, 5, 28, 51, 9, 32, 55, 13, 36, 59, 17, 40, 21, 44, 2, 25, 48, 6, 29, 52, 10, 33, 56, 14, 37, 18, 41, 22, 45, 3, 26, 49, 7, 30, 53, 11, 34, 57, 15, 38, 19, 42, 0, 23, 46 })]
    public void KeepsWhatTorchvisionKeeps(double threshold, long[] expected)
    {
        using var scope = torch.NewDisposeScope();
        var (boxes, scores) = (TestBoxes.Boxes(60, 0), TestBoxes.Scores(60));
        CollectionAssert.AreEqual(expected, Numbers(BoxOps.Nms(Singles(boxes, 60, 4), Singles(scores, 60), threshold)));
        CollectionAssert.AreEqual(expected, Numbers(BoxOps.Nms(Of(boxes, 60, 4), Of(scores, 60), threshold)));
        CollectionAssert.AreEqual(expected, Numbers(BoxOps.BatchedNms(Singles(boxes, 60, 4), Singles(scores, 60), Classes(Enumerable.Repeat(-7L, 60)), threshold)));

        // The same numbers, laid out column by column.
        var turned = Singles([.. Enumerable.Range(0, 240).Select(k => boxes[k % 60 * 4 + k / 60])], 4, 60).transpose(0, 1);
        CollectionAssert.AreEqual(expected, Numbers(BoxOps.Nms(turned, Of(scores, 60), threshold)));
    }

    [TestMethod]
    [DataRow(0.1, new long[] { 4, 27, 50, 8, 31, 54, 58, 24, 51, 36, 17, 6, 10, 41, 49, 11, 34, 0 })]
    [DataRow(0.5, new long[] { 4, 27, 50, 8, 31, 54, 12, 35, 58, 16, 39, 20, 43, 1, 24, 47, 5, 28, 51, 9, 32, 55, 13, 36, 59, 17, 40, 21, 44, 25, 48, 6, 29, 52, 10, 33, 56, 14, 37, 18, 41, 22, 45, 3, 26, 49, 7, 30, 53, 11, 34, 57, 15, 38, 19, 42, 0, 23, 46 })]
    public void KeepsOfEachClassWhatTorchvisionKeeps(double threshold, long[] expected)
    {
        using var scope = torch.NewDisposeScope();
        var (boxes, scores) = (TestBoxes.Boxes(60, 0), TestBoxes.Scores(60));
        var classes = Classes(Enumerable.Range(0, 60).Select(i => i % 3L));
        CollectionAssert.AreEqual(expected, Numbers(BoxOps.BatchedNms(Singles(boxes, 60, 4), Singles(scores, 60), classes, threshold)));
        CollectionAssert.AreEqual(expected, Numbers(BoxOps.BatchedNms(Singles(boxes, 60, 4), Singles(scores, 60), classes.to_type(ScalarType.Int32), threshold)));
    }

    [TestMethod]
    [DataRow(1, 0.0)]
    [DataRow(2, 0.35)]
    [DataRow(3, 0.5)]
    [DataRow(4, 0.8)]
    public void KeepsWhatTheInstalledTorchvisionKeeps(int seed, double threshold)
    {
        using var scope = torch.NewDisposeScope();
        const int Count = 300;
        var (boxes, scores) = (TestBoxes.Random(seed, Count, least: 0.5), Uniform(seed + 2, Count));
        long[] classes = [.. Enumerable.Range(0, Count).Select(i => (long)(i * i % 7))];
        var tensors = new Dictionary<string, Torchvision.TensorData> { ["boxes"] = new(boxes, [Count, 4]), ["scores"] = new(scores, [Count]) };
        var options = new Dictionary<string, JsonElement> { ["iou_threshold"] = JsonSerializer.SerializeToElement(threshold) };
        double[] Theirs(string function) => Torchvision.Run(new(function, tensors, options))[""];

        CollectionAssert.AreEqual(Theirs("nms"), Values(BoxOps.Nms(Of(boxes, Count, 4), Of(scores, Count), threshold)));
        tensors["idxs"] = new([.. classes.Select(number => (double)number)], [Count], IsWhole: true);
        CollectionAssert.AreEqual(Theirs("batched_nms"), Values(BoxOps.BatchedNms(Of(boxes, Count, 4), Of(scores, Count), Classes(classes), threshold)));
    }

    [TestMethod]
    public void NothingGivesNothing()
    {
        using var scope = torch.NewDisposeScope();
        var kept = BoxOps.Nms(Singles([], 0, 4), Singles([], 0), 0.5);
        CollectionAssert.AreEqual(new long[] { 0 }, kept.shape);
        Assert.AreEqual(ScalarType.Int64, kept.dtype);
        CollectionAssert.AreEqual(new long[] { 0 }, BoxOps.BatchedNms(Singles([], 0, 4), Singles([], 0), Classes([]), 0.5).shape);
    }

    [TestMethod]
    public void EmptyBoxesAndInfiniteScoresAreInTheOrder()
    {
        using var scope = torch.NewDisposeScope();
        var boxes = Singles([0, 0, 8, 8, 2, 2, 2, 6, 7, 7, 1, 1, 0, 0, 8, 7], 4, 4);
        CollectionAssert.AreEqual(
            new long[] { 3, 2, 1 }, Numbers(BoxOps.Nms(boxes, Singles([double.NegativeInfinity, -3, 0.5, double.PositiveInfinity], 4), 0.5)));
    }

    [TestMethod]
    public void WhatIsKeptIsKeptAgainAndOverlapsLittle() => Holds(Cases(), one =>
    {
        var boxes = TestBoxes.Random(one.Seed, one.Count);
        double[] scores = [.. Uniform(one.Seed + 2, one.Count).Select(score => Math.Round(score, 1))];
        long[] classes = [.. Enumerable.Range(0, one.Count).Select(i => (long)(i * i % 3))];
        var kept = Numbers(BoxOps.BatchedNms(Of(boxes, one.Count, 4), Of(scores, one.Count), Classes(classes), one.Threshold));

        double[] keptBoxes = [.. kept.SelectMany(i => boxes.AsSpan(4 * (int)i, 4).ToArray())];
        double[] keptScores = [.. kept.Select(i => scores[i])];
        long[] keptClasses = [.. kept.Select(i => classes[i])];
        var again = Numbers(BoxOps.BatchedNms(Of(keptBoxes, kept.Length, 4), Of(keptScores, kept.Length), Classes(keptClasses), one.Threshold));
        CollectionAssert.AreEqual(Enumerable.Range(0, kept.Length).Select(i => (long)i).ToArray(), again, "again");

        for (var i = 0; i < kept.Length; i++)
        {
            Assert.IsTrue(i == 0 || keptScores[i - 1] > keptScores[i] || (keptScores[i - 1] == keptScores[i] && kept[i - 1] < kept[i]), $"order at {i}");
            for (var j = 0; j < i; j++)
            {
                if (keptClasses[i] == keptClasses[j])
                    Assert.IsLessThanOrEqualTo(one.Threshold + 1e-12, Overlap(keptBoxes, i, j), $"{i} and {j}");
            }
        }

        // And what is gone was in the way of nothing that is gone too.
        foreach (var gone in Enumerable.Range(0, one.Count).Except(kept.Select(i => (int)i)))
            Assert.IsTrue(kept.Any(i => classes[i] == classes[gone] && scores[i] >= scores[gone] && Overlap(boxes, (int)i, gone) > one.Threshold - 1e-12), $"box {gone}");
    });

    [TestMethod]
    [DoNotParallelize]
    public void LeavesNoTensorBehind()
    {
        using var boxes = Singles(TestBoxes.Boxes(9, 0), 9, 4);
        using var scores = Of(TestBoxes.Scores(9), 9);
        using var classes = Classes(Enumerable.Repeat(0L, 9));
        var live = LiveTensors();
        BoxOps.Nms(boxes, scores, 0.5).Dispose();
        BoxOps.BatchedNms(boxes, scores, classes, 0.5).Dispose();
        Assert.AreEqual(live, LiveTensors());
    }

    [TestMethod]
    public void RefusesWhatDoesNotFit()
    {
        using var scope = torch.NewDisposeScope();
        var (boxes, scores) = (Singles(TestBoxes.Boxes(3, 0), 3, 4), Singles([1, 2, 3], 3));
        Assert.AreEqual("boxes", Assert.ThrowsExactly<ArgumentNullException>(() => BoxOps.Nms(null!, scores, 0.5)).ParamName);
        Assert.AreEqual("scores", Assert.ThrowsExactly<ArgumentNullException>(() => BoxOps.Nms(boxes, null!, 0.5)).ParamName);
        Assert.AreEqual("classes", Assert.ThrowsExactly<ArgumentNullException>(() => BoxOps.BatchedNms(boxes, scores, null!, 0.5)).ParamName);
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => BoxOps.Nms(Singles([1, 2, 3], 1, 3), scores, 0.5)).Message, "[1, 3]; [K, 4] is needed");
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => BoxOps.Nms(boxes, Singles([1, 2], 2), 0.5)).Message, "[2]; [3], one for each");
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => BoxOps.BatchedNms(boxes, scores, Classes([1, 2]), 0.5)).Message, "[2]; [3], one for each");
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => BoxOps.BatchedNms(boxes, scores, scores, 0.5)).Message, "an integer type");
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => BoxOps.Nms(boxes, Singles([1, double.NaN, 2], 3), 0.5)).Message, "Score 1 of 3");
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => BoxOps.Nms(Singles([0, 0, 1, 1, 0, 0, 1, double.NaN], 2, 4), Singles([1, 2], 2), 0.5)).Message, "Box 1 of 2 has the coordinate NaN");
        foreach (var threshold in new[] { -0.1, 1.5, double.NaN })
            Assert.AreEqual("iouThreshold", Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => BoxOps.Nms(boxes, scores, threshold)).ParamName);
    }

    private static double Overlap(double[] boxes, int i, int j) => TestBoxes.Overlap(boxes.AsSpan(4 * i, 4), boxes.AsSpan(4 * j, 4)).IoU;

    private static Tensor Classes(IEnumerable<long> classes) => TensorFactory.FromArray<long>(classes.ToArray(), [classes.Count()], CPU);

    private static long[] Numbers(Tensor kept) => kept.NumberOfElements == 0 ? [] : MemoryMarshal.Cast<byte, long>(kept.bytes).ToArray();

    private static void Holds(Arbitrary<Case> cases, Action<Case> property) => Prop.ForAll(cases, one =>
    {
        using var scope = torch.NewDisposeScope();
        property(one);
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(200).WithReplay(20260116, 7));

    private static Arbitrary<Case> Cases() => Arb.From(
        from count in Gen.Choose(0, 40)
        from seed in Gen.Choose(0, 10000)
        from hundredths in Gen.Choose(0, 100)
        select new Case(count, seed, hundredths / 100.0),
        one => new[] { one with { Count = one.Count / 2 }, one with { Count = one.Count - 1 } }.Where(smaller => smaller.Count >= 0 && smaller.Count < one.Count));

    private sealed record Case(int Count, int Seed, double Threshold);
}
