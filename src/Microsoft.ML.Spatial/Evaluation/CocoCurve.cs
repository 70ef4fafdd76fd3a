namespace Microsoft.ML.Spatial.Evaluation;

/// <summary>Precision over recall of the detections of one class at one IoU threshold.</summary>
internal sealed class CocoCurve
{
    /// <param name="verdicts">Of the detections by falling score over all images.</param>
    /// <param name="scores">Their scores.</param>
    /// <param name="threshold">The threshold's place in <see cref="CocoLevels.Iou"/>.</param>
    /// <param name="objects">How many objects count, at least 1.</param>
    public CocoCurve(IReadOnlyList<Verdicts> verdicts, IReadOnlyList<double> scores, int threshold, int objects)
    {
        var precision = new double[verdicts.Count];
        var recall = new double[verdicts.Count];
        int right = 0, wrong = 0;
        for (var d = 0; d < precision.Length; d++)
        {
            if (!verdicts[d].IsIgnored(threshold))
            {
                right += verdicts[d].IsMatched(threshold) ? 1 : 0;
                wrong += verdicts[d].IsMatched(threshold) ? 0 : 1;
            }

            recall[d] = (double)right / objects;
            precision[d] = right == 0 ? 0 : (double)right / (right + wrong);
        }

        for (var d = precision.Length - 1; d > 0; d--)
        {
            precision[d - 1] = Math.Max(precision[d - 1], precision[d]);
        }

        Recall = precision.Length == 0 ? 0 : recall[^1];
        Points = new PrecisionRecallPoint[CocoLevels.Recall.Length];
        for (int level = 0, d = 0; level < Points.Length; level++)
        {
            while (d < recall.Length && recall[d] < CocoLevels.Recall[level])
            {
                d++;
            }

            Points[level] = d < recall.Length
                ? new PrecisionRecallPoint(CocoLevels.Recall[level], precision[d], scores[d])
                : new PrecisionRecallPoint(CocoLevels.Recall[level], 0, double.NaN);
        }
    }

    /// <summary>The part of the objects that is found.</summary>
    public double Recall { get; }

    /// <summary>One a level of <see cref="CocoLevels.Recall"/>: the best precision at that recall or a higher one; 0 where the recall is not reached.</summary>
    public PrecisionRecallPoint[] Points { get; }

    /// <summary>The mean of the precisions.</summary>
    public double AveragePrecision => Points.Average(point => point.Precision);
}
