namespace Microsoft.ML.Spatial.Components;

/// <summary>What to do with an <c>MLImage</c> whose size is not the size the network reads.</summary>
public enum ImageResizing
{
    /// <summary>Resize it (bilinear, antialiased when it shrinks, aspect ratio not kept).</summary>
    Resize,

    /// <summary>Refuse it with an error that names its row and both sizes.</summary>
    Refuse,

    /// <summary>
    /// Resize it in the same way, as large as fits, with its aspect ratio kept (to the rounding of its sides to whole pixels), and fill what is left at the right or below with zeros.
    /// </summary>
    Pad,
}
