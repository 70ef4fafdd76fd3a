using System.Globalization;
using System.Text;

namespace Microsoft.ML.Spatial.Evaluation;

/// <summary>Writes detection metrics as a table for people.</summary>
internal static class DetectionTable
{
    private const string MeanName = "mean";
    private const string None = "-";
    private const int ColumnWidth = 9;

    private static readonly (string Header, Func<DetectionFigures, double> Value)[] Figures =
    [
        ("AP", figures => figures.AveragePrecision),
        ("AP50", figures => figures.AveragePrecision50),
        ("AP75", figures => figures.AveragePrecision75),
        ("AP small", figures => figures.AveragePrecisionSmall),
        ("medium", figures => figures.AveragePrecisionMedium),
        ("large", figures => figures.AveragePrecisionLarge),
        ("AR 1", figures => figures.AverageRecall1),
        ("AR 10", figures => figures.AverageRecall10),
        ("AR 100", figures => figures.AverageRecall100),
        ("AR small", figures => figures.AverageRecallSmall),
        ("medium", figures => figures.AverageRecallMedium),
        ("large", figures => figures.AverageRecallLarge),
        ("VOC07", figures => figures.Voc07AveragePrecision),
        ("VOC", figures => figures.VocAveragePrecision),
    ];

    /// <summary>Lines of equal width: headers, the classes, the means. A figure that does not exist is a dash.</summary>
    public static string Format(DetectionMetrics metrics)
    {
        var nameWidth = metrics.Classes.Select(figures => figures.Name.Length).Append(MeanName.Length).Max();
        var text = new StringBuilder();
        Append("", "objects", "found", figure => figure.Header);
        foreach (var figures in metrics.Classes)
        {
            Append(figures.Name, Text(figures.Objects), Text(figures.Detections), figure => Text(figure.Value(figures)));
        }

        Append(MeanName, Text(metrics.Classes.Sum(figures => (long)figures.Objects)), Text(metrics.Classes.Sum(figures => (long)figures.Detections)), figure => Text(figure.Value(metrics)));
        return text.ToString();

        void Append(string name, string objects, string found, Func<(string Header, Func<DetectionFigures, double> Value), string> cell)
        {
            text.Append(name.PadRight(nameWidth)).Append(objects.PadLeft(ColumnWidth)).Append(found.PadLeft(ColumnWidth));
            text.AppendJoin("", Figures.Select(figure => cell(figure).PadLeft(ColumnWidth))).Append('\n');
        }
    }

    private static string Text(long count) => count.ToString(CultureInfo.InvariantCulture);

    private static string Text(double figure) => double.IsNaN(figure) ? None : figure.ToString("F3", CultureInfo.InvariantCulture);
}
