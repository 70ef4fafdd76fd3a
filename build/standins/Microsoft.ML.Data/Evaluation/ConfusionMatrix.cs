using System.Globalization;
using System.Text;

namespace Microsoft.ML.Data;

/// <summary>How often each class (rows) was taken for each other (columns).</summary>
public sealed class ConfusionMatrix
{
    private readonly string[] _classNames;

    internal ConfusionMatrix(string[] classNames, double[][] counts)
    {
        _classNames = classNames;
        Counts = counts;
        NumberOfClasses = counts.Length;
        PerClassRecall = Ratios(i => counts[i].Sum());
        PerClassPrecision = Ratios(i => counts.Sum(row => row[i]));
    }

    public IReadOnlyList<double> PerClassPrecision { get; }

    public IReadOnlyList<double> PerClassRecall { get; }

    public IReadOnlyList<IReadOnlyList<double>> Counts { get; }

    public int NumberOfClasses { get; }

    public string GetFormattedConfusionTable()
    {
        const string Predicted = "PREDICTED";
        const int LeastWidth = 6;

        string[] labels = _classNames.Select((name, i) => name == Text(i) ? name : $"{i}. {name}").ToArray();
        int labelWidth = Math.Max(Predicted.Length, labels.Max(label => label.Length));
        int width = Math.Max(LeastWidth, Counts.Max(row => row.Max(count => Text(count).Length)));
        string Line(string label, IEnumerable<string> cells, string end) =>
            $"{label.PadRight(labelWidth)} ||{string.Concat(cells.Select(cell => cell.PadLeft(width) + " |"))}{end}\n";

        string rule = $" ||{new string('=', (width + 2) * NumberOfClasses)}\n";
        var table = new StringBuilder("\nConfusion table\n");
        table.Append(new string(' ', labelWidth)).Append(rule);
        table.Append(Line(Predicted, Enumerable.Range(0, NumberOfClasses).Select(i => Text(i)), " Recall"));
        table.Append("TRUTH".PadRight(labelWidth)).Append(rule);
        for (int i = 0; i < NumberOfClasses; i++)
        {
            table.Append(Line(labels[i].PadLeft(labelWidth), Counts[i].Select(Text), " " + Ratio(PerClassRecall[i])));
        }

        table.Append(new string(' ', labelWidth)).Append(rule);
        return table.Append(Line("Precision", PerClassPrecision.Select(Ratio), "")).ToString();
    }

    private static string Text(double count) => count.ToString("0.####", CultureInfo.InvariantCulture);

    private static string Ratio(double value) => value.ToString("F4", CultureInfo.InvariantCulture);

    private double[] Ratios(Func<int, double> total) =>
        Enumerable.Range(0, Counts.Count).Select(i => total(i) > 0 ? Counts[i][i] / total(i) : 0).ToArray();
}
