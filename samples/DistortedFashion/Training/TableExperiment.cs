using System.Diagnostics;
using System.Globalization;
using Microsoft.ML.Spatial.Samples.DistortedFashion.Reporting;
using Microsoft.ML.Spatial.Samples.FashionMnist.Data;
using Microsoft.ML.Spatial.Samples.FashionMnist.Hosting;
using Spectre.Console;

namespace Microsoft.ML.Spatial.Samples.DistortedFashion.Training;

/// <summary>
/// A grid of distortions and models, reported as the paper's table. Each cell's result is a file of its own: a later run with the same
/// settings takes it from there, so a table that was broken off is taken up again.
/// </summary>
/// <param name="console">Where everything is written.</param>
/// <param name="columns">What to train, for each distortion; all with the same data set and models.</param>
/// <param name="output">The folder of the results.</param>
internal sealed class TableExperiment(IAnsiConsole console, IReadOnlyList<ExperimentOptions> columns, string output)
{
    /// <summary>Runs it all.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var watch = Stopwatch.StartNew();
        var folder = await columns[0].Run.Files.LocateAsync(cancellationToken).ConfigureAwait(false);
        var data = FashionMnistDataSet.Read(folder);
        var cells = new List<ExperimentResult>();
        foreach (var options in columns)
        {
            Introduction.Write(console, options, data);
            foreach (var network in options.Models)
            {
                if (await CellAsync(options, network, data, folder, cancellationToken).ConfigureAwait(false) is { } cell)
                    cells.Add(cell);
            }
        }

        console.Write(PaperTable.Of(cells, columns));
        console.MarkupLine(PaperTable.Legend);
        var file = Path.Combine(output, "table.json");
        await ResultFile.WriteAsync(file, cells).ConfigureAwait(false);
        console.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"{watch.Elapsed.TotalSeconds:F0} s in all. Results: {file}");
        return SampleProgram.ExitCode(cells.TrueForAll(c => c.Models.All(m => m.IsSameElsewhere)), cancellationToken);
    }

    /// <summary>The result of one cell, from its file or by training; none where a Ctrl+C came before its end.</summary>
    private async Task<ExperimentResult?> CellAsync(ExperimentOptions options, TableNetwork network, FashionMnistDataSet data, string folder, CancellationToken cancellationToken)
    {
        var file = Path.Combine(options.Run.Output, network.Name, "result.json");
        if (File.Exists(file) && await ResultFile.ReadAsync<ExperimentResult>(file).ConfigureAwait(false) is var old && old.HasSettingsOf(options))
        {
            Report(options, old.Models[0], $"taken from {file}");
            return old;
        }

        if (cancellationToken.IsCancellationRequested)
            return null;
        var watch = Stopwatch.StartNew();
        var result = await new ModelRun(console, options, data, folder).RunAsync(network, cancellationToken).ConfigureAwait(false);
        if (cancellationToken.IsCancellationRequested)
            return null;
        var cell = ExperimentResult.Of(options, data, watch.Elapsed, [result]);
        await ResultFile.WriteAsync(file, cell).ConfigureAwait(false);
        Report(options, result, string.Create(CultureInfo.InvariantCulture, $"{cell.Seconds:F0} s"));
        return cell;
    }

    private void Report(ExperimentOptions options, ModelResult result, string remark) => console.MarkupLineInterpolated(
        CultureInfo.InvariantCulture,
        $"[bold]{options.Distortion.Name} {result.Model}: test error {result.TestError:F2} %[/], PyTorch reference {ReferenceFigures.For(options.Distortion.Name, result.Model)}; {remark}");
}
