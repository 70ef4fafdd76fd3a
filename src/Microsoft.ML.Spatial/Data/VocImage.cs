namespace Microsoft.ML.Spatial.Data;

/// <summary>An image of a Pascal VOC annotation folder.</summary>
internal sealed class VocImage : AnnotatedImage
{
    /// <summary>The name of its annotation file without <c>.xml</c>.</summary>
    public required string Id { get; init; }

    /// <summary>Which of its objects are difficult.</summary>
    public required bool[] IsDifficult { get; init; }
}
