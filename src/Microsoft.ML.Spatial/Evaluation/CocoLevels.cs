namespace Microsoft.ML.Spatial.Evaluation;

/// <summary>The levels at which COCO measures, rounded as its reference code has them (<c>numpy.linspace</c>): whatever lies exactly on a level must fall on the same side of it.</summary>
internal static class CocoLevels
{
    /// <summary>The most detections of a class in an image that count, those of the highest scores.</summary>
    public const int MostDetections = 100;

    /// <summary>The place of 0.5 in <see cref="Iou"/>.</summary>
    public const int Iou50 = 0;

    /// <summary>The place of 0.75 in <see cref="Iou"/>.</summary>
    public const int Iou75 = 5;

    /// <summary>Intersection over union from which on boxes match: 0.5, 0.55 .. 0.95.</summary>
    public static double[] Iou { get; } = Spaced(0.5, 0.95, 10);

    /// <summary>Recalls at which the precision is read: 0, 0.01 .. 1.</summary>
    public static double[] Recall { get; } = Spaced(0, 1, 101);

    private static double[] Spaced(double from, double to, int count)
    {
        var step = (to - from) / (count - 1);
        var levels = new double[count];
        for (var i = 0; i < count; i++)
        {
            levels[i] = (i * step) + from;
        }

        levels[^1] = to;
        return levels;
    }
}
