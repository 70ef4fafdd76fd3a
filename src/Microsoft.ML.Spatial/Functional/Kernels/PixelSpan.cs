using System.Numerics;

namespace Microsoft.ML.Spatial.Functional.Kernels;

/// <summary>One axis of an RoI in whole pixels of the feature map, divided into bins of whole pixels that may overlap.</summary>
internal readonly struct PixelSpan<T>
    where T : struct, IBinaryFloatingPointIeee754<T>
{
    private readonly int _start;
    private readonly int _limit;
    private readonly T _bin;

    /// <param name="pooling">Which of the two conventions.</param>
    /// <param name="from">The RoI's first coordinate in pixels of the image; finite.</param>
    /// <param name="to">The RoI's second coordinate.</param>
    /// <param name="bins">Bins along the axis.</param>
    /// <param name="side">Pixels of the feature map along the axis.</param>
    public PixelSpan(PixelPooling pooling, T from, T to, int bins, int side)
    {
        var scale = T.CreateChecked(pooling.SpatialScale);
        int Round(T value) => int.CreateSaturating(T.Round(value * scale, MidpointRounding.AwayFromZero));
        _start = Round(from);
        _limit = pooling.IsMean ? side - 1 : side;
        var size = Math.Max(Round(to) - _start + (pooling.IsMean ? 0 : 1), 1);
        _bin = T.CreateChecked(size) / T.CreateChecked(bins);
    }

    /// <summary>The pixels of a bin, from the first up to the second; none where these are equal.</summary>
    public (int From, int To) Bin(int bin)
    {
        var from = Math.Clamp(int.CreateSaturating(T.Floor(T.CreateChecked(bin) * _bin)) + _start, 0, _limit);
        var to = Math.Clamp(int.CreateSaturating(T.Ceiling(T.CreateChecked(bin + 1) * _bin)) + _start, 0, _limit);
        return (from, Math.Max(from, to));
    }
}
