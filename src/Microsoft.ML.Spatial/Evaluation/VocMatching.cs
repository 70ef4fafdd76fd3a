namespace Microsoft.ML.Spatial.Evaluation;

/// <summary>
/// Pascal VOC's matching of the detections of one class in one image: by falling score, each looks at the object of the greatest overlap only. From IoU 0.5
/// on it is right if no detection before it was that object's, ignored if the object is difficult, and otherwise wrong.
/// </summary>
/// <remarks>
/// Source: Everingham et al., The Pascal Visual Object Classes (VOC) Challenge (2010). VOC knows no crowds: a detection that is at an object by none of the
/// others is ignored if half of it lies on a crowd.
/// </remarks>
internal static class VocMatching
{
    private const double Threshold = 0.5;

    /// <summary>For each detection whether it is right; null where it is ignored.</summary>
    public static bool?[] Match(ClassImage image)
    {
        var taken = new bool[image.Objects.Count];
        var right = new bool?[image.Found.Count];
        for (var d = 0; d < right.Length; d++)
        {
            var best = Best(image, d, crowds: false);
            if (best < 0)
            {
                right[d] = Best(image, d, crowds: true) < 0 ? false : null;
            }
            else if (!image.Objects[best].IsDifficult)
            {
                right[d] = !taken[best];
                taken[best] = true;
            }
        }

        return right;
    }

    /// <summary>How many objects count.</summary>
    public static int Count(ClassImage image) => image.Objects.Count(trueObject => !trueObject.IsCrowd && !trueObject.IsDifficult);

    /// <summary>The object of the greatest overlap among the crowds or among the others, the first of equal ones; -1 where none reaches the threshold.</summary>
    private static int Best(ClassImage image, int detection, bool crowds)
    {
        var best = -1;
        for (var g = 0; g < image.Objects.Count; g++)
        {
            var overlap = image.Overlap(detection, g);
            if (image.Objects[g].IsCrowd == crowds && overlap >= Threshold && (best < 0 || overlap > image.Overlap(detection, best)))
            {
                best = g;
            }
        }

        return best;
    }
}
