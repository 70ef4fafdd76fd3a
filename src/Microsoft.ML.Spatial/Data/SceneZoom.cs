namespace Microsoft.ML.Spatial.Data;

/// <summary>An image shown larger or smaller: what was at x is at Scale x + X, and likewise for y.</summary>
/// <param name="Scale">How many times as large, above 0.</param>
/// <param name="X">Where its left edge goes, in pixels.</param>
/// <param name="Y">Where its upper edge goes, in pixels.</param>
internal readonly record struct SceneZoom(double Scale, double X, double Y)
{
    /// <summary>A zoom that shows, of an image larger than the frame, a place chosen at random, and puts a smaller one at a place chosen at random.</summary>
    /// <param name="scale">How many times as large.</param>
    /// <param name="image">The size of the image.</param>
    /// <param name="frame">The size of what is seen.</param>
    /// <param name="across">Chooses the place from left to right, in [0, 1).</param>
    /// <param name="down">Chooses the place from the top to the bottom, in [0, 1).</param>
    public static SceneZoom At(double scale, ImageSize image, ImageSize frame, double across, double down) =>
        new(scale, across * (frame.Width - (scale * image.Width)), down * (frame.Height - (scale * image.Height)));

    /// <summary>Where a box goes.</summary>
    public Box Apply(Box box) => new((Scale * box.X0) + X, (Scale * box.Y0) + Y, (Scale * box.X1) + X, (Scale * box.Y1) + Y);
}
