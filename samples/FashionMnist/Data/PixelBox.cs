namespace Microsoft.ML.Spatial.Samples.FashionMnist.Data;

/// <summary>A box in pixels of a picture, from the outer edge of its upper left pixel.</summary>
/// <param name="Left">The left edge.</param>
/// <param name="Top">The upper edge.</param>
/// <param name="Width">The width, at least 0.</param>
/// <param name="Height">The height, at least 0.</param>
internal readonly record struct PixelBox(double Left, double Top, double Width, double Height)
{
    /// <summary>The box of an attention window.</summary>
    /// <param name="theta">(s, tx, ty): relative size and centre, in coordinates of [-1, 1] over the picture's outer edges.</param>
    /// <param name="side">The side of the picture in pixels.</param>
    public static PixelBox OfWindow(ReadOnlySpan<float> theta, int side)
    {
        double size = Math.Abs(theta[0]) * side;
        return new PixelBox((theta[1] + 1) / 2 * side - size / 2, (theta[2] + 1) / 2 * side - size / 2, size, size);
    }

    /// <summary>The area in common with another box as a part of the area that either covers, from 0 to 1.</summary>
    public double IntersectionOverUnion(PixelBox other)
    {
        double width = Math.Min(Left + Width, other.Left + other.Width) - Math.Max(Left, other.Left);
        double height = Math.Min(Top + Height, other.Top + other.Height) - Math.Max(Top, other.Top);
        double common = Math.Max(0, width) * Math.Max(0, height);
        return common / (Width * Height + other.Width * other.Height - common);
    }
}
