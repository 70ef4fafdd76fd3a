namespace Microsoft.ML.Spatial.Functional;

/// <summary>What the four numbers of a box are, in pixels.</summary>
public enum BoxFormat
{
    /// <summary>Two corners: x0, y0, x1, y1. The form that every operator takes.</summary>
    Corners,

    /// <summary>The corner with the least coordinates and the size: x0, y0, width, height, as COCO has them.</summary>
    CornerAndSize,

    /// <summary>The centre and the size: x, y, width, height.</summary>
    CentreAndSize,
}
