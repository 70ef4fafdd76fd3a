using Microsoft.ML.Data;

namespace Microsoft.ML.Spatial.Data;

/// <summary>Between <see cref="MLImage"/> and float planes [C, H, W] of pixel / 255.</summary>
internal static class ImagePixels
{
    private const int BytesPerPixel = 4;

    /// <summary>Reads an image of the shape's size into planes: grey is a weighted sum of the colours that leaves a grey pixel unchanged, otherwise red, green, blue.</summary>
    public static void ToPlanes(MLImage image, int channels, Span<float> planes)
    {
        var pixels = image.Pixels;
        var (red, blue) = RedAndBlue(image.PixelFormat);
        var area = image.Width * image.Height;
        if (channels == 1)
        {
            for (int i = 0, p = 0; i < area; i++, p += BytesPerPixel)
            {
                // Weights of ITU-R BT.601 in 256ths; they add up to 256, so that equal colours give exactly their own value.
                planes[i] = ((77 * pixels[p + red]) + (150 * pixels[p + 1]) + (29 * pixels[p + blue])) / (256f * 255f);
            }

            return;
        }

        for (int i = 0, p = 0; i < area; i++, p += BytesPerPixel)
        {
            planes[i] = pixels[p + red] / 255f;
            planes[area + i] = pixels[p + 1] / 255f;
            planes[area + area + i] = pixels[p + blue] / 255f;
        }
    }

    /// <summary>Makes a Bgra32 image with alpha 255 of 1 or 3 planes; values are clamped to [0, 1].</summary>
    public static MLImage FromPlanes(ReadOnlySpan<float> planes, ImageShape shape)
    {
        var area = shape.Height * shape.Width;
        var pixels = new byte[area * BytesPerPixel];
        for (int i = 0, p = 0; i < area; i++, p += BytesPerPixel)
        {
            pixels[p] = ToByte(planes[shape.Channels == 1 ? i : area + area + i]);
            pixels[p + 1] = ToByte(planes[shape.Channels == 1 ? i : area + i]);
            pixels[p + 2] = ToByte(planes[i]);
            pixels[p + 3] = byte.MaxValue;
        }

        return MLImage.CreateFromPixels(shape.Width, shape.Height, MLPixelFormat.Bgra32, pixels);
    }

    private static byte ToByte(float value) => (byte)((Math.Clamp(value, 0f, 1f) * 255f) + 0.5f);

    private static (int Red, int Blue) RedAndBlue(MLPixelFormat format) => format switch
    {
        MLPixelFormat.Bgra32 => (2, 0),
        MLPixelFormat.Rgba32 => (0, 2),
        _ => throw new NotSupportedException($"The image has pixel format {format}; Bgra32 or Rgba32 is needed."),
    };
}
