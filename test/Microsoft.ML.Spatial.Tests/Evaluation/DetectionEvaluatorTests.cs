using Microsoft.ML.Spatial.Data;
using Microsoft.ML.Spatial.Evaluation;

namespace Microsoft.ML.Spatial.Tests.Evaluation;

[TestClass]
public sealed class DetectionEvaluatorTests
{
    private const double Tolerance = 1e-9;

    [TestMethod]
    public void EqualsTheDefinitionOnRandomCases()
    {
        for (var seed = 0; seed < 300; seed++)
        {
            AssertEqualsDefinition(seed, most: 6);
        }
    }

    [TestMethod]
    public void EqualsTheDefinitionPastTheMostDetections()
    {
        for (var seed = 1000; seed < 1008; seed++)
        {
            AssertEqualsDefinition(seed, most: 150);
        }
    }

    [TestMethod]
    public void LevelsAreThoseOfNumpy()
    {
        CollectionAssert.AreEqual(NaiveEvaluation.Thresholds, CocoLevels.Iou);
        Assert.HasCount(101, CocoLevels.Recall);
        Assert.AreEqual(0.35000000000000003, CocoLevels.Recall[35]);
        Assert.AreEqual(0.5700000000000001, CocoLevels.Recall[57]);
        Assert.AreEqual(1.0, CocoLevels.Recall[100]);
    }

    [TestMethod]
    public void AFalseDetectionBetweenTwoTrueOnes()
    {
        var metrics = Evaluate([Thing(0, 0, 10, 10), Thing(20, 20, 30, 30)], [Found(0, 0, 10, 10, 0.9), Found(50, 50, 60, 60, 0.8), Found(20, 20, 30, 30, 0.7)]);

        // Precision is 1 up to recall 0.5 (51 levels), then 2/3 (50 levels).
        var expected = (51 + (50 * 2 / 3.0)) / 101;
        Assert.AreEqual(expected, metrics.AveragePrecision50, Tolerance);
        Assert.AreEqual(expected, metrics.AveragePrecision, Tolerance);
        Assert.AreEqual((6 + (5 * 2 / 3.0)) / 11, metrics.Voc07AveragePrecision, Tolerance);
        Assert.AreEqual((1 + (2 / 3.0)) / 2, metrics.VocAveragePrecision, Tolerance);
        Assert.AreEqual(0.5, metrics.AverageRecall1, Tolerance);
        Assert.AreEqual(1, metrics.AverageRecall10, Tolerance);
    }

    [TestMethod]
    public void AnOverlapOfFourFifths()
    {
        var metrics = Evaluate([Thing(0, 0, 10, 10)], [Found(0, 0, 10, 8, 0.5)]);
        Assert.AreEqual(1, metrics.AveragePrecision50, Tolerance);
        Assert.AreEqual(1, metrics.AveragePrecision75, Tolerance);
        Assert.AreEqual(0.7, metrics.AveragePrecision, Tolerance);
        Assert.AreEqual(0.7, metrics.AverageRecall100, Tolerance);
    }

    [TestMethod]
    public void ASecondDetectionOfTheLastObjectCostsNothing()
    {
        var metrics = Evaluate([Thing(0, 0, 10, 10)], [Found(0, 0, 10, 10, 0.9), Found(0, 0, 10, 10, 0.8)]);
        Assert.AreEqual(1, metrics.AveragePrecision50, Tolerance);
        Assert.AreEqual(1, metrics.VocAveragePrecision, Tolerance);
    }

    [TestMethod]
    public void ASecondDetectionBeforeTheLastObjectIsWrong()
    {
        var metrics = Evaluate([Thing(0, 0, 10, 10), Thing(20, 20, 30, 30)], [Found(0, 0, 10, 10, 0.9), Found(0, 0, 10, 10, 0.8), Found(20, 20, 30, 30, 0.7)]);
        Assert.AreEqual((51 + (50 * 2 / 3.0)) / 101, metrics.AveragePrecision, Tolerance);
    }

    [TestMethod]
    public void ACrowdTakesAnyNumberOfDetectionsThatLieOnIt()
    {
        TrueObject[] objects = [Thing(0, 0, 10, 10), Thing(20, 0, 60, 40) with { IsCrowd = true }];
        var metrics = Evaluate(objects, [Found(30, 10, 34, 14, 0.9), Found(40, 10, 44, 14, 0.8), Found(0, 0, 10, 10, 0.7)]);
        Assert.AreEqual(1, metrics.AveragePrecision, Tolerance);
        Assert.AreEqual(1, metrics.VocAveragePrecision, Tolerance);
        Assert.AreEqual(1, metrics.Classes[0].Objects);

        // Two fifths of a detection on the crowd are not enough.
        metrics = Evaluate(objects, [Found(14, 10, 24, 20, 0.9), Found(0, 0, 10, 10, 0.7)]);
        Assert.AreEqual(0.5, metrics.AveragePrecision, Tolerance);
        Assert.AreEqual(0.5, metrics.VocAveragePrecision, Tolerance);
    }

    [TestMethod]
    public void AnObjectIsPreferredToACrowdOfGreaterOverlap()
    {
        TrueObject[] objects = [Thing(0, 0, 40, 40) with { IsCrowd = true }, Thing(0, 0, 10, 12)];
        var metrics = Evaluate(objects, [Found(0, 0, 10, 10, 0.9)]);
        Assert.AreEqual(1, metrics.AveragePrecision50, Tolerance);
        Assert.AreEqual(1, metrics.VocAveragePrecision, Tolerance);
    }

    [TestMethod]
    public void DifficultObjectsAreIgnored()
    {
        TrueObject[] objects = [Thing(0, 0, 10, 10), Thing(20, 20, 30, 30) with { IsDifficult = true }];
        var metrics = Evaluate(objects, [Found(20, 20, 30, 30, 0.9), Found(0, 0, 10, 10, 0.8)]);
        Assert.AreEqual(1, metrics.AveragePrecision, Tolerance);
        Assert.AreEqual(1, metrics.Voc07AveragePrecision, Tolerance);
        Assert.AreEqual(1, Evaluate(objects, [Found(0, 0, 10, 10, 0.8)]).AverageRecall100, Tolerance);

        // A second one on it is wrong to COCO, which has one detection for each, and still ignored by Pascal VOC.
        metrics = Evaluate(objects, [Found(20, 20, 30, 30, 0.9), Found(20, 20, 30, 30, 0.85), Found(0, 0, 10, 10, 0.8)]);
        Assert.AreEqual(0.5, metrics.AveragePrecision, Tolerance);
        Assert.AreEqual(1, metrics.VocAveragePrecision, Tolerance);
    }

    [TestMethod]
    public void SizesHaveFiguresOfTheirOwn()
    {
        TrueObject[] objects = [Thing(0, 0, 10, 10), Thing(100, 100, 220, 220)];
        var metrics = Evaluate(objects, [Found(300, 300, 500, 500, 0.9), Found(0, 0, 10, 10, 0.8), Found(100, 100, 220, 220, 0.7)]);
        Assert.AreEqual(1, metrics.AveragePrecisionSmall, Tolerance);
        Assert.AreEqual(double.NaN, metrics.AveragePrecisionMedium);
        Assert.AreEqual(0.5, metrics.AveragePrecisionLarge, Tolerance);
        Assert.AreEqual(1, metrics.AverageRecallSmall, Tolerance);
        Assert.AreEqual(double.NaN, metrics.AverageRecallMedium);
        Assert.AreEqual(1, metrics.AverageRecallLarge, Tolerance);
    }

    [TestMethod]
    public void TheSizeOfAnObjectIsItsAreaRatherThanThatOfItsBox()
    {
        var metrics = Evaluate([Thing(0, 0, 40, 40) with { Area = 1000 }], [Found(0, 0, 40, 40, 0.9)]);
        Assert.AreEqual(1, metrics.AveragePrecisionSmall, Tolerance);
        Assert.AreEqual(double.NaN, metrics.AveragePrecisionMedium);
    }

    [TestMethod]
    public void AnObjectOnTheBoundCountsInBothSizes()
    {
        var metrics = Evaluate([Thing(0, 0, 32, 32)], [Found(0, 0, 32, 32, 0.9)]);
        Assert.AreEqual(1, metrics.AveragePrecisionSmall, Tolerance);
        Assert.AreEqual(1, metrics.AveragePrecisionMedium, Tolerance);
    }

    [TestMethod]
    public void ClassesWithoutObjectsAreLeftOutOfTheMeans()
    {
        var evaluator = new DetectionEvaluator(["cat", "dog", "owl"]);
        evaluator.Add([Thing(0, 0, 10, 10), Thing(20, 20, 30, 30) with { Class = 2 }], [Found(0, 0, 10, 10, 0.9), Found(50, 50, 60, 60, 0.8) with { Class = 1 }]);
        var metrics = evaluator.Finish();
        Assert.AreEqual(0.5, metrics.AveragePrecision, Tolerance);
        Assert.AreEqual(0.5, metrics.VocAveragePrecision, Tolerance);
        CollectionAssert.AreEqual(new[] { 1, double.NaN, 0 }, metrics.Classes.Select(c => Math.Round(c.AveragePrecision, 9)).ToArray());
        CollectionAssert.AreEqual(new[] { 1, 1, 0 }, metrics.Classes.Select(c => c.Detections).ToArray());
        Assert.IsEmpty(metrics.Classes[1].PrecisionRecall());
    }

    [TestMethod]
    public void TheMostDetectionsAreOfAnImageAndAClass()
    {
        var found = Enumerable.Range(0, 100).Select(i => Found(50, 50, 60, 60, 0.9 - (i * 1e-3))).Append(Found(0, 0, 10, 10, 0.1)).ToArray();
        var metrics = Evaluate([Thing(0, 0, 10, 10)], found);
        Assert.AreEqual(0, metrics.AveragePrecision);
        Assert.AreEqual(1 / 101.0, metrics.VocAveragePrecision, Tolerance);

        metrics = Evaluate([Thing(0, 0, 10, 10)], found[1..]);
        Assert.AreEqual(1 / 100.0, metrics.AveragePrecision, Tolerance);
    }

    [TestMethod]
    public void EqualScoresKeepTheOrderOfTheImages()
    {
        var evaluator = new DetectionEvaluator(["thing"]);
        evaluator.Add([], [Found(0, 0, 10, 10, 0.5)]);
        evaluator.Add([Thing(0, 0, 10, 10)], [Found(0, 0, 10, 10, 0.5)]);
        Assert.AreEqual(0.5, evaluator.Finish().AveragePrecision, Tolerance);

        evaluator = new DetectionEvaluator(["thing"]);
        evaluator.Add([Thing(0, 0, 10, 10)], [Found(0, 0, 10, 10, 0.5)]);
        evaluator.Add([], [Found(0, 0, 10, 10, 0.5)]);
        Assert.AreEqual(1, evaluator.Finish().AveragePrecision, Tolerance);
    }

    [TestMethod]
    public void ThreeOfTenObjectsReachTheThirdLevelOfPascalVoc()
    {
        var objects = Enumerable.Range(0, 10).Select(i => Thing(20 * i, 0, (20 * i) + 10, 10)).ToArray();
        var metrics = Evaluate(objects, [.. Enumerable.Range(0, 3).Select(i => Found(20 * i, 0, (20 * i) + 10, 10, 0.9))]);
        Assert.AreEqual(4 / 11.0, metrics.Voc07AveragePrecision, Tolerance);
        Assert.AreEqual(0.3, metrics.VocAveragePrecision, Tolerance);
    }

    [TestMethod]
    public void NoObjectsAtAllGiveNoFigures()
    {
        var metrics = Evaluate([], [Found(0, 0, 10, 10, 0.9)]);
        Assert.AreEqual(double.NaN, metrics.AveragePrecision);
        Assert.AreEqual(double.NaN, metrics.Voc07AveragePrecision);
        Assert.IsEmpty(metrics.PrecisionRecall());
        Assert.AreEqual(1, metrics.Images);
    }

    [TestMethod]
    public void PointsOfTheCurve()
    {
        var evaluator = new DetectionEvaluator(["cat", "dog"]);
        evaluator.Add(
            [Thing(0, 0, 10, 10), Thing(20, 20, 30, 30), Thing(0, 0, 10, 10) with { Class = 1 }],
            [Found(0, 0, 10, 10, 0.9), Found(50, 50, 60, 60, 0.8), Found(20, 20, 30, 30, 0.7)]);
        var metrics = evaluator.Finish();
        var cat = metrics.Classes[0].PrecisionRecall(0.75);
        Assert.HasCount(101, cat);
        Assert.AreEqual(new PrecisionRecallPoint(0.5, 1, 0.9), cat[50]);
        Assert.AreEqual(new PrecisionRecallPoint(0.51, 2 / 3.0, 0.7), cat[51]);
        Assert.AreEqual(new PrecisionRecallPoint(0, 0, double.NaN), metrics.Classes[1].PrecisionRecall()[0]);
        Assert.AreEqual(new PrecisionRecallPoint(0.5, 0.5, double.NaN), metrics.PrecisionRecall()[50]);
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => metrics.PrecisionRecall(0.52)).Message, "0.52");
    }

    [TestMethod]
    public void TheTableHasALineAClassAndTheMeans()
    {
        var evaluator = new DetectionEvaluator(["cat", "a longer name"]);
        evaluator.Add([Thing(0, 0, 10, 10)], [Found(0, 0, 10, 8, 0.9), Found(0, 0, 10, 8, 0.9) with { Class = 1 }]);
        var lines = evaluator.Finish().ToString().TrimEnd().Split('\n');
        Assert.HasCount(4, lines);
        Assert.HasCount(1, lines.Select(line => line.Length).Distinct());
        string[] Cells(int line) => lines[line].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        CollectionAssert.AreEqual("cat 1 1 0.700 1.000 1.000 0.700 - - 0.700 0.700 0.700 0.700 - - 1.000 1.000".Split(' '), Cells(1));
        CollectionAssert.AreEqual("a longer name 0 1 - - - - - - - - - - - - - -".Split(' '), Cells(2));
        CollectionAssert.AreEqual("mean 1 2 0.700 1.000 1.000 0.700 - - 0.700 0.700 0.700 0.700 - - 1.000 1.000".Split(' '), Cells(3));
    }

    private static TrueObject Thing(double x0, double y0, double x1, double y1)
    {
        var box = new Box(x0, y0, x1, y1);
        return new TrueObject(box, 0, box.Area, false, false);
    }

    private static DetectedObject Found(double x0, double y0, double x1, double y1, double score) => new(new Box(x0, y0, x1, y1), 0, score);

    private static DetectionMetrics Evaluate(TrueObject[] objects, DetectedObject[] found)
    {
        var evaluator = new DetectionEvaluator(["thing"]);
        evaluator.Add(objects, found);
        return evaluator.Finish();
    }

    private static void AssertEqualsDefinition(int seed, int most)
    {
        var random = new Random(seed);
        var classes = random.Next(1, 4);
        var images = Enumerable.Range(0, random.Next(1, 7)).Select(_ => RandomImage(random, classes, most)).ToArray();
        var evaluator = new DetectionEvaluator([.. Enumerable.Range(0, classes).Select(i => $"{i}")]);
        foreach (var (objects, found) in images)
        {
            evaluator.Add(objects, found);
        }

        var metrics = evaluator.Finish();
        var naive = new NaiveEvaluation(images, classes);
        for (var label = 0; label < classes; label++)
        {
            AssertFigures(metrics.Classes[label], figure => figure(label));
        }

        AssertFigures(metrics, naive.Mean);

        void AssertFigures(DetectionFigures figures, Func<Func<int, double>, double> of)
        {
            const double Small = 32 * 32, Large = 96 * 96, Any = 1e10;
            var every = NaiveEvaluation.Thresholds;
            Same(of(label => naive.Precision(label, thresholds: every)), figures.AveragePrecision, "AP");
            Same(of(label => naive.Precision(label, thresholds: 0.5)), figures.AveragePrecision50, "AP50");
            Same(of(label => naive.Precision(label, thresholds: 0.75)), figures.AveragePrecision75, "AP75");
            Same(of(label => naive.Precision(label, 0, Small, every)), figures.AveragePrecisionSmall, "AP small");
            Same(of(label => naive.Precision(label, Small, Large, every)), figures.AveragePrecisionMedium, "AP medium");
            Same(of(label => naive.Precision(label, Large, Any, every)), figures.AveragePrecisionLarge, "AP large");
            Same(of(label => naive.Recall(label, 1)), figures.AverageRecall1, "AR1");
            Same(of(label => naive.Recall(label, 10)), figures.AverageRecall10, "AR10");
            Same(of(label => naive.Recall(label, 100)), figures.AverageRecall100, "AR100");
            Same(of(label => naive.Recall(label, 100, 0, Small)), figures.AverageRecallSmall, "AR small");
            Same(of(label => naive.Recall(label, 100, Small, Large)), figures.AverageRecallMedium, "AR medium");
            Same(of(label => naive.Recall(label, 100, Large, Any)), figures.AverageRecallLarge, "AR large");
            Same(of(label => naive.Voc(label).ElevenPoint), figures.Voc07AveragePrecision, "VOC07");
            Same(of(label => naive.Voc(label).Area), figures.VocAveragePrecision, "VOC");
        }

        void Same(double expected, double actual, string figure) =>
            Assert.IsTrue(double.IsNaN(expected) ? double.IsNaN(actual) : Math.Abs(expected - actual) <= Tolerance, $"seed {seed}: {figure} is {actual}, but {expected} by definition");
    }

    /// <summary>Coarse coordinates and scores, so that equal overlaps, equal scores and overlaps right at a threshold occur; detections mostly near objects.</summary>
    private static (TrueObject[] Objects, DetectedObject[] Found) RandomImage(Random random, int classes, int most)
    {
        var objects = Enumerable.Range(0, random.Next(0, 6)).Select(_ =>
        {
            var box = RandomBox(random, random.Next(3) switch { 0 => 20, 1 => 60, _ => 130 });
            var area = random.Next(4) switch { 0 => 32 * 32, 1 => 96 * 96, _ => box.Area };
            return new TrueObject(box, random.Next(classes), area, random.Next(6) == 0, random.Next(6) == 0);
        }).ToArray();
        var found = Enumerable.Range(0, random.Next(0, most + 1)).Select(_ =>
        {
            var near = objects.Length > 0 && random.Next(4) > 0 ? objects[random.Next(objects.Length)] : default;
            var box = near.Area == 0 ? RandomBox(random, 60) : new Box(near.Box.X0 + random.Next(-1, 2), near.Box.Y0, near.Box.X1, near.Box.Y1 + random.Next(-2, 3));
            return new DetectedObject(box, near.Area > 0 && random.Next(8) > 0 ? near.Class : random.Next(classes), random.Next(1, 12) / 12.0);
        }).ToArray();
        return (objects, found);
    }

    private static Box RandomBox(Random random, int size)
    {
        var (x, y) = (random.Next(0, 8) * 10, random.Next(0, 8) * 10);
        return new Box(x, y, x + (size / 2) + random.Next(0, (size / 2) + 1), y + (size / 2) + random.Next(0, (size / 2) + 1));
    }
}
