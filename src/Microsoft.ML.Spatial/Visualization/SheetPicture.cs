using System.Drawing;
using Microsoft.ML.Data;

namespace Microsoft.ML.Spatial.Visualization;

/// <summary>A picture of a <see cref="ContactSheet"/>: its own copy of the pixels, and an outline to draw over them.</summary>
public sealed class SheetPicture
{
    private readonly byte[] _rgb;

    private SheetPicture(int width, int height, byte[] rgb)
    {
        Width = width;
        Height = height;
        _rgb = rgb;
    }

    /// <summary>The width in pixels.</summary>
    public int Width { get; }

    /// <summary>The height in pixels.</summary>
    public int Height { get; }

    /// <summary>
    /// The corners of a closed outline in the picture's pixels, as <see cref="ThetaOverlay.Outline"/> gives them; empty for none. The first
    /// quarter of its edges is drawn in <see cref="FirstEdgeColor"/>, so that a turned outline shows which side is up.
    /// </summary>
    public IReadOnlyList<PointF> Outline { get; init; } = [];

    /// <summary>The colour of the outline.</summary>
    public Color OutlineColor { get; init; } = Color.FromArgb(0, 200, 255);

    /// <summary>The colour of the first quarter of the outline's edges.</summary>
    public Color FirstEdgeColor { get; init; } = Color.FromArgb(255, 160, 0);

    /// <summary>What else is drawn over the picture, above the outline.</summary>
    public SheetOverlay Overlay { get; private init; } = SheetOverlay.Empty;

    /// <summary>Copies an image; the image remains the caller's.</summary>
    /// <param name="image">The image, in either of ML.NET's pixel formats. Its alpha channel is ignored.</param>
    /// <param name="outline">The value of <see cref="Outline"/>.</param>
    /// <exception cref="ArgumentNullException"><paramref name="image"/> is null.</exception>
    /// <exception cref="ArgumentException">The image's pixel format is neither Bgra32 nor Rgba32.</exception>
    public static SheetPicture FromImage(MLImage image, IReadOnlyList<PointF>? outline = null)
    {
        ArgumentNullException.ThrowIfNull(image);
        var format = image.PixelFormat;
        if (format is not (MLPixelFormat.Bgra32 or MLPixelFormat.Rgba32))
            throw new ArgumentException($"The image's pixel format is {format}; Bgra32 and Rgba32 can be drawn.", nameof(image));
        int red = format == MLPixelFormat.Bgra32 ? 2 : 0;
        var pixels = image.Pixels;
        var rgb = new byte[3 * image.Width * image.Height];
        for (int k = 0; k < rgb.Length / 3; k++)
        {
            rgb[3 * k] = pixels[4 * k + red];
            rgb[3 * k + 1] = pixels[4 * k + 1];
            rgb[3 * k + 2] = pixels[4 * k + 2 - red];
        }

        return new SheetPicture(image.Width, image.Height, rgb) { Outline = outline ?? [] };
    }

    /// <summary>Copies a picture held as numbers, as the column of rectified pictures delivers it.</summary>
    /// <param name="values">The values of [C, H, W], 0 black and 1 white; values outside are brought to the nearer end, NaN to black.</param>
    /// <param name="channels">C: 1 for grey, 3 for red, green, blue.</param>
    /// <param name="height">H.</param>
    /// <param name="width">W.</param>
    /// <param name="outline">The value of <see cref="Outline"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is not positive, or <paramref name="channels"/> is neither 1 nor 3.</exception>
    /// <exception cref="ArgumentException">The number of values is not C * H * W.</exception>
    public static SheetPicture FromValues(ReadOnlySpan<float> values, int channels, int height, int width, IReadOnlyList<PointF>? outline = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        if (channels is not (1 or 3))
            throw new ArgumentOutOfRangeException(nameof(channels), channels, "A picture has 1 channel (grey) or 3 (red, green, blue).");
        if (values.Length != channels * height * width)
            throw new ArgumentException($"There are {values.Length} values; {channels} x {height} x {width} are {channels * height * width}.", nameof(values));
        int plane = height * width;
        var rgb = new byte[3 * plane];
        for (int k = 0; k < plane; k++)
        {
            for (int c = 0; c < 3; c++)
            {
                float value = values[channels == 1 ? k : c * plane + k];
                // Written so that NaN fails the comparison.
                rgb[3 * k + c] = value > 0 ? (byte)(Math.Min(value, 1) * 255 + 0.5f) : (byte)0;
            }
        }

        return new SheetPicture(width, height, rgb) { Outline = outline ?? [] };
    }

    /// <summary>The same picture with something drawn over it.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="overlay"/> is null.</exception>
    public SheetPicture With(SheetOverlay overlay)
    {
        ArgumentNullException.ThrowIfNull(overlay);
        return new(Width, Height, _rgb) { Outline = Outline, OutlineColor = OutlineColor, FirstEdgeColor = FirstEdgeColor, Overlay = Overlay.With(overlay) };
    }

    /// <summary>The colour of a pixel.</summary>
    internal Color ColorAt(int row, int column)
    {
        int k = 3 * (row * Width + column);
        return Color.FromArgb(_rgb[k], _rgb[k + 1], _rgb[k + 2]);
    }
}
