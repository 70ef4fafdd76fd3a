using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

namespace Microsoft.ML.Spatial.Tests.Components;

/// <summary>A row with a picture of any size, or none, and affine parameters.</summary>
internal sealed class WarpRow
{
    public int Index { get; set; }

    [ImageType]
    public MLImage? Image { get; set; }

    [VectorType(6)]
    public float[] Theta { get; set; } = [1, 0, 0, 0, 1, 0];

    /// <summary>Parameters of as many values as a test says.</summary>
    public float[] Shift { get; set; } = [];

    /// <summary>Rows of random pictures; the same numbers give the same rows.</summary>
    public static WarpRow[] Make(int count, int height, int width, MLPixelFormat format = MLPixelFormat.Bgra32) =>
        Enumerable.Range(0, count).Select(i => new WarpRow { Index = i, Image = Picture(height, width, format, i) }).ToArray();

    /// <summary>An opaque picture of random bytes.</summary>
    public static MLImage Picture(int height, int width, MLPixelFormat format = MLPixelFormat.Bgra32, int seed = 0)
    {
        var pixels = new byte[height * width * 4];
        new Random(seed).NextBytes(pixels);
        for (var p = 3; p < pixels.Length; p += 4)
        {
            pixels[p] = byte.MaxValue;
        }

        return MLImage.CreateFromPixels(width, height, format, pixels);
    }

    /// <summary>The pixels of a column's images, row by row; null where there is none.</summary>
    public static byte[]?[] Pixels(IDataView view, string column = "Image") => view.GetColumn<MLImage>(column).Select(image => image?.Pixels.ToArray()).ToArray();

    /// <summary>The bytes of an opaque picture each of whose pixels is read somewhere in another.</summary>
    /// <param name="from">The other picture.</param>
    /// <param name="height">Height of the result.</param>
    /// <param name="width">Width of the result.</param>
    /// <param name="source">(row, column) of the result to (row, column) of the other; outside of it is black.</param>
    public static byte[] Read(MLImage from, int height, int width, Func<int, int, (int Row, int Column)> source)
    {
        var pixels = new byte[height * width * 4];
        for (var i = 0; i < height * width; i++)
        {
            var (row, column) = source(i / width, i % width);
            if (row >= 0 && row < from.Height && column >= 0 && column < from.Width)
            {
                from.Pixels.Slice(((row * from.Width) + column) * 4, 3).CopyTo(pixels.AsSpan(4 * i));
            }

            pixels[(4 * i) + 3] = byte.MaxValue;
        }

        return pixels;
    }
}
