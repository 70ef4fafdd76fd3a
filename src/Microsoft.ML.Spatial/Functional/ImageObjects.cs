namespace Microsoft.ML.Spatial.Functional;

/// <summary>The objects of an image.</summary>
/// <param name="Boxes">x0, y0, x1, y1 of each in turn, in pixels.</param>
/// <param name="Classes">The class of each, from 0.</param>
internal readonly record struct ImageObjects(float[] Boxes, int[] Classes)
{
    /// <summary>How many objects there are.</summary>
    public int Count => Classes.Length;
}
