using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Microsoft.ML.Spatial.Functional.Kernels;

/// <summary>Sixteen channels of a pixel.</summary>
internal readonly unsafe struct SixteenChannels(Vector256<float> first, Vector256<float> second) : IChannelBlock<SixteenChannels>
{
    private readonly Vector256<float> _first = first;
    private readonly Vector256<float> _second = second;

    public static int Count => 2 * Lanes.Count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SixteenChannels Load(float* from) => new(Vector256.Load(from), Vector256.Load(from + Lanes.Count));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SixteenChannels Create(float value) => new(Vector256.Create(value), Vector256.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SixteenChannels operator +(SixteenChannels left, SixteenChannels right) => new(left._first + right._first, left._second + right._second);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SixteenChannels operator -(SixteenChannels left, SixteenChannels right) => new(left._first - right._first, left._second - right._second);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SixteenChannels operator *(SixteenChannels left, SixteenChannels right) => new(left._first * right._first, left._second * right._second);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SixteenChannels MultiplyAdd(SixteenChannels left, SixteenChannels right, SixteenChannels addend) => new(
        Vector256.FusedMultiplyAdd(left._first, right._first, addend._first), Vector256.FusedMultiplyAdd(left._second, right._second, addend._second));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Sums(SixteenChannels first, SixteenChannels second, SixteenChannels third, SixteenChannels fourth) =>
        Lanes.Sums(first.Fold(), second.Fold(), third.Fold(), fourth.Fold());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(float* to)
    {
        _first.Store(to);
        _second.Store(to + Lanes.Count);
    }

    /// <summary>Four sums of four channels each.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector128<float> Fold()
    {
        var eight = _first + _second;
        return eight.GetLower() + eight.GetUpper();
    }
}
