using System.Globalization;
using Microsoft.ML.Spatial.Samples.DistortedFashion.Training;
using Spectre.Console;

namespace Microsoft.ML.Spatial.Samples.DistortedFashion.Reporting;

/// <summary>The table at the end of a run.</summary>
internal static class ResultTable
{
    /// <summary>Makes the table.</summary>
    public static Table Of(IReadOnlyList<ModelResult> results, ExperimentOptions options)
    {
        var table = new Table { Title = new TableTitle(Text($"{options.Distortion.Name}, {options.Run.Images} images, {options.Run.Epochs} epoch(s), seed {options.Run.Seed}")) };
        table.AddColumn("model");
        foreach (var heading in new[] { "test error %", "reloaded elsewhere %", "PyTorch reference %", "parameters", "training images/s" })
            table.AddColumn(new TableColumn(heading).RightAligned());
        foreach (var result in results)
        {
            table.AddRow(
                result.Model,
                Text($"{result.TestError:F2}"),
                Text($"{result.ReloadedTestError:F2}"),
                ReferenceFigures.For(options.Distortion.Name, result.Model),
                Text($"{result.Parameters:N0}"),
                Text($"{result.ImagesPerSecond:F0}"));
        }

        return table;
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
