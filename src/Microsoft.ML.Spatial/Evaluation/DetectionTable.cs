using System.Globalization;
using System.Text;

namespace Microsoft.ML.Spatial.Evaluation;

/// <summary>Writes detection metrics as a table for people.</summary>
internal static class DetectionTable
{
    private const string MeanName = "mean";
    private const string None = "-";
    private const int ColumnWidth = 8;

    private static readonly (string Header, Func<DetectionFigures, double> Value)[] Figures =
    [
        ("AP", figures => figures.AveragePrecision),
        ("AP50", figures => figures.AveragePrecision50),
        ("AP75", figures => figures.AveragePrecision75),
        ("AP S", figures => figures.AveragePrecisionSmall),
        ("AP M", figures => figures.AveragePrecisionMedium),
        ("AP L", figures => figures.AveragePrecisionLarge),
        ("AR 1", figures => figures.AverageRecall1),
        ("AR 10", figures => figures.AverageRecall10),
        ("AR 100", figures => figures.AverageRecall100),
        ("AR S", figures => figures.AverageRecallSmall),
        ("AR M", figures => figures.AverageRecallMedium),
        ("AR L", figures => figures.AverageRecallLarge),
        ("VOC07", figures => figures.Voc07AveragePrecision),
        ("VOC", figures => figures.VocAveragePrecision),
    ];

    /// <summary>Lines of equal width: headers, the classes, the means. S, M and L are small, medium and large objects. A figure that does not exist is a dash.</summary>
    public static string Format(DetectionMetrics metrics)
    {
        var nameWidth = metrics.Classes.Select(figures => figures.Name.Length).Append(MeanName.Length).Max();
        var text = new StringBuilder();
        Append("", "objects", "found", figure => figure.Header);
        foreach (var figures in metrics.Classes)
        {
            Append(figures.Name, Text(figures.Objects), Text(figures.Detections), figure => Text(figure.Value(figures)));
        }

        var (objects, found) = (metrics.Classes.Sum(figures => (long)figures.Objects), metrics.Classes.Sum(figures => (long)figures.Detections));
        Append(MeanName, Text(objects), Text(found), figure => Text(figure.Value(metrics)));
        return text.ToString();

        void Append(string name, string objectCount, string foundCount, Func<(string Header, Func<DetectionFigures, double> Value), string> cell)
        {
            text.Append(name.PadRight(nameWidth)).Append(objectCount.PadLeft(ColumnWidth)).Append(foundCount.PadLeft(ColumnWidth));
            text.AppendJoin("", Figures.Select(figure => cell(figure).PadLeft(ColumnWidth))).Append('\n');
        }
    }

    private static string Text(long count) => count.ToString(CultureInfo.InvariantCulture);

    private static string Text(double figure) => double.IsNaN(figure) ? None : figure.ToString("F3", CultureInfo.InvariantCulture);
}
