using System.Drawing;
using System.Globalization;
using Microsoft.ML.Spatial.Visualization;

namespace Microsoft.ML.Spatial.Samples.DetectFashion.Reporting;

/// <summary>Precision over recall of each detector, where an IoU of 0.5 is enough, and of 0.75.</summary>
internal static class PrecisionRecallPlot
{
    private const int Side = 400;
    private const int Intervals = 5;

    private static readonly Color GridColor = Color.FromArgb(90, 94, 104);
    private static readonly Color TextColor = Color.FromArgb(235, 235, 235);
    private static readonly Color[] Colors =
    [
        Color.FromArgb(0, 200, 255), Color.FromArgb(255, 160, 0), Color.FromArgb(120, 220, 100), Color.FromArgb(240, 90, 90), Color.FromArgb(190, 140, 255), Color.FromArgb(235, 220, 90),
    ];

    /// <summary>Draws the plot and saves it as PNG.</summary>
    public static void Save(IReadOnlyList<DetectorResult> results, string path)
    {
        var sheet = new ContactSheet(columns: 2) { Title = "Precision (up) over recall (right), mean over the classes", PictureSide = Side };
        sheet.Add(Cell(results, DetectorResult.LooseOverlap, result => result.LoosePrecision));
        sheet.Add(Cell(results, DetectorResult.TightOverlap, result => result.TightPrecision));
        sheet.Save(path);
    }

    private static SheetCell Cell(IReadOnlyList<DetectorResult> results, double overlap, Func<DetectorResult, IReadOnlyList<double>> precision)
    {
        var curves = results.SelectMany((result, k) => Curve(precision(result), Colors[k]));
        var overlay = new SheetOverlay([.. Grid(), .. curves], [], [.. Scale()]);
        var empty = SheetPicture.FromValues(new float[Side * Side], 1, Side, Side);
        return new SheetCell(
            [empty.With(overlay)],
            [
                new(string.Create(CultureInfo.InvariantCulture, $"IoU from {overlap}"), TextColor),
                .. results.Select((result, k) => new SheetCaption(string.Create(CultureInfo.InvariantCulture, $"{result.Model}: AP {precision(result).Average():F3}"), Colors[k])),
            ]);
    }

    private static IEnumerable<SheetLine> Curve(IReadOnlyList<double> precision, Color color) => Enumerable.Range(1, precision.Count - 1).Select(
        k => new SheetLine(Place((k - 1.0) / (precision.Count - 1), precision[k - 1]), Place((double)k / (precision.Count - 1), precision[k]), color));

    private static IEnumerable<SheetLine> Grid() => Enumerable.Range(0, Intervals + 1).Select(k => (double)k / Intervals).SelectMany(
        at => new[] { new SheetLine(Place(at, 0), Place(at, 1), GridColor), new SheetLine(Place(0, at), Place(1, at), GridColor) });

    private static IEnumerable<SheetLabel> Scale() => Enumerable.Range(1, Intervals - 1).Select(k => (double)k / Intervals).SelectMany(
        at => new[] { (At: Place(at, 0), Value: at), (At: Place(0, at), Value: at) }).Select(
        mark => new SheetLabel(mark.At, mark.Value.ToString("F1", CultureInfo.InvariantCulture), GridColor));

    private static PointF Place(double recall, double precision) => new((float)(recall * Side), (float)((1 - precision) * Side));
}
