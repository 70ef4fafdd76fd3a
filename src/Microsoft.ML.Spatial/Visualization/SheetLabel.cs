using System.Drawing;

namespace Microsoft.ML.Spatial.Visualization;

/// <summary>A short text over a picture, moved into it where it would stick out.</summary>
/// <param name="At">The upper left corner of the text, in the picture's pixels. Labels whose place is not finite are not drawn.</param>
/// <param name="Text">The text. Printable ASCII is drawn; other characters appear as question marks.</param>
/// <param name="Color">The colour.</param>
public readonly record struct SheetLabel(PointF At, string Text, Color Color);
