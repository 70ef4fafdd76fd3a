using Microsoft.ML.Data;

namespace Microsoft.ML.Spatial.Tests.Components;

/// <summary>A row with the objects of an image and those found in it; keys count from 1.</summary>
internal sealed class DetectionRow
{
    public const int Classes = 3;

    [KeyType(Classes)]
    public uint[] Label { get; set; } = [];

    public float[] BoundingBoxes { get; set; } = [];

    public bool[] IsCrowd { get; set; } = [];

    public bool[] IsDifficult { get; set; } = [];

    [KeyType(Classes)]
    public uint[] PredictedLabel { get; set; } = [];

    public float[] PredictedBoundingBoxes { get; set; } = [];

    public float[] Score { get; set; } = [];
}
