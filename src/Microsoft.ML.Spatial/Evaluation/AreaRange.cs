namespace Microsoft.ML.Spatial.Evaluation;

/// <summary>A range of areas in square pixels, both ends included. Objects outside it are ignored, and so are detections outside it that match none.</summary>
internal readonly record struct AreaRange(double Least, double Most)
{
    /// <summary>The place of the range of all areas in <see cref="Ranges"/>.</summary>
    public const int All = 0;

    /// <summary>The place of the range up to 32 x 32.</summary>
    public const int Small = 1;

    /// <summary>The place of the range from 32 x 32 to 96 x 96.</summary>
    public const int Medium = 2;

    /// <summary>The place of the range from 96 x 96 on.</summary>
    public const int Large = 3;

    /// <summary>COCO's four.</summary>
    public static AreaRange[] Ranges { get; } = [new(0, 1e10), new(0, 32 * 32), new(32 * 32, 96 * 96), new(96 * 96, 1e10)];

    public bool Contains(double area) => area >= Least && area <= Most;
}
