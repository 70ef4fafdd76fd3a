namespace Microsoft.ML.Spatial.Evaluation;

/// <summary>How well objects were found. The figures are means over the classes that have objects to find.</summary>
public sealed class DetectionMetrics : DetectionFigures
{
    internal DetectionMetrics(IReadOnlyList<ClassDetectionMetrics> classes, int images)
    {
        Classes = classes;
        Images = images;
        AveragePrecision = MeanOf(figures => figures.AveragePrecision);
        AveragePrecision50 = MeanOf(figures => figures.AveragePrecision50);
        AveragePrecision75 = MeanOf(figures => figures.AveragePrecision75);
        AveragePrecisionSmall = MeanOf(figures => figures.AveragePrecisionSmall);
        AveragePrecisionMedium = MeanOf(figures => figures.AveragePrecisionMedium);
        AveragePrecisionLarge = MeanOf(figures => figures.AveragePrecisionLarge);
        AverageRecall1 = MeanOf(figures => figures.AverageRecall1);
        AverageRecall10 = MeanOf(figures => figures.AverageRecall10);
        AverageRecall100 = MeanOf(figures => figures.AverageRecall100);
        AverageRecallSmall = MeanOf(figures => figures.AverageRecallSmall);
        AverageRecallMedium = MeanOf(figures => figures.AverageRecallMedium);
        AverageRecallLarge = MeanOf(figures => figures.AverageRecallLarge);
        Voc07AveragePrecision = MeanOf(figures => figures.Voc07AveragePrecision);
        VocAveragePrecision = MeanOf(figures => figures.VocAveragePrecision);
    }

    /// <summary>Each class, in the order of the label key; those without objects included.</summary>
    public IReadOnlyList<ClassDetectionMetrics> Classes { get; }

    /// <summary>How many images there were, those without objects included.</summary>
    public int Images { get; }

    /// <summary>The figures as a table: one line a class, and the means.</summary>
    public override string ToString() => DetectionTable.Format(this);

    private protected override IReadOnlyList<PrecisionRecallPoint> Points(int threshold)
    {
        var level = CocoLevels.Iou[threshold];
        IReadOnlyList<PrecisionRecallPoint>[] curves = [.. Classes.Where(figures => figures.Objects > 0).Select(figures => figures.PrecisionRecall(level))];
        return curves.Length == 0 ? [] : [.. CocoLevels.Recall.Select((recall, i) => new PrecisionRecallPoint(recall, curves.Average(curve => curve[i].Precision), double.NaN))];
    }

    private double MeanOf(Func<DetectionFigures, double> figure) => Mean.Of(Classes.Select(figure));
}
