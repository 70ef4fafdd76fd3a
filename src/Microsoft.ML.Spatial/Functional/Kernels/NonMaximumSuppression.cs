using System.Numerics;

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

    /// <returns>The boxes kept, by falling score, of equal scores the lower first.</returns>
    internal long[] Run(double threshold)
    {
        var scores = _scores;
        var order = new int[scores.Length];
        for (var i = 0; i < order.Length; i++)
            order[i] = i;
        Array.Sort(order, (a, b) => scores[b].CompareTo(scores[a]) is not 0 and var falling ? falling : a.CompareTo(b));

        // Ranks of the boxes of each class: only they are compared with each other.
        var isSuppressed = new bool[order.Length];
        if (_classes is { } classes)
        {
            foreach (var ranks in Enumerable.Range(0, order.Length).GroupBy(rank => classes[order[rank]]))
                Suppress([.. ranks], order, threshold, isSuppressed);
        }
        else
        {
            Suppress([.. Enumerable.Range(0, order.Length)], order, threshold, isSuppressed);
        }

        var kept = new List<long>();
        for (var rank = 0; rank < order.Length; rank++)
        {
            if (!isSuppressed[rank])
                kept.Add(order[rank]);
        }

        return [.. kept];
    }

    /// <summary>Marks which of some boxes, given by their ranks in rising order, go.</summary>
    private void Suppress(ReadOnlySpan<int> ranks, ReadOnlySpan<int> order, double threshold, Span<bool> isSuppressed)
    {
        // Those still in the race, moved together at each turn, so that a box that is out costs nothing more.
        var boxes = new ScoredBox<T>[ranks.Length];
        for (var i = 0; i < boxes.Length; i++)
            boxes[i] = ScoredBox<T>.Of(_corners.Slice(4 * order[ranks[i]], 4), ranks[i]);

        var left = boxes.AsSpan();
        while (left.Length > 1)
        {
            var best = left[0];
            var stay = 0;
            var rest = left[1..];
            for (var i = 0; i < rest.Length; i++)
            {
                if (best.Overlap(rest[i]) > threshold)
                    isSuppressed[rest[i].Number] = true;
                else
                    rest[stay++] = rest[i];
            }

            left = rest[..stay];
        }
    }
}
