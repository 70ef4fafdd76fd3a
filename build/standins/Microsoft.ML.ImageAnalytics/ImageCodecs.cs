using System.Runtime.InteropServices;

namespace Microsoft.ML.Data;

/// <summary>The native codecs (image_codecs.cpp).</summary>
internal static unsafe class ImageCodecs
{
    private const string Library = "spatial_images";

    internal enum Interpolation
    {
        Nearest = 0,
        Smooth = 1
    }

    /// <summary>The pixels as premultiplied BGRA; null if the file is no image or a damaged one.</summary>
    public static byte[] DecodeOrNull(ReadOnlySpan<byte> file, out int width, out int height)
    {
        fixed (byte* start = file)
        {
            if (Decode(start, file.Length, out byte* pixels, out width, out height) != 0)
            {
                return null;
            }

            return Take(pixels, (long)width * height * 4);
        }
    }

    /// <summary>The file's bytes; null if the pixels cannot be stored in a file of this kind.</summary>
    public static byte[] EncodeOrNull(string extension, byte[] pixels, int width, int height, bool isRgba, int quality)
    {
        fixed (byte* start = pixels)
        {
            if (Encode(extension, start, width, height, isRgba ? 1 : 0, quality, out byte* file, out long length) != 0)
            {
                return null;
            }

            return Take(file, length);
        }
    }

    public static byte[] Resize(byte[] source, int sourceWidth, int sourceHeight, int width, int height, Interpolation interpolation)
    {
        var target = new byte[checked(width * height * 4)];
        fixed (byte* from = source)
        fixed (byte* to = target)
        {
            if (ResizeNative(from, sourceWidth, sourceHeight, to, width, height, (int)interpolation) != 0)
            {
                throw new InvalidOperationException($"An image of {sourceWidth}x{sourceHeight} could not be resized to {width}x{height}.");
            }
        }

        return target;
    }

    private static byte[] Take(byte* buffer, long length)
    {
        try
        {
            return new ReadOnlySpan<byte>(buffer, checked((int)length)).ToArray();
        }
        finally
        {
            Free(buffer);
        }
    }

    [DllImport(Library, EntryPoint = "spatial_image_decode")]
    private static extern int Decode(byte* file, long length, out byte* pixels, out int width, out int height);

    [DllImport(Library, EntryPoint = "spatial_image_encode", BestFitMapping = false)]
    private static extern int Encode([MarshalAs(UnmanagedType.LPUTF8Str)] string extension, byte* pixels, int width, int height, int isRgba, int quality,
        out byte* file, out long length);

    [DllImport(Library, EntryPoint = "spatial_image_resize")]
    private static extern int ResizeNative(byte* source, int sourceWidth, int sourceHeight, byte* target, int targetWidth, int targetHeight, int interpolation);

    [DllImport(Library, EntryPoint = "spatial_image_free")]
    private static extern void Free(byte* buffer);
}
