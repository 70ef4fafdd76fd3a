using System.Drawing;

namespace Microsoft.ML.Spatial.Visualization;

/// <summary>Lines, points and labels that are drawn over a picture, in its pixels: pixel (row r, column c) covers [c, c+1] x [r, r+1].</summary>
/// <param name="Lines">The lines, the last on top.</param>
/// <param name="Points">The points, over the lines, the last on top.</param>
/// <param name="Labels">The labels, over the points.</param>
public sealed record SheetOverlay(IReadOnlyList<SheetLine> Lines, IReadOnlyList<SheetPoint> Points, IReadOnlyList<SheetLabel> Labels)
{
    /// <summary>Nothing.</summary>
    public static SheetOverlay Empty { get; } = new([], [], []);

    /// <summary>This overlay with another on top of it.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="other"/> is null.</exception>
    public SheetOverlay With(SheetOverlay other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return new([.. Lines, .. other.Lines], [.. Points, .. other.Points], [.. Labels, .. other.Labels]);
    }
}
