using Spectre.Console;
using static System.FormattableString;

namespace Microsoft.ML.Spatial.Samples.Colocalize.Reporting;

/// <summary>The table at the end of a run.</summary>
internal static class ClassTable
{
    /// <summary>How to read it.</summary>
    public const string Legend = "[grey]Found: IoU of the window and of the 28 x 28 place where the item was put, above 0.5, on test pictures that were not trained on.[/]";

    /// <summary>Makes the table.</summary>
    public static Table Of(ColocalizeReport report)
    {
        var table = new Table { Title = new TableTitle(Invariant($"Co-localisation without labels, {report.Epochs} epoch(s), seed {report.Seed}")) };
        table.AddColumn("class");
        foreach (var heading in new[] { "pictures", "found %", "mean IoU", "reloaded", "training s" })
            table.AddColumn(new TableColumn(heading).RightAligned());
        foreach (var c in report.Classes)
            table.AddRow(c.Class, Invariant($"{c.TrainingPictures}"), Invariant($"{c.FoundShare:F1}"), Invariant($"{c.MeanOverlap:F3}"), c.IsSameReloaded ? "same" : "[red]other[/]", Invariant($"{c.TrainingSeconds:F0}"));
        table.AddRow("all", Invariant($"{report.Classes.Sum(c => c.TrainingPictures)}"), Invariant($"{report.FoundShare:F1}"), Invariant($"{report.MeanOverlap:F3}"), "", Invariant($"{report.Classes.Sum(c => c.TrainingSeconds):F0}"));
        return table;
    }
}
