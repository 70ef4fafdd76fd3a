using Microsoft.ML.Spatial.Modules;

namespace Microsoft.ML.Spatial.Components;

/// <summary>What a detector found in some images, boxes in pixels of the image as it came.</summary>
internal sealed record DetectionScores(Detections[] Images) : ScoredBatch;
