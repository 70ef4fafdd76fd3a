namespace Microsoft.ML.Spatial.Data;

/// <summary>An image of a COCO instances file.</summary>
internal sealed class CocoImage : AnnotatedImage
{
    /// <summary>Its number in the file.</summary>
    public required long Id { get; init; }

    /// <summary>Which of its objects are crowds.</summary>
    public required bool[] IsCrowd { get; init; }

    /// <summary>The areas of its objects in pixels.</summary>
    public required float[] Areas { get; init; }
}
