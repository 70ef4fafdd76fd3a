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
        var keptOfClass = new Dictionary<long, List<ScoredBox<T>>>();
        for (var rank = 0; rank < order.Length && kept.Count < most; rank++)
        {
            var number = order[rank];
            var box = ScoredBox<T>.Of(_corners.Slice(4 * number, 4), number);
            var ofClass = _classes is null ? 0 : _classes[number];
            if (!keptOfClass.TryGetValue(ofClass, out var surer))
                keptOfClass[ofClass] = surer = [];
            if (IsOverlapped(box, CollectionsMarshal.AsSpan(surer), threshold))
                continue;
            surer.Add(box);
            kept.Add(number);
        }

        return [.. kept];
    }

    private static bool IsOverlapped(in ScoredBox<T> box, ReadOnlySpan<ScoredBox<T>> surer, double threshold)
    {
        foreach (ref readonly var one in surer)
        {
            if (one.Overlap(box) > threshold)
                return true;
        }

        return false;
    }
}
