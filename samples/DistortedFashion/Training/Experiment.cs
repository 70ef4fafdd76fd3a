using System.Diagnostics;
using System.Globalization;
using Microsoft.ML.Spatial.Samples.DistortedFashion.Data;
using Microsoft.ML.Spatial.Samples.DistortedFashion.Reporting;
using Microsoft.ML.Spatial.Samples.FashionMnist.Data;
using Microsoft.ML.Spatial.Samples.FashionMnist.Hosting;
using Spectre.Console;

namespace Microsoft.ML.Spatial.Samples.DistortedFashion.Training;

/// <summary>
/// The main job: trains each model, measures it on the test images, saves it, has another process load it and predict the same
/// images, and reports.
/// </summary>
internal sealed class Experiment(IAnsiConsole console, ExperimentOptions options)
{
    /// <summary>Runs it all.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var watch = Stopwatch.StartNew();
        var folder = await options.Files.LocateAsync(cancellationToken).ConfigureAwait(false);
        var data = FashionMnistDataSet.Read(folder);
        Directory.CreateDirectory(options.Output);
        Introduce(data);

        var results = new List<ModelResult>();
        var sameElsewhere = true;
        foreach (var name in options.Models)
        {
            if (cancellationToken.IsCancellationRequested)
                break;
            var result = new ModelTraining(console, options, data, name).Run(cancellationToken);
            var reloaded = await PredictElsewhereAsync(result, folder).ConfigureAwait(false);
            sameElsewhere &= reloaded.Wrong == result.TestWrong;
            results.Add(result with { ReloadedTestError = reloaded.Error });
        }

        console.Write(ResultTable.Of(results, options));
        console.MarkupLine("[grey]The reference is a PyTorch program of the same recipe on 60,000 images (one value a seed), measured elsewhere.[/]");
        var summary = new ExperimentResult(
            options.Distortion.Name, options.Images, options.Epochs, options.Batch, options.Seed, options.DataSeed, options.LocalisationFactor, options.Threads,
            DistortedFashionView.HoldsOut(data, options.Images), Process.GetCurrentProcess().PeakWorkingSet64, watch.Elapsed.TotalSeconds, results);
        var file = Path.Combine(options.Output, "results.json");
        await ResultFile.WriteAsync(file, summary).ConfigureAwait(false);
        console.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"Peak memory {summary.PeakMemoryBytes / (1 << 20)} MiB, {summary.Seconds:F0} s in all. Results: {file}");

        if (!sameElsewhere)
            console.MarkupLine("[red]A reloaded model predicts otherwise than the trained one.[/]");
        return !sameElsewhere ? SampleProgram.Failure : cancellationToken.IsCancellationRequested ? SampleProgram.Cancelled : SampleProgram.Success;
    }

    private void Introduce(FashionMnistDataSet data)
    {
        console.MarkupLineInterpolated(
            CultureInfo.InvariantCulture,
            $"[bold]{options.Distortion.Name}[/]: {options.Distortion.Description}. {options.Images} images, distorted afresh in each of {options.Epochs} epoch(s), {options.Threads} thread(s).");
        console.MarkupLine(
            DistortedFashionView.HoldsOut(data, options.Images)
                ? "Validation: the last 2,000 images of the training file, which are not trained on, under fixed distortions."
                : "Validation: the last 2,000 training images under fixed distortions that no epoch uses; the images themselves are trained on.");
    }

    private async Task<PredictionReport> PredictElsewhereAsync(ModelResult result, string folder)
    {
        var report = Path.Combine(Path.GetDirectoryName(result.ModelFile)!, "prediction.json");
        // Not cancellable: after a Ctrl+C the model that was saved is still looked at.
        await OtherProcess.RunAsync(
            typeof(Experiment).Assembly,
            line => console.MarkupLineInterpolated($"[grey]{result.Model,-6}  {line}[/]"),
            "predict", "--model", result.ModelFile, "--distortion", options.Distortion.Name, "--data-folder", folder,
            "--data-seed", options.DataSeed.ToString(CultureInfo.InvariantCulture), "--test-images", options.TestImages.ToString(CultureInfo.InvariantCulture),
            "--sheet", Path.ChangeExtension(report, null) + ".png", "--report", report).ConfigureAwait(false);
        return await ResultFile.ReadAsync<PredictionReport>(report).ConfigureAwait(false);
    }
}
