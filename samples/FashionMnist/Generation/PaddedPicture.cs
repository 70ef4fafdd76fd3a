using System.Runtime.CompilerServices;
using Microsoft.ML.Spatial.Samples.FashionMnist.Data;

namespace Microsoft.ML.Spatial.Samples.FashionMnist.Generation;

/// <summary>A picture of 28 x 28 pixels that is read between its pixels: bilinearly, zero outside, in double precision.</summary>
internal readonly ref struct PaddedPicture
{
    /// <summary>How many numbers the picture with its border takes.</summary>
    public const int Length = Side * Side;

    // A border of zeros serves every read outside, so that reading has no branches.
    private const int Border = 2;
    private const int Side = FashionMnistSplit.Side + 2 * Border;

    private readonly ReadOnlySpan<double> _padded;

    /// <summary>Copies a picture.</summary>
    /// <param name="source">The pixels, row-major.</param>
    /// <param name="memory">Holds the copy: <see cref="Length"/> numbers, whose old content does not matter.</param>
    public PaddedPicture(ReadOnlySpan<byte> source, Span<double> memory)
    {
        memory.Clear();
        for (int r = 0; r < FashionMnistSplit.Side; r++)
            for (int c = 0; c < FashionMnistSplit.Side; c++)
                memory[(r + Border) * Side + c + Border] = source[r * FashionMnistSplit.Side + c];
        _padded = memory;
    }

    /// <summary>The value at a point, in which whole numbers are the pixels' centres.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public double At(double x, double y)
    {
        x = Math.Clamp(x, -1, FashionMnistSplit.Side) + Border;
        y = Math.Clamp(y, -1, FashionMnistSplit.Side) + Border;
        int column = (int)x, row = (int)y;
        double fx = x - column, fy = y - row;
        var upper = _padded.Slice(row * Side + column, Side + 2);
        return (upper[0] * (1 - fx) + upper[1] * fx) * (1 - fy) + (upper[Side] * (1 - fx) + upper[Side + 1] * fx) * fy;
    }
}
