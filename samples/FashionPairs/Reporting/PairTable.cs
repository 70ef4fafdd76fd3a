using Microsoft.ML.Spatial.Samples.FashionPairs.Training;
using Spectre.Console;
using static System.FormattableString;

namespace Microsoft.ML.Spatial.Samples.FashionPairs.Reporting;

/// <summary>The table at the end of a run.</summary>
internal static class PairTable
{
    /// <summary>What was published for the experiment that this one is after.</summary>
    public const string Legend =
        "[grey]Published for MNIST addition, which is another data set (Jaderberg et al. 2015, arXiv 1506.02025, appendix A.1): CNN 14.7 %, two transformers before an FCN 9.0 (affine), 5.9 (projective), 5.8 (TPS).[/]";

    /// <summary>Makes the table.</summary>
    public static Table Of(IReadOnlyList<PairResult> results, PairOptions options)
    {
        var run = options.Run;
        var table = new Table { Title = new TableTitle(Invariant($"Fashion pairs, {options.Transformation}, {run.Images} pictures, {run.Epochs} epoch(s), seed {run.Seed}")) };
        table.AddColumn("model");
        foreach (var heading in new[] { "test error %", "reloaded", "parameters", "training images/s" })
            table.AddColumn(new TableColumn(heading).RightAligned());
        foreach (var result in results)
        {
            table.AddRow(
                result.Model,
                Invariant($"{result.TestError:F2}"),
                result.IsSameReloaded ? "same" : "[red]other[/]",
                Invariant($"{result.Parameters:N0}"),
                Invariant($"{result.ImagesPerSecond:F0}"));
        }

        return table;
    }
}
