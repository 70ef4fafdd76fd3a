using System.Numerics;

namespace Microsoft.ML.Spatial.Functional.Kernels;

/// <summary>Suppression that makes overlapping boxes less sure instead of dropping them; overlaps are computed in one floating-point type, scores in double precision.</summary>
/// <param name="corners">x0, y0, x1, y1 of each box, finite.</param>
/// <param name="scores">One a box, finite and at least 0.</param>
/// <param name="classes">One a box: only boxes of one class suppress each other; null where all are of one.</param>
internal readonly ref struct SoftSuppression<T>(ReadOnlySpan<T> corners, double[] scores, long[]? classes)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly ReadOnlySpan<T> _corners = corners;

    /// <returns>The boxes kept with their new scores, by falling score, of equal scores the lower first: the first <paramref name="most"/> of them.</returns>
    internal (int Box, double Score)[] Run(double sigma, double scoreThreshold, int most)
    {
        var kept = new List<(int Box, double Score)>();
        var of = classes;
        foreach (var group in Enumerable.Range(0, scores.Length).GroupBy(i => of is null ? 0 : of[i]))
            Keep([.. group], sigma, scoreThreshold, most, kept);
        kept.Sort((a, b) => b.Score.CompareTo(a.Score) is not 0 and var falling ? falling : a.Box.CompareTo(b.Box));
        return [.. kept.Take(most)];
    }

    private void Keep(ReadOnlySpan<int> numbers, double sigma, double scoreThreshold, int most, List<(int Box, double Score)> kept)
    {
        var left = new (ScoredBox<T> Box, double Score)[numbers.Length];
        var count = 0;
        foreach (var number in numbers)
        {
            if (scores[number] > scoreThreshold)
                left[count++] = (ScoredBox<T>.Of(_corners.Slice(4 * number, 4), number), scores[number]);
        }

        // Scores only fall: what a class has kept first is its surest.
        for (var taken = 0; count > 0 && taken < most; taken++)
        {
            var best = 0;
            for (var i = 1; i < count; i++)
            {
                if (left[i].Score > left[best].Score)
                    best = i;
            }

            // Those that stay keep their order, so that of equal scores the lower number is found first.
            var (box, score) = left[best];
            kept.Add((box.Number, score));
            var stay = 0;
            for (var i = 0; i < count; i++)
            {
                if (i == best)
                    continue;
                var overlap = box.Overlap(left[i].Box);
                var weakened = overlap > 0 ? left[i].Score * Math.Exp(-overlap * overlap / sigma) : left[i].Score;
                if (weakened > scoreThreshold)
                    left[stay++] = (left[i].Box, weakened);
            }

            count = stay;
        }
    }
}
