using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Microsoft.ML.Spatial.Functional.Kernels;

/// <summary>One axis of the input: what normalised coordinates mean in pixels, and what a coordinate outside reads.</summary>
internal readonly struct Axis
{
    /// <summary>The longest side whose pixels single precision tells apart.</summary>
    public const int Longest = 1 << 24;

    // Beyond this single precision has no fractions, and near it no reflection is exact; no coordinate is larger.
    private const float Farthest = Longest;

    private enum Outside
    {
        IsZero,
        IsBorder,
        IsMirrored,
    }

    private readonly Outside _outside;
    private readonly float _low;
    private readonly float _high;

    private Axis(int side, bool alignCorners, Outside outside)
    {
        Side = side;
        Scale = (alignCorners ? side - 1 : side) / 2.0;
        Origin = alignCorners ? 0 : -0.5;
        _outside = outside;
        _low = alignCorners ? 0 : -0.5f;
        _high = alignCorners ? side - 1 : side - 0.5f;
    }

    /// <summary>An axis outside of which all is zero.</summary>
    public static Axis WithZeros(int side, bool alignCorners) => new(side, alignCorners, Outside.IsZero);

    /// <summary>An axis outside of which the border's pixel is repeated.</summary>
    public static Axis WithBorder(int side, bool alignCorners) => new(side, alignCorners, Outside.IsBorder);

    /// <summary>An axis outside of which the picture is mirrored.</summary>
    public static Axis WithReflection(int side, bool alignCorners) => new(side, alignCorners, Outside.IsMirrored);

    /// <summary>Pixels of the axis.</summary>
    public int Side { get; }

    /// <summary>Pixels to one normalised unit: pixel = (normalised + 1)·Scale + Origin.</summary>
    public double Scale { get; }

    /// <summary>The pixel coordinate of −1.</summary>
    public double Origin { get; }

    /// <summary>Brings pixel coordinates to where they are read; what is not a number reads as −1.</summary>
    /// <param name="pixel">Coordinates in pixels, any values.</param>
    /// <param name="slope">The derivative of the result: 0 where it does not depend on the coordinate, −1 where the picture is mirrored, else 1.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector256<float> Locate(Vector256<float> pixel, out Vector256<float> slope)
    {
        pixel = Tame(pixel, out var isKept);
        slope = Vector256<float>.One & isKept;
        switch (_outside)
        {
            case Outside.IsZero:
                // Farther out is as zero as here, and whole numbers stay small.
                return Vector256.Min(Vector256.Max(pixel, Vector256.Create(-2f)), Vector256.Create(Side + 1f));
            case Outside.IsBorder:
                return Clip(pixel, ref slope);
            default:
                return Clip(Mirror(pixel, ref slope), ref slope);
        }
    }

    /// <summary>Makes coordinates finite: −1 where they are not a number, and no farther than single precision counts pixels.</summary>
    /// <param name="pixel">Coordinates in pixels, any values.</param>
    /// <param name="isKept">All bits where the result is the coordinate itself.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector256<float> Tame(Vector256<float> pixel, out Vector256<float> isKept)
    {
        isKept = Vector256.LessThanOrEqual(Vector256.Abs(pixel), Vector256.Create(Farthest));
        pixel = Vector256.ConditionalSelect(Vector256.Equals(pixel, pixel), pixel, Vector256.Create((float)Origin));
        return Vector256.Min(Vector256.Max(pixel, Vector256.Create(-Farthest)), Vector256.Create(Farthest));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector256<float> Clip(Vector256<float> pixel, ref Vector256<float> slope)
    {
        var last = Vector256.Create(Side - 1f);
        slope &= Vector256.GreaterThan(pixel, Vector256<float>.Zero) & Vector256.LessThan(pixel, last);
        return Vector256.Min(Vector256.Max(pixel, Vector256<float>.Zero), last);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector256<float> Mirror(Vector256<float> pixel, ref Vector256<float> slope)
    {
        var span = _high - _low;
        if (span == 0)
        {
            slope = Vector256<float>.Zero;
            return Vector256<float>.Zero;
        }

        var from = pixel - Vector256.Create(_low);
        var isBefore = Vector256.LessThan(from, Vector256<float>.Zero);
        from = Vector256.Abs(from);
        var flips = Vector256.Floor(from / span);
        var within = from - (flips * span);
        var isOdd = Vector256.GreaterThan(flips - (2 * Vector256.Floor(flips * 0.5f)), Vector256.Create(0.5f));
        within = Vector256.ConditionalSelect(isOdd, Vector256.Create(span) - within, within);
        slope = Vector256.ConditionalSelect(isBefore ^ isOdd, -slope, slope);
        return within + Vector256.Create(_low);
    }
}
