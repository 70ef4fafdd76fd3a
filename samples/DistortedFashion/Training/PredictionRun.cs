using System.Diagnostics;
using System.Globalization;
using Microsoft.ML.Spatial.Samples.DistortedFashion.Data;
using Microsoft.ML.Spatial.Samples.DistortedFashion.Reporting;
using Microsoft.ML.Spatial.Samples.FashionMnist.Data;
using Microsoft.ML.Spatial.Samples.FashionMnist.Hosting;
using Spectre.Console;

namespace Microsoft.ML.Spatial.Samples.DistortedFashion.Training;

/// <summary>Loads a saved model with nothing but ML.NET's own <c>Model.Load</c>, predicts the test images and counts the wrong ones.</summary>
internal sealed class PredictionRun(IAnsiConsole console, PredictionOptions options)
{
    /// <summary>Runs it.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var data = FashionMnistDataSet.Read(await options.Files.LocateAsync(cancellationToken).ConfigureAwait(false));
        var ml = new MLContext();
        var model = ml.Model.Load(options.Model, out _);
        try
        {
            var test = DistortedFashionView.Test(data, options.Distortion, options.TestImages, options.DataSeed);
            var watch = Stopwatch.StartNew();
            var metrics = ml.MulticlassClassification.Evaluate(model.Transform(test));
            var seconds = watch.Elapsed.TotalSeconds;
            var wrong = ModelTraining.Wrong(metrics, options.TestImages);
            var report = new PredictionReport(options.TestImages, wrong, 100.0 * wrong / options.TestImages, options.TestImages / seconds);
            console.MarkupLineInterpolated(
                CultureInfo.InvariantCulture,
                $"process {Environment.ProcessId}: reloaded {options.Model}, test error {report.Error:F2} % of {report.Images} images, {report.ImagesPerSecond:F0} images/s");
            if (options.Report is not null)
                await ResultFile.WriteAsync(options.Report, report).ConfigureAwait(false);
            if (options.Sheet is not null)
            {
                PredictionSheet.Save(model, data, options.Distortion, options.DataSeed, Path.GetFileName(Path.GetDirectoryName(options.Model)) ?? "", report.Error, options.Sheet);
                console.MarkupLineInterpolated($"process {Environment.ProcessId}: contact sheet {options.Sheet}");
            }

            return SampleProgram.Success;
        }
        finally
        {
            (model as IDisposable)?.Dispose();
        }
    }
}
