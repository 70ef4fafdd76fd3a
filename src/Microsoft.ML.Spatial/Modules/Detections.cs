namespace Microsoft.ML.Spatial.Modules;

/// <summary>The objects found in an image, the surest first.</summary>
/// <param name="Boxes">x0, y0, x1, y1 of each in turn, in pixels.</param>
/// <param name="Scores">How sure each is, in [0, 1].</param>
/// <param name="Classes">The class of each, from 0.</param>
internal sealed record Detections(float[] Boxes, float[] Scores, int[] Classes);
