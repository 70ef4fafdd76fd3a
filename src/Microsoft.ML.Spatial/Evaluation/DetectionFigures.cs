using System.Globalization;

namespace Microsoft.ML.Spatial.Evaluation;

/// <summary>
/// The figures of COCO and Pascal VOC, of one class or as means over the classes: from 0 to 1, higher is better, NaN where there is no object to find.
/// </summary>
/// <remarks>
/// Average precision (AP) is the mean of the precision over the recall; average recall (AR) the part of the objects found by so many detections an image.
/// Where nothing else is said, COCO's figures are means over the IoU thresholds 0.5, 0.55 .. 0.95 with the best 100 detections of a class in an image.
/// Areas are in square pixels.
/// </remarks>
public abstract class DetectionFigures
{
    private protected DetectionFigures()
    {
    }

    /// <summary>COCO's AP, over the IoU thresholds 0.5 to 0.95.</summary>
    public double AveragePrecision { get; private protected init; }

    /// <summary>COCO's AP at IoU 0.5.</summary>
    public double AveragePrecision50 { get; private protected init; }

    /// <summary>COCO's AP at IoU 0.75.</summary>
    public double AveragePrecision75 { get; private protected init; }

    /// <summary>COCO's AP of objects of at most 32 x 32.</summary>
    public double AveragePrecisionSmall { get; private protected init; }

    /// <summary>COCO's AP of objects from 32 x 32 to 96 x 96.</summary>
    public double AveragePrecisionMedium { get; private protected init; }

    /// <summary>COCO's AP of objects of at least 96 x 96.</summary>
    public double AveragePrecisionLarge { get; private protected init; }

    /// <summary>COCO's AR with one detection of a class in an image.</summary>
    public double AverageRecall1 { get; private protected init; }

    /// <summary>COCO's AR with ten detections of a class in an image.</summary>
    public double AverageRecall10 { get; private protected init; }

    /// <summary>COCO's AR with a hundred detections of a class in an image.</summary>
    public double AverageRecall100 { get; private protected init; }

    /// <summary>COCO's AR of objects of at most 32 x 32.</summary>
    public double AverageRecallSmall { get; private protected init; }

    /// <summary>COCO's AR of objects from 32 x 32 to 96 x 96.</summary>
    public double AverageRecallMedium { get; private protected init; }

    /// <summary>COCO's AR of objects of at least 96 x 96.</summary>
    public double AverageRecallLarge { get; private protected init; }

    /// <summary>Pascal VOC's AP at IoU 0.5 as of 2007: the mean of the precision at the recalls 0, 0.1 .. 1. All detections count.</summary>
    public double Voc07AveragePrecision { get; private protected init; }

    /// <summary>Pascal VOC's AP at IoU 0.5 as of 2010: the area under the curve of precision over recall. All detections count.</summary>
    public double VocAveragePrecision { get; private protected init; }

    /// <summary>The mean of COCO's interpolated precision at each of the recalls 0, 0.01 .. 1; of objects of any area, with 100 detections.</summary>
    /// <param name="iouThreshold">One of 0.5, 0.55 .. 0.95.</param>
    /// <returns>101 points, or none where there is no object to find.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The threshold is none of those.</exception>
    public IReadOnlyList<PrecisionRecallPoint> PrecisionRecall(double iouThreshold = 0.5)
    {
        const double Rounding = 1e-6;
        var threshold = Array.FindIndex(CocoLevels.Iou, level => Math.Abs(level - iouThreshold) < Rounding);
        return threshold >= 0
            ? Points(threshold)
            : throw new ArgumentOutOfRangeException(nameof(iouThreshold), iouThreshold, string.Create(CultureInfo.InvariantCulture, $"IoU threshold {iouThreshold} is not one that COCO measures at; it must be one of 0.5, 0.55 .. 0.95."));
    }

    private protected abstract IReadOnlyList<PrecisionRecallPoint> Points(int threshold);
}
