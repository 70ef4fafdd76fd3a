using System.Drawing;

namespace Microsoft.ML.Spatial.Visualization;

/// <summary>A point over a picture, drawn as a dot.</summary>
/// <param name="At">Its place, in the picture's pixels. Points that are not finite are not drawn.</param>
/// <param name="Color">The colour.</param>
public readonly record struct SheetPoint(PointF At, Color Color);
