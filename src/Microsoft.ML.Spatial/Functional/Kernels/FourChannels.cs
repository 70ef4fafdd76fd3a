using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Microsoft.ML.Spatial.Functional.Kernels;

/// <summary>Four channels of a pixel.</summary>
internal readonly unsafe struct FourChannels(Vector128<float> values) : IChannelBlock<FourChannels>
{
    private readonly Vector128<float> _values = values;

    public static int Count => 4;

    public static int Tile => 4;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FourChannels Load(float* from) => new(Vector128.Load(from));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FourChannels Create(float value) => new(Vector128.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FourChannels operator +(FourChannels left, FourChannels right) => new(left._values + right._values);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FourChannels operator -(FourChannels left, FourChannels right) => new(left._values - right._values);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FourChannels operator *(FourChannels left, FourChannels right) => new(left._values * right._values);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FourChannels MultiplyAdd(FourChannels left, FourChannels right, FourChannels addend) =>
        new(Vector128.FusedMultiplyAdd(left._values, right._values, addend._values));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Sums(FourChannels first, FourChannels second, FourChannels third, FourChannels fourth) =>
        Lanes.Sums(first._values, second._values, third._values, fourth._values);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Transpose(float* from, nint fromStride, float* to, nint toStride)
    {
        var (r0, r1) = (Vector128.Load(from), Vector128.Load(from + fromStride));
        var (r2, r3) = (Vector128.Load(from + (2 * fromStride)), Vector128.Load(from + (3 * fromStride)));
        var (even, even2) = (Lanes.Even(r0, r1), Lanes.Even(r2, r3));
        var (odd, odd2) = (Lanes.Odd(r0, r1), Lanes.Odd(r2, r3));

        // even: a0 a2 b0 b2; its even places of both pairs are column 0, its odd ones column 2.
        Lanes.Even(even, even2).Store(to);
        Lanes.Even(odd, odd2).Store(to + toStride);
        Lanes.Odd(even, even2).Store(to + (2 * toStride));
        Lanes.Odd(odd, odd2).Store(to + (3 * toStride));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(float* to) => _values.Store(to);
}
