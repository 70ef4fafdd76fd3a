using System.Globalization;
using Microsoft.ML.Spatial.Samples.DistortedFashion.Reporting;
using Microsoft.ML.Spatial.Samples.FashionMnist.Data;
using Microsoft.ML.Spatial.Samples.FashionMnist.Hosting;
using Spectre.Console;

namespace Microsoft.ML.Spatial.Samples.DistortedFashion.Training;

/// <summary>Trains one model, measures it on the test images, saves it, and has another process load it and predict the same images.</summary>
internal sealed class ModelRun(IAnsiConsole console, ExperimentOptions options, FashionMnistDataSet data, string dataFolder)
{
    /// <summary>Runs it all.</summary>
    public async Task<ModelResult> RunAsync(TableNetwork network, CancellationToken cancellationToken)
    {
        var result = new ModelTraining(console, options, data, network).Run(cancellationToken);
        var report = Path.Combine(Path.GetDirectoryName(result.ModelFile)!, "prediction.json");
        // Not cancellable: after a Ctrl+C the model that was saved is still looked at.
        await OtherProcess.RunAsync(
            typeof(ModelRun).Assembly,
            line => console.MarkupLineInterpolated($"[grey]{result.Model,-11}  {line}[/]"),
            "predict", "--model", result.ModelFile, "--distortion", options.Distortion.Name, "--data-folder", dataFolder,
            "--data-seed", options.Run.DataSeed.ToString(CultureInfo.InvariantCulture), "--test-images", options.Run.TestImages.ToString(CultureInfo.InvariantCulture),
            "--sheet", Path.ChangeExtension(report, null) + ".png", "--report", report).ConfigureAwait(false);
        var reloaded = await ResultFile.ReadAsync<PredictionReport>(report).ConfigureAwait(false);
        if (reloaded.Wrong != result.TestWrong)
            console.MarkupLineInterpolated($"[red]{result.Model}: the reloaded model predicts otherwise than the trained one.[/]");
        return result with { ReloadedTestWrong = reloaded.Wrong, ReloadedTestError = reloaded.Error };
    }
}
