using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Microsoft.ML.Spatial.Functional.Kernels;

/// <summary>Planes, a channel after the other, to pixels, whose channels are side by side, and back.</summary>
internal static unsafe class PixelOrder
{
    private const int Half = Lanes.Count / 2;

    /// <summary>Planes <c>[channels, count]</c> to pixels <c>[count, room]</c>, with zeros for the channels that are not there.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void FromPlanes(float* planes, nint planeStride, int channels, int count, float* pixels, nint pixelStride, int room)
    {
        var whole = channels / Lanes.Count * Lanes.Count;
        Transpose(planes, planeStride, whole, count, pixels, pixelStride);
        for (var first = whole; first < room; first += Half)
        {
            float* from = planes + (first * planeStride), to = pixels + first;
            var some = Math.Clamp(channels - first, 0, Half);
            var i = 0;
            if (first + Half <= room)
            {
                for (; i + Half <= count; i += Half)
                {
                    var plane = from + i;
                    var (p0, p1, p2, p3) = Lanes.Transpose(
                        LoadIf(some > 0, plane), LoadIf(some > 1, plane + planeStride), LoadIf(some > 2, plane + (2 * planeStride)), LoadIf(some > 3, plane + (3 * planeStride)));
                    var pixel = to + (i * pixelStride);
                    p0.Store(pixel);
                    p1.Store(pixel + pixelStride);
                    p2.Store(pixel + (2 * pixelStride));
                    p3.Store(pixel + (3 * pixelStride));
                }
            }

            for (; i < count; i++)
            {
                for (var channel = 0; channel < Math.Min(Half, room - first); channel++)
                    to[(i * pixelStride) + channel] = channel < some ? from[(channel * planeStride) + i] : 0;
            }
        }
    }

    /// <summary>Pixels <c>[count, pixelStride]</c> to planes <c>[channels, count]</c>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void ToPlanes(float* pixels, nint pixelStride, int channels, int count, float* planes, nint planeStride)
    {
        var whole = channels / Lanes.Count * Lanes.Count;
        Transpose(pixels, pixelStride, count, whole, planes, planeStride);
        for (var first = whole; first < channels; first += Half)
        {
            float* from = pixels + first, to = planes + (first * planeStride);
            var some = Math.Min(Half, channels - first);
            var i = 0;
            if (first + Half <= pixelStride)
            {
                for (; i + Half <= count; i += Half)
                {
                    var pixel = from + (i * pixelStride);
                    var (c0, c1, c2, c3) = Lanes.Transpose(
                        Vector128.Load(pixel), Vector128.Load(pixel + pixelStride), Vector128.Load(pixel + (2 * pixelStride)), Vector128.Load(pixel + (3 * pixelStride)));
                    var plane = to + i;
                    c0.Store(plane);
                    if (some > 1)
                        c1.Store(plane + planeStride);
                    if (some > 2)
                        c2.Store(plane + (2 * planeStride));
                    if (some > 3)
                        c3.Store(plane + (3 * planeStride));
                }
            }

            for (; i < count; i++)
            {
                for (var channel = 0; channel < some; channel++)
                    to[(channel * planeStride) + i] = from[(i * pixelStride) + channel];
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> LoadIf(bool isThere, float* from) => isThere ? Vector128.Load(from) : Vector128<float>.Zero;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Transpose(float* from, nint fromStride, int rows, int columns, float* to, nint toStride)
    {
        var (wholeRows, wholeColumns) = (rows / Lanes.Count * Lanes.Count, columns / Lanes.Count * Lanes.Count);
        for (var column = 0; column < wholeColumns; column += Lanes.Count)
        {
            for (var row = 0; row < wholeRows; row += Lanes.Count)
                Lanes.Transpose(from + (row * fromStride) + column, fromStride, to + (column * toStride) + row, toStride);
        }

        Some(wholeRows, rows, 0, columns);
        Some(0, wholeRows, wholeColumns, columns);

        void Some(int firstRow, int rowEnd, int firstColumn, int columnEnd)
        {
            for (var row = firstRow; row < rowEnd; row++)
            {
                for (var column = firstColumn; column < columnEnd; column++)
                    to[(column * toStride) + row] = from[(row * fromStride) + column];
            }
        }
    }
}
