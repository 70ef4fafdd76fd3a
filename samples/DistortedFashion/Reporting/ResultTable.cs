using Microsoft.ML.Spatial.Samples.DistortedFashion.Training;
using Spectre.Console;
using static System.FormattableString;

namespace Microsoft.ML.Spatial.Samples.DistortedFashion.Reporting;

/// <summary>The table at the end of a run.</summary>
internal static class ResultTable
{
    /// <summary>Makes the table.</summary>
    public static Table Of(IReadOnlyList<ModelResult> results, ExperimentOptions options)
    {
        var table = new Table { Title = new TableTitle(Invariant($"{options.Distortion.Name}, {options.Run.Images} images, {options.Run.Epochs} epoch(s), seed {options.Run.Seed}")) };
        table.AddColumn("model");
        foreach (var heading in new[] { "test error %", "reloaded elsewhere %", "PyTorch reference %", "parameters", "training images/s" })
            table.AddColumn(new TableColumn(heading).RightAligned());
        foreach (var result in results)
        {
            table.AddRow(
                result.Model,
                Invariant($"{result.TestError:F2}"),
                Invariant($"{result.ReloadedTestError:F2}"),
                ReferenceFigures.For(options.Distortion.Name, result.Model),
                Invariant($"{result.Parameters:N0}"),
                Invariant($"{result.ImagesPerSecond:F0}"));
        }

        return table;
    }
}
