namespace Microsoft.ML.Spatial.Evaluation;

/// <summary>A point of a precision-recall curve.</summary>
/// <param name="Recall">The part of the objects that is found, 0 to 1.</param>
/// <param name="Precision">The part of the detections that is right, 0 to 1: the best at this recall or a higher one, and 0 where this recall is not reached.</param>
/// <param name="Score">The score from which on detections are taken to get there; NaN where this recall is not reached, and on a mean over classes.</param>
public readonly record struct PrecisionRecallPoint(double Recall, double Precision, double Score);
