using System.Numerics;

namespace Microsoft.ML.Spatial.Functional.Kernels;

/// <summary>A box while overlapping ones are suppressed.</summary>
/// <param name="X0">Its left edge.</param>
/// <param name="Y0">Its upper edge.</param>
/// <param name="X1">Its right edge.</param>
/// <param name="Y1">Its lower edge.</param>
/// <param name="Area">Its area, which may be negative where it is empty.</param>
/// <param name="Number">Which it is.</param>
internal readonly record struct ScoredBox<T>(T X0, T Y0, T X1, T Y1, T Area, int Number)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The box of four corners.</summary>
    internal static ScoredBox<T> Of(ReadOnlySpan<T> corners, int number) =>
        new(corners[0], corners[1], corners[2], corners[3], (corners[2] - corners[0]) * (corners[3] - corners[1]), number);

    /// <summary>Intersection over union; 0 where they share nothing.</summary>
    internal double Overlap(in ScoredBox<T> other)
    {
        var width = T.Min(X1, other.X1) - T.Max(X0, other.X0);
        var height = T.Min(Y1, other.Y1) - T.Max(Y0, other.Y0);
        if (width <= T.Zero || height <= T.Zero)
            return 0;
        var shared = width * height;

        // The order of the sum is torchvision's: another may round to the other side of a threshold.
        return double.CreateTruncating(shared / (Area + other.Area - shared));
    }
}
