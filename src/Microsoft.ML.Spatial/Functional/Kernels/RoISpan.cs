using System.Numerics;
using System.Runtime.CompilerServices;

namespace Microsoft.ML.Spatial.Functional.Kernels;

/// <summary>One axis of an RoI on the feature map, divided into bins and these into samples. Computed in the type of the picture's elements, as the peers do.</summary>
internal readonly struct RoISpan<T>
    where T : struct, IBinaryFloatingPointIeee754<T>
{
    // Fewer samples than this are not worth a look at where they lie.
    private const int Few = 64;

    private readonly T _start;
    private readonly T _bin;
    private readonly T _phase;

    /// <param name="lattice">The lattice.</param>
    /// <param name="from">The RoI's first coordinate in pixels of the image; finite.</param>
    /// <param name="to">The RoI's second coordinate.</param>
    /// <param name="bins">Bins along the axis.</param>
    public RoISpan(RoILattice lattice, T from, T to, int bins)
    {
        var (scale, origin) = (T.CreateChecked(lattice.SpatialScale), T.CreateChecked(lattice.Origin));
        if (lattice.IsCornered)
            (from, to) = (T.Round(from, MidpointRounding.AwayFromZero), T.Round(to, MidpointRounding.AwayFromZero) + T.One);
        _start = (from * scale) + origin;
        Size = T.Max((to * scale) + origin - _start, T.CreateChecked(lattice.LeastSize));
        _bin = Size / T.CreateChecked(bins);
        _phase = T.CreateChecked(lattice.Phase);
        Samples = lattice.SamplingRatio > 0 ? lattice.SamplingRatio : int.CreateSaturating(T.Ceiling(_bin));
    }

    /// <summary>The RoI's side in pixels of the feature map.</summary>
    public T Size { get; }

    /// <summary>Samples of a bin along the axis; a degenerate RoI may have none, or less.</summary>
    public int Samples { get; }

    /// <summary>Whether samples come in falling order: the RoI's ends are exchanged.</summary>
    public bool IsReversed => _bin < T.Zero;

    /// <summary>The place of a sample.</summary>
    /// <param name="bin">Its bin.</param>
    /// <param name="sample">Its number in the bin.</param>
    /// <param name="shift">How far the bin is moved, in pixels.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Position(int bin, int sample, T shift) =>
        _start + shift + (T.CreateTruncating(bin) * _bin) + ((T.CreateTruncating(sample) + _phase) * _bin / T.CreateTruncating(Samples));

    /// <summary>A range of samples outside of which none lies between two places, so that an RoI much larger than the picture costs no more than the picture.</summary>
    public (int From, int To) Within(int bin, T shift, T low, T high)
    {
        if (Samples <= Few || _bin <= T.Zero)
            return (0, Samples);
        var (start, step) = (double.CreateChecked(Position(bin, 0, shift)), double.CreateChecked(_bin) / Samples);
        double At(T place) => (double.CreateChecked(place) - start) / step;
        return ((int)Math.Clamp(Math.Floor(At(low)) - 1, 0, Samples), (int)Math.Clamp(Math.Ceiling(At(high)) + 2, 0, Samples));
    }
}
