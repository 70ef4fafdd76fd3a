using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Microsoft.ML.Spatial.Functional.Kernels;

/// <summary>Four channels of a pixel.</summary>
internal readonly unsafe struct FourChannels(Vector128<float> values) : IChannelBlock<FourChannels>
{
    private readonly Vector128<float> _values = values;

    public static int Count => 4;

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
    public void Store(float* to) => _values.Store(to);
}
