using System.Diagnostics;
using System.Globalization;
using Microsoft.ML.Spatial.Samples.Colocalize.Reporting;
using Microsoft.ML.Spatial.Samples.FashionMnist.Data;
using Microsoft.ML.Spatial.Samples.FashionMnist.Hosting;
using Spectre.Console;

namespace Microsoft.ML.Spatial.Samples.Colocalize.Training;

/// <summary>The main job: trains a model a class, and reports.</summary>
internal sealed class ColocalizeExperiment(IAnsiConsole console, ColocalizeOptions options)
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
            $"Each picture holds an item of one class somewhere on 60 x 60, among six pieces of other pictures. A model a class looks for what its pictures have in common; no labels and no boxes are trained on. The window's size, 28 of 60 pixels, is given, and its place is learnt; what windows show is compared by fixed means of square cells. {run.Epochs} epoch(s), {run.Threads} thread(s).");

        var results = new List<ClassResult>();
        foreach (var label in options.Classes)
        {
            if (cancellationToken.IsCancellationRequested)
                break;
            results.Add(new ClassTraining(console, options, data, label).Run(cancellationToken));
        }

        var report = new ColocalizeReport(run.Images, run.TestImages, run.Epochs, run.Batch, run.Seed, run.DataSeed, run.Threads, watch.Elapsed.TotalSeconds, results);
        console.Write(ClassTable.Of(report));
        console.MarkupLine(ClassTable.Legend);
        var file = Path.Combine(run.Output, "results.json");
        await ResultFile.WriteAsync(file, report).ConfigureAwait(false);
        console.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"{report.Seconds:F0} s in all. Results: {file}");
        return SampleProgram.ExitCode(results.TrueForAll(r => r.IsSameReloaded), cancellationToken);
    }
}
