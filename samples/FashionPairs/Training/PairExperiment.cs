using System.Diagnostics;
using System.Globalization;
using Microsoft.ML.Spatial.Samples.FashionMnist.Data;
using Microsoft.ML.Spatial.Samples.FashionMnist.Hosting;
using Microsoft.ML.Spatial.Samples.FashionPairs.Reporting;
using Spectre.Console;

namespace Microsoft.ML.Spatial.Samples.FashionPairs.Training;

/// <summary>The main job: trains each model, and reports.</summary>
internal sealed class PairExperiment(IAnsiConsole console, PairOptions options)
{
    /// <summary>Runs it all.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var watch = Stopwatch.StartNew();
        var run = options.Run;
        var data = FashionMnistDataSet.Read(await run.Files.LocateAsync(cancellationToken).ConfigureAwait(false));
        console.MarkupLineInterpolated(
            CultureInfo.InvariantCulture,
            $"Two items a picture, each turned, scaled and shifted by itself; the class is the sum of their labels, 0 to 18. {run.Images} pictures, distorted afresh in each of {run.Epochs} epoch(s), {run.Threads} thread(s).");

        var results = new List<PairResult>();
        foreach (var pair in options.Models)
        {
            if (cancellationToken.IsCancellationRequested)
                break;
            results.Add(new PairTraining(console, options, data, pair).Run(cancellationToken));
        }

        console.Write(PairTable.Of(results, options));
        console.MarkupLine(PairTable.Legend);
        var file = Path.Combine(run.Output, "results.json");
        await ResultFile.WriteAsync(file, new PairReport(options.Transformation.ToString(), run.Images, run.TestImages, run.Epochs, run.Batch, run.Seed, run.DataSeed, run.Threads, watch.Elapsed.TotalSeconds, results)).ConfigureAwait(false);
        console.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"{watch.Elapsed.TotalSeconds:F0} s in all. Results: {file}");
        return SampleProgram.ExitCode(results.TrueForAll(r => r.IsSameReloaded), cancellationToken);
    }
}
