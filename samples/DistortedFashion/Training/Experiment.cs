using System.Diagnostics;
using System.Globalization;
using Microsoft.ML.Spatial.Samples.DistortedFashion.Reporting;
using Microsoft.ML.Spatial.Samples.FashionMnist.Data;
using Microsoft.ML.Spatial.Samples.FashionMnist.Hosting;
using Spectre.Console;

namespace Microsoft.ML.Spatial.Samples.DistortedFashion.Training;

/// <summary>The main job: trains each model on one distortion, and reports.</summary>
internal sealed class Experiment(IAnsiConsole console, ExperimentOptions options)
{
    /// <summary>Runs it all.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var watch = Stopwatch.StartNew();
        var folder = await options.Run.Files.LocateAsync(cancellationToken).ConfigureAwait(false);
        var data = FashionMnistDataSet.Read(folder);
        Introduction.Write(console, options, data);

        var run = new ModelRun(console, options, data, folder);
        var results = new List<ModelResult>();
        foreach (var network in options.Models)
        {
            if (cancellationToken.IsCancellationRequested)
                break;
            results.Add(await run.RunAsync(network, cancellationToken).ConfigureAwait(false));
        }

        console.Write(ResultTable.Of(results, options));
        console.MarkupLine("[grey]The reference is a PyTorch program of the same recipe on 60,000 images (one value a seed), measured elsewhere.[/]");
        var summary = ExperimentResult.Of(options, data, watch.Elapsed, results);
        var file = Path.Combine(options.Run.Output, "results.json");
        await ResultFile.WriteAsync(file, summary).ConfigureAwait(false);
        console.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"Peak memory {summary.PeakMemoryBytes / (1 << 20)} MiB, {summary.Seconds:F0} s in all. Results: {file}");
        return SampleProgram.ExitCode(results.TrueForAll(r => r.IsSameElsewhere), cancellationToken);
    }
}
