using Microsoft.ML.Spatial.Samples.DetectFashion.Training;
using Microsoft.ML.Spatial.Samples.FashionMnist.Hosting;
using Spectre.Console;
using static System.FormattableString;

namespace Microsoft.ML.Spatial.Samples.DetectFashion.Reporting;

/// <summary>The table at the end of a run.</summary>
internal static class DetectorTable
{
    /// <summary>Where the reference's figures come from.</summary>
    public const string Legend = "[grey]The reference is a PyTorch program of the same network and recipe, one-stage: 8,000 scenes, 10 epochs, seeds 0 and 1; measured elsewhere. AP is the mean over IoU 0.5 to 0.95.[/]";

    /// <summary>Makes the table.</summary>
    public static Table Of(IReadOnlyList<DetectorResult> results, RunSettings run)
    {
        var table = new Table { Title = new TableTitle(Invariant($"Fashion scenes, {run.Images} to train and {run.TestImages} to test, {run.Epochs} epoch(s), seed {run.Seed}")) };
        table.AddColumn("detector");
        foreach (var heading in new[] { "AP50", "AP", "reference AP50", "reference AP", "reloaded", "parameters", "training images/s", "training s" })
            table.AddColumn(new TableColumn(heading).RightAligned());
        foreach (var result in results)
        {
            var reference = DetectorModel.Named(result.Model).Reference;
            table.AddRow(
                result.Model,
                Invariant($"{result.AveragePrecision50:F3}"),
                Invariant($"{result.AveragePrecision:F3}"),
                reference?.AveragePrecision50 ?? "",
                reference?.AveragePrecision ?? "",
                result.IsSameReloaded ? "same" : "[red]other[/]",
                Invariant($"{result.Parameters:N0}"),
                Invariant($"{result.ImagesPerSecond:F0}"),
                Invariant($"{result.TrainingSeconds:F0}"));
        }

        return table;
    }
}
