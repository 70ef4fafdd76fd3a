using System.Numerics;
using System.Runtime.InteropServices;

namespace Microsoft.ML.Spatial.Functional.Kernels;

/// <summary>Greedy suppression of overlapping boxes, computed in one floating-point type.</summary>
internal readonly ref struct NonMaximumSuppression<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly ReadOnlySpan<T> _corners;
    private readonly double[] _scores;
    private readonly long[]? _classes;

    /// <param name="corners">x0, y0, x1, y1 of each box, finite.</param>
    /// <param name="scores">One a box, numbers.</param>
    /// <param name="classes">One a box: only boxes of one class suppress each other; null where all are of one.</param>
    internal NonMaximumSuppression(ReadOnlySpan<T> corners, double[] scores, long[]? classes)
    {
        _corners = corners;
        (_scores, _classes) = (scores, classes);
    }

    /// <returns>The boxes kept, by falling score, of equal scores the lower first: the first <paramref name="most"/> of them.</returns>
    internal long[] Run(double threshold, int most)
    {
        var scores = _scores;
        var order = new int[scores.Length];
        for (var i = 0; i < order.Length; i++)
            order[i] = i;
        Array.Sort(order, (a, b) => scores[b].CompareTo(scores[a]) is not 0 and var falling ? falling : a.CompareTo(b));

        var kept = new List<long>();
        var keptOfClass = new Dictionary<long, List<Box>>();
        for (var rank = 0; rank < order.Length && kept.Count < most; rank++)
        {
            var corner = _corners.Slice(4 * order[rank], 4);
            var box = new Box(corner[0], corner[1], corner[2], corner[3], (corner[2] - corner[0]) * (corner[3] - corner[1]));
            var ofClass = _classes is null ? 0 : _classes[order[rank]];
            if (!keptOfClass.TryGetValue(ofClass, out var surer))
                keptOfClass[ofClass] = surer = [];
            if (!ExceedsAny(CollectionsMarshal.AsSpan(surer), box, threshold))
            {
                surer.Add(box);
                kept.Add(order[rank]);
            }
        }

        return [.. kept];
    }

    private static bool ExceedsAny(ReadOnlySpan<Box> surer, in Box box, double threshold)
    {
        foreach (ref readonly var one in surer)
        {
            if (Exceeds(one, box, threshold))
                return true;
        }

        return false;
    }

    private static bool Exceeds(in Box one, in Box other, double threshold)
    {
        var width = T.Min(one.X1, other.X1) - T.Max(one.X0, other.X0);
        var height = T.Min(one.Y1, other.Y1) - T.Max(one.Y0, other.Y0);
        if (width <= T.Zero || height <= T.Zero)
            return false;
        var shared = width * height;

        // The order of the sum is torchvision's: another may round to the other side of the threshold.
        return double.CreateTruncating(shared / (one.Area + other.Area - shared)) > threshold;
    }

    private readonly record struct Box(T X0, T Y0, T X1, T Y1, T Area);
}
