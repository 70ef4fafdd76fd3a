using System.Drawing;

namespace Microsoft.ML.Spatial.Visualization;

/// <summary>A line over a picture.</summary>
/// <param name="From">One end, in the picture's pixels. Lines with an end that is not finite are not drawn.</param>
/// <param name="To">The other end.</param>
/// <param name="Color">The colour.</param>
public readonly record struct SheetLine(PointF From, PointF To, Color Color);
