namespace Microsoft.ML.Spatial.Data;

/// <summary>An image file and the objects that it shows, as an annotation file tells.</summary>
internal abstract class AnnotatedImage
{
    /// <summary>The image file.</summary>
    public required string Path { get; init; }

    /// <summary>Its width in pixels.</summary>
    public required int Width { get; init; }

    /// <summary>Its height in pixels.</summary>
    public required int Height { get; init; }

    /// <summary>The classes of its objects as keys, from 1.</summary>
    public required uint[] Labels { get; init; }

    /// <summary>The boxes of its objects: x0 y0 x1 y1 of each.</summary>
    public required float[] Boxes { get; init; }
}
