using FsCheck;
using FsCheck.Fluent;
using Microsoft.ML.Spatial.Data;
using Microsoft.ML.Spatial.Evaluation;

namespace Microsoft.ML.Spatial.Tests.Evaluation;

/// <summary>What holds for all objects and detections. The cases are the same in every run; a failure names its case, shrunk as far as it still fails.</summary>
[TestClass]
public sealed class DetectionPropertyTests
{
    private const int Tests = 200;

    [TestMethod]
    public void FindingEveryObjectAtItsPlaceIsPerfect() => Holds(one =>
    {
        var images = Array.ConvertAll(one.Images, image =>
        {
            // Of two objects in one place Pascal VOC sees the first only.
            TrueObject[] objects = [.. image.Objects.DistinctBy(o => (o.Box, o.Class))];
            return (objects, objects.Where(o => !o.IsCrowd && !o.IsDifficult).Select((o, i) => new DetectedObject(o.Box, o.Class, i)).ToArray());
        });
        var figures = Evaluate(images);
        double[] perfect = [figures.AveragePrecision, figures.AverageRecall100, figures.Voc07AveragePrecision, figures.VocAveragePrecision];
        Assert.IsTrue(perfect.All(figure => double.IsNaN(figure) || figure == 1), string.Join(" ", perfect));
    });

    [TestMethod]
    public void OnlyTheOrderOfTheScoresMatters() => Holds(one =>
    {
        var changed = Array.ConvertAll(one.Images, image => (image.Objects, Array.ConvertAll(image.Found, found => found with { Score = Math.Exp(found.Score) - 9 })));
        AssertSame(Evaluate(one.Images), Evaluate(changed));
    });

    [TestMethod]
    public void TheOrderOfImagesAndOfDetectionsWithDistinctScoresDoesNotMatter() => Holds(one =>
    {
        var next = 0;
        var distinct = Array.ConvertAll(one.Images, image => (image.Objects, Array.ConvertAll(image.Found, found => found with { Score = found.Score + (1e-6 * next++) })));
        var reversed = distinct.Reverse().Select(image => (image.Objects, image.Item2.Reverse().ToArray())).ToArray();
        AssertSame(Evaluate(distinct), Evaluate(reversed));
    });

    [TestMethod]
    public void MovingAndTurningAllBoxesChangesNothing() => Holds(one =>
    {
        static Box Turn(Box box) => new(box.Y0 + 64, box.X0 - 32, box.Y1 + 64, box.X1 - 32);
        var turned = Array.ConvertAll(one.Images, image => (
            Array.ConvertAll(image.Objects, o => o with { Box = Turn(o.Box) }),
            Array.ConvertAll(image.Found, found => found with { Box = Turn(found.Box) })));
        AssertSame(Evaluate(one.Images), Evaluate(turned));
    });

    [TestMethod]
    public void AWrongDetectionCostsNothingBehindAllOthersAndEarnsNothingBeforeThem() => Holds(one =>
    {
        DetectionMetrics With(double score)
        {
            var wrong = Enumerable.Range(0, Case.Classes).Select(label => new DetectedObject(new Box(900, 900, 950, 950), label, score));
            return Evaluate(Array.ConvertAll(one.Images, image => (image.Objects, image.Found.Concat(wrong).ToArray())));
        }

        var without = Evaluate(one.Images);
        AssertSame(without, With(-1));
        foreach (var (before, after) in Figures(without).Zip(Figures(With(2))))
        {
            Assert.IsFalse(after > before, $"{before} became {after}");
        }
    });

    private static void Holds(Action<Case> property)
    {
        var cases = Arb.From(
            from seed in Gen.Choose(0, 100_000)
            from count in Gen.Choose(1, 5)
            from most in Gen.Choose(0, 12)
            select new Case(seed, count, most),
            one => new[] { one with { Count = one.Count - 1 }, one with { Most = one.Most - 1 } }.Where(smaller => smaller.Count > 0 && smaller.Most >= 0));
        Prop.ForAll(cases, property).Check(Config.QuickThrowOnFailure.WithMaxTest(Tests).WithReplay(20261124, 7));
    }

    private static DetectionMetrics Evaluate((TrueObject[] Objects, DetectedObject[] Found)[] images)
    {
        var evaluator = new DetectionEvaluator([.. Enumerable.Range(0, Case.Classes).Select(label => $"{label}")]);
        foreach (var (objects, found) in images)
        {
            evaluator.Add(objects, found);
        }

        return evaluator.Finish();
    }

    private static void AssertSame(DetectionMetrics expected, DetectionMetrics actual) => CollectionAssert.AreEqual(Figures(expected), Figures(actual));

    /// <summary>Every figure but those of one and ten detections, of which a wrong one can take the place.</summary>
    private static double[] Figures(DetectionFigures figures) =>
    [
        figures.AveragePrecision, figures.AveragePrecision50, figures.AveragePrecision75, figures.AveragePrecisionSmall, figures.AveragePrecisionMedium,
        figures.AveragePrecisionLarge, figures.AverageRecall100, figures.AverageRecallSmall, figures.AverageRecallMedium, figures.AverageRecallLarge,
        figures.Voc07AveragePrecision, figures.VocAveragePrecision,
    ];

    private sealed record Case(int Seed, int Count, int Most)
    {
        internal const int Classes = 2;

        internal (TrueObject[] Objects, DetectedObject[] Found)[] Images => RandomDetections.Images(new Random(Seed), Count, Classes, Most);
    }
}
