namespace Microsoft.ML.Spatial.Evaluation;

/// <summary>
/// COCO's matching of the detections of one class in one image: by falling score, each takes the object of the greatest overlap that is still free, at each
/// threshold anew. An object that counts is preferred to one that is ignored, whatever their overlaps; a crowd is never used up.
/// </summary>
/// <remarks>Source: Lin et al., Microsoft COCO: Common Objects in Context (2014), and the evaluation that its authors published for it.</remarks>
internal static class CocoMatching
{
    // With a threshold of 1 a box that agrees but for rounding would not match.
    private const double HighestThreshold = 1 - 1e-10;

    /// <summary>Matches within a range of areas.</summary>
    /// <param name="image">Objects and detections.</param>
    /// <param name="range">Objects outside it are ignored, and so are detections outside it that match none.</param>
    /// <param name="verdicts">Receives one a detection; as many as are to be matched.</param>
    /// <returns>How many objects count.</returns>
    public static int Match(ClassImage image, AreaRange range, Span<Verdicts> verdicts)
    {
        var objects = image.Objects;
        var ignored = new bool[objects.Count];
        for (var g = 0; g < ignored.Length; g++)
        {
            ignored[g] = objects[g].IsCrowd || objects[g].IsDifficult || !range.Contains(objects[g].Area);
        }

        int[] order = [.. Enumerable.Range(0, ignored.Length).OrderBy(g => ignored[g])];
        var free = new bool[ignored.Length];
        verdicts.Clear();
        for (var t = 0; t < CocoLevels.Iou.Length; t++)
        {
            Array.Fill(free, true);
            for (var d = 0; d < verdicts.Length; d++)
            {
                var match = Best(image, d, Math.Min(CocoLevels.Iou[t], HighestThreshold), order, ignored, free);
                if (match >= 0)
                {
                    free[match] = objects[match].IsCrowd;
                }

                var isIgnored = match >= 0 ? ignored[match] : !range.Contains(image.Found[d].Box.Area);
                verdicts[d] = new Verdicts((ushort)(verdicts[d].Matched | Bit(match >= 0, t)), (ushort)(verdicts[d].Ignored | Bit(isIgnored, t)));
            }
        }

        return ignored.Count(isIgnored => !isIgnored);
    }

    /// <summary>The object that a detection takes, or -1. Of equal overlaps the last is taken, as COCO does.</summary>
    private static int Best(ClassImage image, int detection, double threshold, int[] order, bool[] ignored, bool[] free)
    {
        var best = -1;
        foreach (var g in order)
        {
            if (best >= 0 && !ignored[best] && ignored[g])
            {
                break;
            }

            if (free[g] && image.Overlap(detection, g) >= threshold)
            {
                threshold = image.Overlap(detection, g);
                best = g;
            }
        }

        return best;
    }

    private static int Bit(bool value, int threshold) => value ? 1 << threshold : 0;
}
