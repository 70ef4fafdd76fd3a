using System.Runtime.Intrinsics;

namespace Microsoft.ML.Spatial.Functional.Kernels;

/// <summary>The values of one pixel in some channels side by side, as few vectors.</summary>
internal unsafe interface IChannelBlock<TSelf>
    where TSelf : struct, IChannelBlock<TSelf>
{
    /// <summary>Channels of a block: a multiple of <see cref="Tile"/>.</summary>
    static abstract int Count { get; }

    /// <summary>Channels and pixels that <see cref="Transpose"/> turns.</summary>
    static abstract int Tile { get; }

    static abstract TSelf Load(float* from);

    static abstract TSelf Create(float value);

    static abstract TSelf operator +(TSelf left, TSelf right);

    static abstract TSelf operator -(TSelf left, TSelf right);

    static abstract TSelf operator *(TSelf left, TSelf right);

    /// <summary>left·right + addend.</summary>
    static abstract TSelf MultiplyAdd(TSelf left, TSelf right, TSelf addend);

    /// <summary>The sums of the channels of four blocks.</summary>
    static abstract Vector128<float> Sums(TSelf first, TSelf second, TSelf third, TSelf fourth);

    /// <summary>Rows become columns, <see cref="Tile"/> of each.</summary>
    static abstract void Transpose(float* from, nint fromStride, float* to, nint toStride);

    void Store(float* to);
}
