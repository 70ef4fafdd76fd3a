using System.Diagnostics;
using System.Globalization;
using Microsoft.ML.Spatial.Samples.DetectFashion.Data;
using Microsoft.ML.Spatial.Samples.DetectFashion.Reporting;
using Microsoft.ML.Spatial.Samples.FashionMnist.Data;
using Microsoft.ML.Spatial.Samples.FashionMnist.Hosting;
using Spectre.Console;

namespace Microsoft.ML.Spatial.Samples.DetectFashion.Training;

/// <summary>The main job: trains each detector, and reports.</summary>
internal sealed class DetectExperiment(IAnsiConsole console, DetectOptions options)
{
    /// <summary>Runs it all.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var watch = Stopwatch.StartNew();
        var run = options.Run;
        var data = FashionMnistDataSet.Read(await run.Files.LocateAsync(cancellationToken).ConfigureAwait(false));
        var training = FashionSceneView.Training(data, run.Images, run.DataSeed);
        var test = FashionSceneView.Test(data, run.TestImages, run.DataSeed);
        console.MarkupLineInterpolated(
            CultureInfo.InvariantCulture,
            $"One to four items a scene of 96 x 96, each turned and enlarged by itself, on a noisy background among six pieces of clutter; test scenes have items of the test file. {run.Images} scenes, mirrored at random, {run.Epochs} epoch(s), {run.Threads} thread(s).");

        var outcomes = new List<DetectorOutcome>();
        foreach (var detector in options.Models)
        {
            if (cancellationToken.IsCancellationRequested)
                break;
            outcomes.Add(new DetectorTraining(console, options, training, test, detector).Run(cancellationToken));
        }

        var results = outcomes.ConvertAll(outcome => outcome.Result);

        console.Write(DetectorTable.Of(results, run));
        console.MarkupLine(DetectorTable.Legend);
        var file = Path.Combine(run.Output, "results.json");
        await ResultFile.WriteAsync(file, new DetectReport(run.Images, run.TestImages, run.Epochs, run.Batch, run.Seed, run.DataSeed, run.Threads, watch.Elapsed.TotalSeconds, results)).ConfigureAwait(false);
        if (results.Count > 0)
        {
            var (sheet, plot) = (Path.Combine(run.Output, "detections.png"), Path.Combine(run.Output, "precision-recall.png"));
            DetectionSheet.Save(test, outcomes, sheet);
            PrecisionRecallPlot.Save(results, plot);
            console.MarkupLineInterpolated($"Contact sheet {sheet}, precision over recall {plot}");
            if (outcomes.FindAll(outcome => outcome.Sampled.Length > 0) is { Count: > 0 } deformable)
            {
                var points = Path.Combine(run.Output, "sampling-points.png");
                SamplingSheet.Save(test, deformable, points);
                console.MarkupLineInterpolated($"What the deformable convolutions read: {points}");
            }
        }

        console.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"{watch.Elapsed.TotalSeconds:F0} s in all. Results: {file}");
        return SampleProgram.ExitCode(results.TrueForAll(r => r.IsSameReloaded), cancellationToken);
    }
}
