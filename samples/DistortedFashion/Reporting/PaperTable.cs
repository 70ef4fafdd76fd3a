using System.Globalization;
using Microsoft.ML.Spatial.Samples.DistortedFashion.Training;
using Spectre.Console;

namespace Microsoft.ML.Spatial.Samples.DistortedFashion.Reporting;

/// <summary>The table at the end of a grid: a row a model, and for each distortion our test error beside that published for MNIST.</summary>
internal static class PaperTable
{
    /// <summary>What the table's columns are.</summary>
    public const string Legend =
        "[grey]Test errors in percent. Columns 'MNIST' are not of this data set: they are those published for distorted MNIST (Jaderberg et al. 2015, arXiv 1506.02025, table 1).[/]";

    /// <summary>Makes the table; a dash stands where there is no figure.</summary>
    /// <param name="cells">The results, in any order.</param>
    /// <param name="columns">What was to be trained.</param>
    public static Table Of(IReadOnlyList<ExperimentResult> cells, IReadOnlyList<ExperimentOptions> columns)
    {
        var first = columns[0];
        var table = new Table
        {
            Title = new TableTitle(string.Create(
                CultureInfo.InvariantCulture, $"Fashion-MNIST, {first.Run.Images} images, {first.Run.Epochs} epoch(s), seed {first.Run.Seed}, and published figures for MNIST")),
        };
        table.AddColumn("model");
        foreach (var options in columns)
        {
            table.AddColumn(new TableColumn(options.Distortion.Name).RightAligned());
            table.AddColumn(new TableColumn("[grey]MNIST[/]").RightAligned());
        }

        foreach (var network in first.Models)
        {
            List<string> row = [network.Name];
            foreach (var distortion in columns.Select(c => c.Distortion.Name))
            {
                row.Add(Figure(cells.Where(c => c.Distortion == distortion).SelectMany(c => c.Models).SingleOrDefault(m => m.Model == network.Name)?.TestError, "F2"));
                row.Add($"[grey]{Figure(PublishedFigures.For(distortion, network.Name), "F1")}[/]");
            }

            table.AddRow([.. row]);
        }

        return table;
    }

    private static string Figure(double? value, string format) => value?.ToString(format, CultureInfo.InvariantCulture) ?? "-";
}
