using System.Diagnostics;
using System.Globalization;
using Microsoft.ML.Spatial.Components;
using Microsoft.ML.Spatial.Samples.DetectFashion.Data;
using Microsoft.ML.Spatial.Samples.DetectFashion.Reporting;
using Microsoft.ML.Spatial.Samples.FashionMnist.Training;
using Spectre.Console;

namespace Microsoft.ML.Spatial.Samples.DetectFashion.Training;

/// <summary>Trains one detector in ML.NET, saves it, loads it again and measures both on the test scenes.</summary>
internal sealed class DetectorTraining(IAnsiConsole console, DetectOptions settings, FashionSceneView training, FashionSceneView test, DetectorModel detector)
{
    // Scenes have four items at most.
    private const int Proposals = 40;

    /// <summary>Trains, saves, reloads, measures.</summary>
    public DetectorOutcome Run(CancellationToken cancellationToken)
    {
        var run = settings.Run;
        var ml = new MLContext(run.Seed);
        var log = new EpochLog(console, detector.Name);
        var options = new DeformableDetectorTrainer.Options
        {
            Architecture = detector.Architecture,
            DeformableLayers = detector.DeformableLayers,
            DeformableRoIPooling = detector.IsTwoStage && detector.IsDeformable,
            ImageChannels = 1,
            Epochs = run.Epochs,
            BatchSize = run.Batch,
            Seed = run.Seed,
            NumberOfThreads = run.Threads,
            EpochCompleted = log.Add,
            CheckpointFolder = settings.Checkpoints is { } checkpoints ? Path.Combine(checkpoints, detector.Name) : null,
            CancellationToken = cancellationToken,
        };
        if (detector.IsTwoStage)
            options.Proposals = Proposals;
        var trainer = ml.MulticlassClassification.Trainers.DeformableDetector(options);

        var folder = Path.Combine(run.Output, detector.Name);
        return ReloadedModel.Run(console, ml, detector.Name, trainer, training, folder, Measure, cancellationToken);

        DetectorOutcome Measure(DeformableDetectorTransformer model, ITransformer reloaded, string file)
        {
            // Drawn before the clock starts.
            var scenes = test.Scenes.Count;
            var watch = Stopwatch.StartNew();
            var found = console.Status().Start($"{detector.Name}: testing", _ => FoundObjects.Of(model, test));
            var scoringRate = scenes / watch.Elapsed.TotalSeconds;
            var same = console.Status().Start($"{detector.Name}: testing the saved model", _ => FoundObjects.Of(reloaded, test)).Zip(found).All(pair => pair.First.IsSame(pair.Second));
            var metrics = ml.MulticlassClassification.EvaluateDetections(reloaded.Transform(test));
            var result = new DetectorResult(
                detector.Name,
                detector.DeformableLayers,
                model.ParameterCount,
                metrics.AveragePrecision50,
                metrics.AveragePrecision,
                [.. metrics.PrecisionRecall(DetectorResult.LooseOverlap).Select(point => point.Precision)],
                [.. metrics.PrecisionRecall(DetectorResult.TightOverlap).Select(point => point.Precision)],
                same,
                log.ImagesPerSecond,
                model.Epochs.Count > 0 ? model.Epochs[^1].Elapsed.TotalSeconds : 0,
                scoringRate,
                log.Epochs,
                file);
            File.WriteAllText(Path.Combine(folder, "classes.txt"), metrics.ToString());
            console.MarkupLineInterpolated(
                CultureInfo.InvariantCulture,
                $"{detector.Name,-11}  AP50 {result.AveragePrecision50:F3}, AP {result.AveragePrecision:F3} on {scenes} scenes, {scoringRate:F0} images/s; saved, loaded again, {(same ? "finds the same" : "FINDS OTHERWISE")}: {folder}");
            return new DetectorOutcome(result, found, detector.IsDeformable ? SampledScene.Of(model, test, DetectionSheet.Samples) : []);
        }
    }
}
