using System.Globalization;
using Spectre.Console;

namespace Microsoft.ML.Spatial.Samples.Colocalize.Reporting;

/// <summary>The table at the end of a run.</summary>
internal static class ClassTable
{
    /// <summary>How to read it.</summary>
    public const string Legend = "[grey]Found: IoU of the window and of the 28 x 28 place where the item was put, above 0.5, on test pictures that were not trained on.[/]";

    /// <summary>Makes the table.</summary>
    public static Table Of(ColocalizeReport report)
    {
        var table = new Table { Title = new TableTitle(Text($"Co-localisation without labels, {report.Epochs} epoch(s), seed {report.Seed}")) };
        table.AddColumn("class");
        foreach (var heading in new[] { "pictures", "found %", "mean IoU", "reloaded", "training s" })
            table.AddColumn(new TableColumn(heading).RightAligned());
        foreach (var c in report.Classes)
            table.AddRow(c.Class, Text($"{c.TrainingPictures}"), Text($"{c.FoundShare:F1}"), Text($"{c.MeanOverlap:F3}"), c.IsSameReloaded ? "same" : "[red]other[/]", Text($"{c.TrainingSeconds:F0}"));
        table.AddRow("all", Text($"{report.Classes.Sum(c => c.TrainingPictures)}"), Text($"{report.FoundShare:F1}"), Text($"{report.MeanOverlap:F3}"), "", Text($"{report.Classes.Sum(c => c.TrainingSeconds):F0}"));
        return table;
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
