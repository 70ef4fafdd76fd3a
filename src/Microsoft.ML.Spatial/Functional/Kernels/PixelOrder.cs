using System.Runtime.CompilerServices;

namespace Microsoft.ML.Spatial.Functional.Kernels;

/// <summary>Planes, a channel after the other, to pixels, whose channels are side by side, and back.</summary>
internal static unsafe class PixelOrder
{
    /// <summary>Planes <c>[channels, count]</c> to pixels <c>[count, channels]</c>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void FromPlanes(float* planes, nint planeStride, int channels, int count, float* pixels, nint pixelStride) =>
        Transpose(planes, planeStride, channels, count, pixels, pixelStride);

    /// <summary>Pixels <c>[count, channels]</c> to planes <c>[channels, count]</c>.</summary>
    public static void ToPlanes(float* pixels, nint pixelStride, int channels, int count, float* planes, nint planeStride) =>
        Transpose(pixels, pixelStride, count, channels, planes, planeStride);

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
