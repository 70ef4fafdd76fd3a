using FsCheck;
using FsCheck.Fluent;
using Microsoft.ML.Spatial.Functional;
using TorchSharp;
using static Microsoft.ML.Spatial.Tests.Functional.TestTensors;
using static TorchSharp.torch;

namespace Microsoft.ML.Spatial.Tests.Functional;

/// <summary>The stored numbers are torchvision's: boxes_expected.py prints them.</summary>
[TestClass]
public class BoxOpsTests
{
    private static readonly double[] Few = TestBoxes.Boxes(3, 0);
    private static readonly double[] Others = TestBoxes.Boxes(4, 3);
    private static readonly (double, double, double, double) Weights = (10, 10, 5, 5);

    [TestMethod]
    public void EqualsTorchvision()
    {
        using var scope = torch.NewDisposeScope();
        foreach (var (make, tolerance) in new[] { ((Func<double[], long[], Tensor>)Of, 1e-10), (Singles, 1e-5) })
        {
            var (few, others) = (make(Few, [3, 4]), make(Others, [4, 4]));
            AreClose(
                [0.0, 0.0, 0.0, 0.0, 0.114947368421, 0.216407355021, 0.0, 0.177777777778, 0.444523979957, 0.008961168271, 0.0, 0.0],
                BoxOps.IoUMatrix(few, others), tolerance);
            AreClose(
                [-0.449925942805, -0.817644032922, -0.512362637363, -0.782695478608, -0.003791036032, 0.06351974419, -0.347443001181, -0.032748538012, 0.308469558188, -0.168489009179, -0.420765027322, -0.572002978407],
                BoxOps.GeneralizedIoUMatrix(few, others), tolerance);
            AreClose([1.5, 0.0, 19.5, 8.5, 10.75, 12.75, 22.75, 18.75, 20.0, 1.75, 25.0, 20.0], BoxOps.ClipToImage(make(TestBoxes.Boxes(3, 2), [3, 4]).sub(4), 20, 25), tolerance);
            AreClose([0.0, 0.0, 5.0, 4.0, 9.25, 13.25, 19.5, 19.5, 18.5, 2.25, 13.5, 16.5], BoxOps.Convert(few, BoxFormat.Corners, BoxFormat.CornerAndSize), tolerance);
            AreClose([2.5, 2.0, 5.0, 4.0, 19.0, 23.0, 19.5, 19.5, 25.25, 10.5, 13.5, 16.5], BoxOps.Convert(few, BoxFormat.Corners, BoxFormat.CentreAndSize), tolerance);
            AreClose(
                [-7.34693877551, -7.826086956522, -7.946176025583, -5.280263371247, -4.189189189189, 0.294117647059, 0.263218667427, 4.151741510367, 14.0, 0.454545454545, 0.384805205681, 5.493061443341, -11.923076923077, -4.285714285714, 0.715504218203, -2.209163761395],
                BoxOps.EncodeDeltas(make(TestBoxes.Boxes(4, 0), [4, 4]), others, Weights), tolerance);
            AreClose(
                [1.854044695216, -350.675, 46.495955304784, 368.075, 24.93147808354, 17.559038277819, 29.49352191646, 27.940961722181, -36.0, -155.025, -23.5, 188.725, 10.733194516254, 20.695705360206, 17.916805483746, 43.904294639794],
                BoxOps.DecodeDeltas(make([1.5, -2, 3, 40, 0.25, 0, -7, 1, -30, 12, 0, 22, 0.5, 0.5, 0.5, 0.5], [4, 4]), others, Weights), tolerance);
        }
    }

    [TestMethod]
    public void OverlapsHoldForAnyBoxes() => Holds(Cases(), one =>
    {
        var (boxes, others) = (TestBoxes.Random(one.Seed, one.Count), TestBoxes.Random(one.Seed + 9, one.Other));
        var (a, b) = (Of(boxes, one.Count, 4), Of(others, one.Other, 4));
        var expected = (from i in Enumerable.Range(0, one.Count) from j in Enumerable.Range(0, one.Other) select TestBoxes.Overlap(boxes.AsSpan(4 * i, 4), others.AsSpan(4 * j, 4))).ToArray();
        var matrix = BoxOps.IoUMatrix(a, b);
        CollectionAssert.AreEqual(new long[] { one.Count, one.Other }, matrix.shape);
        AreClose([.. expected.Select(pair => pair.IoU)], matrix, 1e-10);
        AreClose([.. expected.Select(pair => pair.Generalized)], BoxOps.GeneralizedIoUMatrix(a, b), 1e-10);
        Assert.IsTrue(Values(matrix).All(value => value is >= 0 and <= 1));
        CollectionAssert.AreEqual(Values(matrix.transpose(0, 1)), Values(BoxOps.IoUMatrix(b, a)));

        // Row by row is the diagonal; with itself every box that has an area overlaps wholly.
        var own = Of(TestBoxes.Random(one.Seed + 9, one.Count), one.Count, 4);
        var (diagonal, generalized) = (Values(BoxOps.IoUMatrix(a, own)), Values(BoxOps.GeneralizedIoUMatrix(a, own)));
        AreClose([.. Enumerable.Range(0, one.Count).Select(i => diagonal[i * (one.Count + 1)])], BoxOps.IoU(a, own), 0);
        AreClose([.. Enumerable.Range(0, one.Count).Select(i => generalized[i * (one.Count + 1)])], BoxOps.GeneralizedIoU(a, own), 0);
        AreClose([.. Values(BoxOps.Area(a)).Select(area => area > 0 ? 1.0 : 0.0)], BoxOps.IoU(a, a), 0);
    });

    [TestMethod]
    public void ConversionsAndDeltasUndoEachOther() => Holds(Cases(), one =>
    {
        var boxes = TestBoxes.Random(one.Seed, one.Count, least: 0.1);
        var (tensor, anchors) = (Of(boxes, one.Count, 4), Of(TestBoxes.Random(one.Seed + 5, one.Count, least: 1), one.Count, 4));
        foreach (var from in Enum.GetValues<BoxFormat>())
        {
            foreach (var to in Enum.GetValues<BoxFormat>())
                AreClose(boxes, BoxOps.Convert(BoxOps.Convert(tensor, from, to), to, from), 1e-12);
        }

        AreClose(boxes, BoxOps.DecodeDeltas(BoxOps.EncodeDeltas(tensor, anchors), anchors), 1e-10);
        AreClose(boxes, BoxOps.DecodeDeltas(BoxOps.EncodeDeltas(tensor, anchors, Weights), anchors, Weights), 1e-10);
        var clipped = BoxOps.ClipToImage(tensor, 30, 20);
        AreClose(Values(clipped), BoxOps.ClipToImage(clipped, 30, 20), 0);
    });

    [TestMethod]
    public void GradientsEqualFiniteDifferences()
    {
        using var scope = torch.NewDisposeScope();
        var (boxes, others) = (TestBoxes.Random(3, 6, least: 5), TestBoxes.Random(8, 6, least: 5));
        (string Name, Func<Tensor, Tensor, Tensor> Function)[] functions =
        [
            ("IoU", BoxOps.IoU), ("GeneralizedIoU", BoxOps.GeneralizedIoU), ("IoUMatrix", BoxOps.IoUMatrix), ("GeneralizedIoUMatrix", BoxOps.GeneralizedIoUMatrix),
            ("Encode", (a, b) => BoxOps.EncodeDeltas(a, b, Weights)), ("Decode", (a, b) => BoxOps.DecodeDeltas(a.div(50), b, Weights)), ("Area", (a, _) => BoxOps.Area(a)),
        ];
        foreach (var (name, function) in functions)
        {
            foreach (var second in new[] { false, true })
            {
                if (name == "Area" && second)
                    continue;
                Tensor At(double[] values) => second ? Weighted(function(Of(boxes, 6, 4), Of(values, 6, 4))) : Weighted(function(Of(values, 6, 4), Of(others, 6, 4)));
                var (a, b) = (Of(boxes, 6, 4).requires_grad_(!second), Of(others, 6, 4).requires_grad_(second));
                Weighted(function(a, b)).backward();
                var values = (double[])(second ? others : boxes).Clone();
                var gradient = Values((second ? b : a).grad!);
                for (var i = 0; i < values.Length; i++)
                {
                    var value = values[i];
                    values[i] = value + 1e-6;
                    var above = At(values).item<double>();
                    values[i] = value - 1e-6;
                    var below = At(values).item<double>();
                    values[i] = value;
                    Assert.AreEqual((above - below) / 2e-6, gradient[i], 1e-5 * Math.Max(1, Math.Abs(gradient[i])), $"{name}, {second}, element {i}");
                }
            }
        }

        static Tensor Weighted(Tensor result) => result.mul(Of(Uniform(7, (int)result.NumberOfElements), result.shape)).sum();
    }

    [TestMethod]
    public void EmptyBoxesAreFiniteForwardAndBackward()
    {
        using var scope = torch.NewDisposeScope();
        double[] empty = [1, 1, 1, 1, 5, 5, 2, 2, 0, 0, 4, 0];
        var (a, b) = (Of(empty, 3, 4).requires_grad_(), Of([1, 1, 1, 1, 4, 4, 3, 3, 0, 0, 4, 0], 3, 4).requires_grad_());
        AreClose([0, 0, 0], BoxOps.Area(a), 0);
        AreClose([0, 0, 0], BoxOps.IoU(a, b), 0);
        var loss = BoxOps.GeneralizedIoU(a, b).sum().add(BoxOps.IoU(a, b).sum()).add(BoxOps.EncodeDeltas(a, b).sum()).add(BoxOps.DecodeDeltas(a.mul(1e6), b).sum());
        Assert.IsTrue(double.IsFinite(loss.item<double>()));
        loss.backward();
        Assert.IsTrue(Values(a.grad!).Concat(Values(b.grad!)).All(double.IsFinite));
    }

    [TestMethod]
    public void NothingGivesNothing()
    {
        using var scope = torch.NewDisposeScope();
        var (none, few) = (Singles([], 0, 4), Singles(Few, 3, 4));
        CollectionAssert.AreEqual(new long[] { 0 }, BoxOps.Area(none).shape);
        CollectionAssert.AreEqual(new long[] { 0, 3 }, BoxOps.IoUMatrix(none, few).shape);
        CollectionAssert.AreEqual(new long[] { 3, 0 }, BoxOps.GeneralizedIoUMatrix(few, none).shape);
        CollectionAssert.AreEqual(new long[] { 0 }, BoxOps.GeneralizedIoU(none, none).shape);
        CollectionAssert.AreEqual(new long[] { 0, 4 }, BoxOps.ClipToImage(none, 2, 3).shape);
        CollectionAssert.AreEqual(new long[] { 0, 4 }, BoxOps.Convert(none, BoxFormat.Corners, BoxFormat.CentreAndSize).shape);
        CollectionAssert.AreEqual(new long[] { 0, 4 }, BoxOps.EncodeDeltas(none, none).shape);
        CollectionAssert.AreEqual(new long[] { 0, 4 }, BoxOps.DecodeDeltas(none, none).shape);
    }

    [TestMethod]
    public void RefusesWhatDoesNotFit()
    {
        using var scope = torch.NewDisposeScope();
        var (few, others) = (Singles(Few, 3, 4), Singles(Others, 4, 4));
        Assert.AreEqual("boxes", Assert.ThrowsExactly<ArgumentNullException>(() => BoxOps.Area(null!)).ParamName);
        Assert.AreEqual("others", Assert.ThrowsExactly<ArgumentNullException>(() => BoxOps.IoU(few, null!)).ParamName);
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => BoxOps.Area(Singles(Few, 4, 3))).Message, "[4, 3]; [K, 4] is needed");
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => BoxOps.Area(few.to_type(ScalarType.Int64))).Message, "Int64");
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => BoxOps.IoU(few, others)).Message, "others has 4 boxes and boxes has 3");
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => BoxOps.EncodeDeltas(few, others)).Message, "anchors has 4 boxes and boxes has 3");
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => BoxOps.DecodeDeltas(few, others)).Message, "anchors has 4 boxes and deltas has 3");
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => BoxOps.IoUMatrix(few, Of(Others, 4, 4))).Message, "Float64");
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => BoxOps.ClipToImage(few, 0, 3)).Message, "imageHeight is 0");
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => BoxOps.EncodeDeltas(few, few, (1, 0, 1, 1))).Message, "(1, 0, 1, 1)");
        Assert.AreEqual("to", Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => BoxOps.Convert(few, BoxFormat.Corners, (BoxFormat)9)).ParamName);
    }

    private static void Holds(Arbitrary<Case> cases, Action<Case> property) => Prop.ForAll(cases, one =>
    {
        using var scope = torch.NewDisposeScope();
        property(one);
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(200).WithReplay(20260116, 7));

    private static Arbitrary<Case> Cases() => Arb.From(
        from count in Gen.Choose(0, 12)
        from other in Gen.Choose(0, 12)
        from seed in Gen.Choose(0, 10000)
        select new Case(count, other, seed),
        one => new[] { one with { Count = one.Count / 2 }, one with { Other = one.Other / 2 } }.Where(smaller => smaller != one));

    private sealed record Case(int Count, int Other, int Seed);
}
