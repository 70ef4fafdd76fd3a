namespace Microsoft.ML.Spatial.Evaluation;

/// <summary>How well the objects of one class were found.</summary>
public sealed class ClassDetectionMetrics : DetectionFigures
{
    private readonly PrecisionRecallPoint[][] _points;

    internal ClassDetectionMetrics(string name, ClassTally tally)
    {
        Name = name;
        Objects = tally.Objects(AreaRange.All);
        Detections = tally.Detections;
        var all = tally.Curves(AreaRange.All, CocoLevels.MostDetections);
        var small = tally.Curves(AreaRange.Small, CocoLevels.MostDetections);
        var medium = tally.Curves(AreaRange.Medium, CocoLevels.MostDetections);
        var large = tally.Curves(AreaRange.Large, CocoLevels.MostDetections);
        _points = Array.ConvertAll(all, curve => curve.Points);

        AveragePrecision = Precision(all);
        AveragePrecision50 = Precision(all.Skip(CocoLevels.Iou50).Take(1));
        AveragePrecision75 = Precision(all.Skip(CocoLevels.Iou75).Take(1));
        AveragePrecisionSmall = Precision(small);
        AveragePrecisionMedium = Precision(medium);
        AveragePrecisionLarge = Precision(large);
        AverageRecall1 = Recall(tally.Curves(AreaRange.All, 1));
        AverageRecall10 = Recall(tally.Curves(AreaRange.All, 10));
        AverageRecall100 = Recall(all);
        AverageRecallSmall = Recall(small);
        AverageRecallMedium = Recall(medium);
        AverageRecallLarge = Recall(large);

        var voc = tally.VocCurve();
        Voc07AveragePrecision = voc?.ElevenPoint ?? double.NaN;
        VocAveragePrecision = voc?.Area ?? double.NaN;
    }

    /// <summary>The name of the class.</summary>
    public string Name { get; }

    /// <summary>Objects to find: neither crowds nor difficult ones.</summary>
    public int Objects { get; }

    /// <summary>Detections, those past the first hundred in an image included.</summary>
    public int Detections { get; }

    private protected override IReadOnlyList<PrecisionRecallPoint> Points(int threshold) => _points.Length == 0 ? [] : _points[threshold];

    private static double Precision(IEnumerable<CocoCurve> curves) => Mean.Of(curves.Select(curve => curve.AveragePrecision));

    private static double Recall(IEnumerable<CocoCurve> curves) => Mean.Of(curves.Select(curve => curve.Recall));
}
