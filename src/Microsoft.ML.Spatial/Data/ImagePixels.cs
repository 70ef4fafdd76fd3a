using System.Numerics;
using System.Runtime.InteropServices;
using Microsoft.ML.Data;

namespace Microsoft.ML.Spatial.Data;

/// <summary>Between <see cref="MLImage"/> and float planes [C, H, W] of pixel / 255.</summary>
internal static class ImagePixels
{
    private const int BytesPerPixel = 4;
    private const int Green = 1;
    private const int Alpha = 3;

    /// <summary>Reads an image of the shape's size into planes: grey is a weighted sum of the colours that leaves a grey pixel unchanged, otherwise red, green, blue.</summary>
    public static void ToPlanes(MLImage image, int channels, Span<float> planes)
    {
        var pixels = MemoryMarshal.Cast<byte, uint>(image.Pixels);
        var (red, blue) = RedAndBlue(image.PixelFormat);
        var area = image.Width * image.Height;
        if (channels == 1)
        {
            // Weights of ITU-R BT.601 in 256ths; they add up to 256, so that equal colours give exactly their own value.
            WeighColours(pixels, planes[..area], (red, 77), (Green, 150), (blue, 29));
            return;
        }

        WeighColours(pixels, planes[..area], (red, 256), default, default);
        WeighColours(pixels, planes.Slice(area, area), (Green, 256), default, default);
        WeighColours(pixels, planes.Slice(2 * area, area), (blue, 256), default, default);
    }

    /// <summary>Refuses an image whose pixels cannot be read.</summary>
    public static void Check(MLImage image) => RedAndBlue(image.PixelFormat);

    /// <summary>Makes an image with alpha 255 of 1 or 3 planes; values are clamped to [0, 1].</summary>
    public static MLImage FromPlanes(ReadOnlySpan<float> planes, ImageShape shape, MLPixelFormat format = MLPixelFormat.Bgra32)
    {
        var (red, blue) = RedAndBlue(format);
        var area = shape.Height * shape.Width;
        var pixels = new byte[area * BytesPerPixel];
        for (int i = 0, p = 0; i < area; i++, p += BytesPerPixel)
        {
            pixels[p + blue] = ToByte(planes[shape.Channels == 1 ? i : area + area + i]);
            pixels[p + Green] = ToByte(planes[shape.Channels == 1 ? i : area + i]);
            pixels[p + red] = ToByte(planes[i]);
            pixels[p + Alpha] = byte.MaxValue;
        }

        return MLImage.CreateFromPixels(shape.Width, shape.Height, format, pixels);
    }

    /// <summary>A copy of an image with alpha 255.</summary>
    public static MLImage Opaque(MLImage image)
    {
        RedAndBlue(image.PixelFormat);
        var pixels = image.Pixels.ToArray();
        for (var p = Alpha; p < pixels.Length; p += BytesPerPixel)
        {
            pixels[p] = byte.MaxValue;
        }

        return MLImage.CreateFromPixels(image.Width, image.Height, image.PixelFormat, pixels);
    }

    /// <summary>Sums three colours of each pixel, told by their byte and a weight in 256ths, and divides by 255.</summary>
    private static void WeighColours(ReadOnlySpan<uint> pixels, Span<float> plane, (int Byte, uint Weight) first, (int Byte, uint Weight) second, (int Byte, uint Weight) third)
    {
        const float Scale = 256f * 255f;
        var i = 0;
        for (; i <= plane.Length - Vector<uint>.Count; i += Vector<uint>.Count)
        {
            var some = new Vector<uint>(pixels[i..]);
            var sum = Weigh(some, first) + Weigh(some, second) + Weigh(some, third);
            (Vector.ConvertToSingle(Vector.AsVectorInt32(sum)) / new Vector<float>(Scale)).CopyTo(plane[i..]);
        }

        for (; i < plane.Length; i++)
        {
            plane[i] = (Weigh(pixels[i], first) + Weigh(pixels[i], second) + Weigh(pixels[i], third)) / Scale;
        }
    }

    private static Vector<uint> Weigh(Vector<uint> pixels, (int Byte, uint Weight) colour) =>
        (Vector.ShiftRightLogical(pixels, 8 * colour.Byte) & new Vector<uint>(byte.MaxValue)) * colour.Weight;

    private static uint Weigh(uint pixel, (int Byte, uint Weight) colour) => ((pixel >> (8 * colour.Byte)) & byte.MaxValue) * colour.Weight;

    private static byte ToByte(float value) => (byte)((Math.Clamp(value, 0f, 1f) * 255f) + 0.5f);

    private static (int Red, int Blue) RedAndBlue(MLPixelFormat format) => format switch
    {
        MLPixelFormat.Bgra32 => (2, 0),
        MLPixelFormat.Rgba32 => (0, 2),
        _ => throw new NotSupportedException($"The image has pixel format {format}; Bgra32 or Rgba32 is needed."),
    };
}
