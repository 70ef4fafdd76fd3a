using Microsoft.ML.Spatial.Functional;

namespace Microsoft.ML.Spatial.Tests.Functional;

/// <summary>The formulae of the paper in float64, one point at a time.</summary>
internal static class ReferenceSampler
{
    /// <summary>Normalised coordinate of pixel <paramref name="index"/>.</summary>
    internal static double Normalised(long index, long side, bool alignCorners) =>
        alignCorners ? side == 1 ? 0 : 2.0 * index / (side - 1) - 1 : (2.0 * index + 1) / side - 1;

    /// <summary>Pixel coordinate of a normalised one.</summary>
    internal static double Pixel(double normalised, long side, bool alignCorners) =>
        alignCorners ? (normalised + 1) / 2 * (side - 1) : ((normalised + 1) * side - 1) / 2;

    internal static double[] AffineGrid(double[] theta, long height, long width, bool alignCorners)
    {
        var pictures = theta.Length / 6;
        var grid = new List<double>();
        for (var n = 0; n < pictures; n++)
        {
            var a = theta.AsSpan(6 * n, 6);
            for (long row = 0; row < height; row++)
            {
                for (long column = 0; column < width; column++)
                {
                    var (x, y) = (Normalised(column, width, alignCorners), Normalised(row, height, alignCorners));
                    grid.Add(a[0] * x + a[1] * y + a[2]);
                    grid.Add(a[3] * x + a[4] * y + a[5]);
                }
            }
        }

        return [.. grid];
    }

    internal static double[] Sample(double[] input, long[] shape, double[] grid, SamplingMode mode, PaddingMode padding, bool alignCorners)
    {
        var (pictures, channels, height, width) = (shape[0], shape[1], shape[2], shape[3]);
        var points = grid.Length / 2 / pictures;
        var output = new double[pictures * channels * points];
        for (long n = 0; n < pictures; n++)
        {
            for (long p = 0; p < points; p++)
            {
                var x = Pixel(grid[2 * (n * points + p)], width, alignCorners);
                var y = Pixel(grid[2 * (n * points + p) + 1], height, alignCorners);
                for (long c = 0; c < channels; c++)
                {
                    var plane = input.AsSpan((int)((n * channels + c) * height * width), (int)(height * width));
                    output[(n * channels + c) * points + p] = Read(plane, height, width, x, y, mode, padding, alignCorners);
                }
            }
        }

        return output;
    }

    private static double Read(
        ReadOnlySpan<double> plane, long height, long width, double x, double y, SamplingMode mode, PaddingMode padding, bool alignCorners)
    {
        if (mode == SamplingMode.Nearest)
        {
            var column = Pad(Math.Floor(x + 0.5), width, padding, alignCorners);
            var row = Pad(Math.Floor(y + 0.5), height, padding, alignCorners);
            return At(plane, height, width, (long)row, (long)column);
        }

        (x, y) = (Pad(x, width, padding, alignCorners), Pad(y, height, padding, alignCorners));
        double sum = 0;
        for (var row = (long)Math.Floor(y); row <= (long)Math.Floor(y) + 1; row++)
        {
            for (var column = (long)Math.Floor(x); column <= (long)Math.Floor(x) + 1; column++)
                sum += At(plane, height, width, row, column) * Math.Max(0, 1 - Math.Abs(x - column)) * Math.Max(0, 1 - Math.Abs(y - row));
        }

        return sum;
    }

    private static double At(ReadOnlySpan<double> plane, long height, long width, long row, long column) =>
        row >= 0 && row < height && column >= 0 && column < width ? plane[(int)(row * width + column)] : 0;

    private static double Pad(double pixel, long side, PaddingMode padding, bool alignCorners)
    {
        if (padding == PaddingMode.Zeros)
            return pixel;
        if (padding == PaddingMode.Reflection)
        {
            var (low, high) = alignCorners ? (0, side - 1.0) : (-0.5, side - 0.5);
            if (low == high)
                return 0;
            while (pixel < low || pixel > high)
                pixel = pixel < low ? 2 * low - pixel : 2 * high - pixel;
        }

        return Math.Clamp(pixel, 0, side - 1);
    }
}
