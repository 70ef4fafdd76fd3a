using Microsoft.ML.Spatial.Functional;

namespace Microsoft.ML.Spatial.Modules;

/// <summary>Which objects boxes lie on.</summary>
/// <param name="Object">The object that each box overlaps most, the first of several; 0 where there is no object.</param>
/// <param name="Overlap">By how much (intersection over union), in [0, 1].</param>
/// <param name="IsNearest">Whether no other box overlaps some object more, but for rounding, and it overlaps that at all.</param>
internal sealed record BoxMatch(int[] Object, float[] Overlap, bool[] IsNearest)
{
    // A small object lies within many anchors, and overlaps those of one size by the same part: that is not left to rounding.
    private const float Alike = 1 - 1e-5f;

    /// <summary>Compares every box with every object.</summary>
    /// <param name="boxes">x0, y0, x1, y1 of each in turn.</param>
    /// <param name="objects">The objects of the image.</param>
    public static BoxMatch Of(float[] boxes, ImageObjects objects)
    {
        // There are hundreds of thousands of anchors: one object after the other, no tensor of all pairs.
        var count = boxes.Length / 4;
        var match = new BoxMatch(new int[count], new float[count], new bool[count]);
        var overlaps = new float[count];
        for (var other = 0; other < objects.Count; other++)
        {
            var most = 0f;
            for (var box = 0; box < count; box++)
            {
                var overlap = overlaps[box] = Ratio(boxes.AsSpan(4 * box, 4), objects.Boxes.AsSpan(4 * other, 4));
                most = MathF.Max(most, overlap);
                if (overlap > match.Overlap[box])
                    (match.Object[box], match.Overlap[box]) = (other, overlap);
            }

            for (var box = 0; most > 0 && box < count; box++)
                match.IsNearest[box] |= overlaps[box] >= most * Alike;
        }

        return match;
    }

    private static float Ratio(ReadOnlySpan<float> one, ReadOnlySpan<float> other)
    {
        var (width, height) = (MathF.Min(one[2], other[2]) - MathF.Max(one[0], other[0]), MathF.Min(one[3], other[3]) - MathF.Max(one[1], other[1]));
        if (!(width > 0 && height > 0))
            return 0;
        var shared = width * height;
        return shared / (((one[2] - one[0]) * (one[3] - one[1])) + ((other[2] - other[0]) * (other[3] - other[1])) - shared);
    }
}
