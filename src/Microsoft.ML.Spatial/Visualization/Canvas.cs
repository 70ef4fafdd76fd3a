using System.Drawing;

namespace Microsoft.ML.Spatial.Visualization;

/// <summary>A picture under construction: opaque pixels in the order blue, green, red, alpha, drawn on without leaving its bounds.</summary>
internal sealed class Canvas
{
    /// <summary>Makes a canvas of one colour.</summary>
    public Canvas(int width, int height, Color background)
    {
        Width = width;
        Height = height;
        Pixels = new byte[checked(4 * width * height)];
        for (int y = 0; y < height; y++)
            for (int x = 0; x < width; x++)
                Set(x, y, background);
    }

    /// <summary>The width in pixels.</summary>
    public int Width { get; }

    /// <summary>The height in pixels.</summary>
    public int Height { get; }

    /// <summary>The pixels, row-major, four bytes each.</summary>
    public byte[] Pixels { get; }

    /// <summary>Draws a picture with every pixel enlarged to a square of <paramref name="scale"/> pixels.</summary>
    public void DrawPicture(SheetPicture picture, int left, int top, int scale)
    {
        for (int y = 0; y < picture.Height * scale; y++)
            for (int x = 0; x < picture.Width * scale; x++)
                Blend(left + x, top + y, picture.ColorAt(y / scale, x / scale), 1);
    }

    /// <summary>Draws a line of text; (left, top) is the upper left corner of its first character.</summary>
    public void DrawText(string text, int left, int top, int scale, Color color)
    {
        for (int k = 0; k < text.Length; k++)
            for (int y = 0; y < PixelFont.Height * scale; y++)
                for (int x = 0; x < PixelFont.Width * scale; x++)
                    if (PixelFont.IsSet(text[k], y / scale, x / scale))
                        Blend(left + k * PixelFont.Advance * scale + x, top + y, color, 1);
    }

    /// <summary>
    /// Draws an antialiased line between two points, in coordinates where pixel (x, y) covers [x, x+1] x [y, y+1].
    /// </summary>
    /// <param name="from">One end.</param>
    /// <param name="to">The other end.</param>
    /// <param name="thickness">The line's width in pixels.</param>
    /// <param name="color">Its colour.</param>
    /// <param name="clip">The part of the canvas it may touch.</param>
    public void DrawLine(PointF from, PointF to, float thickness, Color color, Rectangle clip)
    {
        float reach = thickness / 2 + 0.5f;
        var bounds = Rectangle.Intersect(clip, new Rectangle(0, 0, Width, Height));
        // Clamped before the conversion: a transformation gone astray may lie far outside what an int holds.
        int left = (int)Math.Clamp(MathF.Min(from.X, to.X) - reach, bounds.Left, bounds.Right);
        int right = (int)Math.Clamp(MathF.Max(from.X, to.X) + reach + 1, bounds.Left, bounds.Right);
        int top = (int)Math.Clamp(MathF.Min(from.Y, to.Y) - reach, bounds.Top, bounds.Bottom);
        int bottom = (int)Math.Clamp(MathF.Max(from.Y, to.Y) + reach + 1, bounds.Top, bounds.Bottom);
        float dx = to.X - from.X, dy = to.Y - from.Y, squared = dx * dx + dy * dy;
        for (int y = top; y < bottom; y++)
        {
            for (int x = left; x < right; x++)
            {
                // Coverage falls off over one pixel with the distance of the pixel's centre from the segment.
                float px = x + 0.5f - from.X, py = y + 0.5f - from.Y;
                float along = squared > 0 ? Math.Clamp((px * dx + py * dy) / squared, 0, 1) : 0;
                float distance = MathF.Sqrt(MathF.Pow(px - along * dx, 2) + MathF.Pow(py - along * dy, 2));
                Blend(x, y, color, Math.Clamp(reach - distance, 0, 1));
            }
        }
    }

    private void Set(int x, int y, Color color)
    {
        int k = 4 * (y * Width + x);
        Pixels[k] = color.B;
        Pixels[k + 1] = color.G;
        Pixels[k + 2] = color.R;
        Pixels[k + 3] = 255;
    }

    private void Blend(int x, int y, Color color, float coverage)
    {
        if ((uint)x >= (uint)Width || (uint)y >= (uint)Height)
            return;
        int k = 4 * (y * Width + x);
        Pixels[k] = Mix(Pixels[k], color.B, coverage);
        Pixels[k + 1] = Mix(Pixels[k + 1], color.G, coverage);
        Pixels[k + 2] = Mix(Pixels[k + 2], color.R, coverage);
    }

    private static byte Mix(byte below, byte above, float coverage) => (byte)(below + (above - below) * coverage + 0.5f);
}
