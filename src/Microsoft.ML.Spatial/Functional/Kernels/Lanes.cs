using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Microsoft.ML.Spatial.Functional.Kernels;

/// <summary>What vectors of eight floats need beyond the portable operations.</summary>
internal static unsafe class Lanes
{
    /// <summary>Floats in a vector.</summary>
    public const int Count = 8;

    /// <summary>Reads eight places.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Gather(float* from, Vector256<int> places) => Avx2.IsSupported
        ? Avx2.GatherVector256(from, places, sizeof(float))
        : Vector256.Create(from[places[0]], from[places[1]], from[places[2]], from[places[3]], from[places[4]], from[places[5]], from[places[6]], from[places[7]]);

    /// <summary>The first <paramref name="count"/> floats, zeros behind them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Load(float* from, int count) => count >= Count ? Vector256.Load(from) : LoadSome(from, count);

    /// <summary>Stores the first <paramref name="count"/> floats.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector256<float> values, float* to, int count)
    {
        if (count >= Count)
            values.Store(to);
        else
            StoreSome(values, to, count);
    }

    /// <summary>Places 0 and 2 of one vector, then those of another.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Even(Vector128<float> first, Vector128<float> second) => Sse.IsSupported
        ? Sse.Shuffle(first, second, 0b10_00_10_00)
        : Vector128.Create(first[0], first[2], second[0], second[2]);

    /// <summary>Places 1 and 3 of one vector, then those of another.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Odd(Vector128<float> first, Vector128<float> second) => Sse.IsSupported
        ? Sse.Shuffle(first, second, 0b11_01_11_01)
        : Vector128.Create(first[1], first[3], second[1], second[3]);

    /// <summary>The sums of four vectors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Sums(Vector128<float> first, Vector128<float> second, Vector128<float> third, Vector128<float> fourth)
    {
        var (pairs, pairs2) = (Even(first, second) + Odd(first, second), Even(third, fourth) + Odd(third, fourth));
        return Even(pairs, pairs2) + Odd(pairs, pairs2);
    }

    /// <summary>Four rows of four become four columns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vector128<float> First, Vector128<float> Second, Vector128<float> Third, Vector128<float> Fourth) Transpose(
        Vector128<float> first, Vector128<float> second, Vector128<float> third, Vector128<float> fourth)
    {
        var (even, even2) = (Even(first, second), Even(third, fourth));
        var (odd, odd2) = (Odd(first, second), Odd(third, fourth));

        // even: a0 a2 b0 b2; its even places of both pairs are column 0, its odd ones column 2.
        return (Even(even, even2), Even(odd, odd2), Odd(even, even2), Odd(odd, odd2));
    }

    /// <summary>Eight rows of eight become eight columns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Transpose(float* from, nint fromStride, float* to, nint toStride)
    {
        if (!Avx.IsSupported)
        {
            for (var row = 0; row < Count; row++)
            {
                for (var column = 0; column < Count; column++)
                    to[(column * toStride) + row] = from[(row * fromStride) + column];
            }

            return;
        }

        var r0 = Vector256.Load(from);
        var r1 = Vector256.Load(from + fromStride);
        var r2 = Vector256.Load(from + (2 * fromStride));
        var r3 = Vector256.Load(from + (3 * fromStride));
        var r4 = Vector256.Load(from + (4 * fromStride));
        var r5 = Vector256.Load(from + (5 * fromStride));
        var r6 = Vector256.Load(from + (6 * fromStride));
        var r7 = Vector256.Load(from + (7 * fromStride));
        var (a0, a1, a2, a3) = (Avx.UnpackLow(r0, r1), Avx.UnpackHigh(r0, r1), Avx.UnpackLow(r2, r3), Avx.UnpackHigh(r2, r3));
        var (a4, a5, a6, a7) = (Avx.UnpackLow(r4, r5), Avx.UnpackHigh(r4, r5), Avx.UnpackLow(r6, r7), Avx.UnpackHigh(r6, r7));
        const byte Lower = 0b01_00_01_00, Upper = 0b11_10_11_10;
        var (b0, b1, b2, b3) = (Avx.Shuffle(a0, a2, Lower), Avx.Shuffle(a0, a2, Upper), Avx.Shuffle(a1, a3, Lower), Avx.Shuffle(a1, a3, Upper));
        var (b4, b5, b6, b7) = (Avx.Shuffle(a4, a6, Lower), Avx.Shuffle(a4, a6, Upper), Avx.Shuffle(a5, a7, Lower), Avx.Shuffle(a5, a7, Upper));
        const byte First = 0x20, Second = 0x31;
        Avx.Permute2x128(b0, b4, First).Store(to);
        Avx.Permute2x128(b1, b5, First).Store(to + toStride);
        Avx.Permute2x128(b2, b6, First).Store(to + (2 * toStride));
        Avx.Permute2x128(b3, b7, First).Store(to + (3 * toStride));
        Avx.Permute2x128(b0, b4, Second).Store(to + (4 * toStride));
        Avx.Permute2x128(b1, b5, Second).Store(to + (5 * toStride));
        Avx.Permute2x128(b2, b6, Second).Store(to + (6 * toStride));
        Avx.Permute2x128(b3, b7, Second).Store(to + (7 * toStride));
    }

    private static Vector256<float> LoadSome(float* from, int count)
    {
        var some = stackalloc float[Count];
        new Span<float>(some, Count).Clear();
        new ReadOnlySpan<float>(from, Math.Max(0, count)).CopyTo(new Span<float>(some, Count));
        return Vector256.Load(some);
    }

    private static void StoreSome(Vector256<float> values, float* to, int count)
    {
        var some = stackalloc float[Count];
        values.Store(some);
        new ReadOnlySpan<float>(some, count).CopyTo(new Span<float>(to, count));
    }
}
