using System.Diagnostics;
using Microsoft.ML.Spatial.Components;
using Microsoft.ML.Spatial.Tests.Functional;

namespace Microsoft.ML.Spatial.Tests.Components;

/// <summary>Many predictions, and several threads at once.</summary>
[TestClass]
[DoNotParallelize]
public sealed class DetectorScoringTests
{
    private const int Predictions = 2000;
    private const long MemoryBound = 48L << 20;

    private static readonly MLContext Ml = new(1);
    private static DeformableDetectorTransformer _model = null!;

    [ClassInitialize]
    public static void Fit(TestContext context)
    {
        var options = Scenes.Options(epochs: 4);
        (options.ImageHeight, options.ImageWidth) = (48, 48);
        _model = Ml.MulticlassClassification.Trainers.DeformableDetector(options).Fit(Scenes.Keyed(Ml, Scenes.Pictures(40, seed: 3)));
    }

    [ClassCleanup]
    public static void Free() => _model.Dispose();

    [TestMethod]
    public void MemoryIsFlatOverPredictionsOfAnEngine()
    {
        var rows = Scenes.Pictures(50, seed: 5);
        using var engine = Engine();
        var found = 0;
        void Predict(int count)
        {
            for (var i = 0; i < count; i++)
                found += engine.Predict(rows[i % rows.Length]).Score.Length;
        }

        Predict(200);
        var (live, memory) = (TestTensors.LiveTensors(), Memory());
        Predict(Predictions);

        Assert.AreEqual(live, TestTensors.LiveTensors());
        Assert.IsLessThan(MemoryBound, Memory() - memory);
        Assert.IsGreaterThan(0, found);
    }

    [TestMethod]
    public void MemoryIsFlatOverRowsOfATransform()
    {
        var rows = Scenes.Pictures(50, seed: 5);
        var view = _model.Transform(Ml.Data.LoadFromEnumerable(Enumerable.Range(0, Predictions + 200).Select(i => rows[i % rows.Length])));
        using var cursor = view.GetRowCursor([view.Schema["Score"]]);
        var getter = cursor.GetGetter<Microsoft.ML.Data.VBuffer<float>>(view.Schema["Score"]);
        var (score, read, live, memory) = (default(Microsoft.ML.Data.VBuffer<float>), 0, 0L, 0L);
        for (; cursor.MoveNext(); read++)
        {
            getter(ref score);
            if (read == 200)
                (live, memory) = (TestTensors.LiveTensors(), Memory());
        }

        Assert.AreEqual(Predictions + 200, read);
        Assert.AreEqual(live, TestTensors.LiveTensors());
        Assert.IsLessThan(MemoryBound, Memory() - memory);
    }

    [TestMethod]
    public void MemoryIsFlatOverEpochs()
    {
        var options = Scenes.Options(epochs: 14);
        var (live, memory) = (new List<long>(), new List<long>());
        options.EpochCompleted = _ =>
        {
            live.Add(TestTensors.LiveTensors());
            memory.Add(Memory());
        };
        options.ScaleJitter = new(0.7, 1.4);
        options.ValidationFraction = 0.3;
        var before = TestTensors.LiveTensors();
        Ml.MulticlassClassification.Trainers.DeformableDetector(options).Fit(Scenes.View(Ml, 60)).Dispose();

        Assert.AreEqual(before, TestTensors.LiveTensors());
        Assert.AreEqual(live[3], live[^1], string.Join(", ", live));
        Assert.IsLessThan(MemoryBound, memory[^1] - memory[3], string.Join(", ", memory));
    }

    [TestMethod]
    public void EnginesOnFourThreadsPredictWhatOneDoesToTheBit()
    {
        var rows = Scenes.Pictures(60, seed: 6);
        using var one = Engine();
        var expected = rows.Select(one.Predict).ToArray();
        Assert.IsTrue(expected.Any(found => found.Score.Length > 0));
        OnFourThreads(() =>
        {
            using var engine = Engine();
            return [.. rows.Select(engine.Predict)];
        }, expected);
    }

    [TestMethod]
    public void CursorsOnFourThreadsScoreWhatOneDoesToTheBit()
    {
        var view = _model.Transform(Scenes.Keyed(Ml, Scenes.Pictures(60, seed: 6)));
        var expected = Scenes.Found(view);
        OnFourThreads(() => Scenes.Found(view), expected);
    }

    /// <summary>All start at once.</summary>
    private static void OnFourThreads(Func<FoundObjects[]> score, FoundObjects[] expected)
    {
        using var start = new Barrier(4);
        var results = new FoundObjects[4][];
        var threads = Enumerable.Range(0, 4).Select(i => new Thread(() =>
        {
            start.SignalAndWait();
            results[i] = score();
        })).ToArray();
        foreach (var thread in threads)
            thread.Start();
        foreach (var thread in threads)
            thread.Join();
        foreach (var result in results)
        {
            Assert.HasCount(expected.Length, result);
            for (var row = 0; row < expected.Length; row++)
            {
                CollectionAssert.AreEqual(expected[row].PredictedLabel, result[row].PredictedLabel);
                CollectionAssert.AreEqual(expected[row].PredictedBoundingBoxes, result[row].PredictedBoundingBoxes);
                CollectionAssert.AreEqual(expected[row].Score, result[row].Score);
            }
        }
    }

    private static PredictionEngine<ScenePictureRow, FoundObjects> Engine() => Ml.Model.CreatePredictionEngine<ScenePictureRow, FoundObjects>(_model, new PredictionEngineOptions { OwnsTransformer = false });

    private static long Memory()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        using var process = Process.GetCurrentProcess();
        return process.WorkingSet64;
    }
}
