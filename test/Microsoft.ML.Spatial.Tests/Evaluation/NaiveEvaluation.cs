using Microsoft.ML.Spatial.Data;

namespace Microsoft.ML.Spatial.Tests.Evaluation;

/// <summary>The figures of COCO and Pascal VOC as their definitions read, in as plain and slow a form as they can be written.</summary>
internal sealed class NaiveEvaluation(IReadOnlyList<(TrueObject[] Objects, DetectedObject[] Found)> images, int classes)
{
    /// <summary>As numpy prints <c>linspace(.5, .95, 10)</c>.</summary>
    public static readonly double[] Thresholds = [0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.8999999999999999, 0.95];

    private enum Outcome
    {
        Right,
        Wrong,
        Ignored,
    }

    /// <summary>AP of a class; NaN without objects.</summary>
    public double Precision(int label, double least = 0, double most = 1e10, params double[] thresholds)
    {
        double sum = 0;
        foreach (var threshold in thresholds)
        {
            var (outcomes, objects) = Run(label, threshold, least, most, 100);
            if (objects == 0)
            {
                return double.NaN;
            }

            for (var level = 0; level <= 100; level++)
            {
                sum += BestPrecision(outcomes, objects, level == 100 ? 1 : level * 0.01);
            }
        }

        return sum / 101 / thresholds.Length;
    }

    /// <summary>AR of a class; NaN without objects.</summary>
    public double Recall(int label, int mostDetections, double least = 0, double most = 1e10)
    {
        double sum = 0;
        foreach (var threshold in Thresholds)
        {
            var (outcomes, objects) = Run(label, threshold, least, most, mostDetections);
            if (objects == 0)
            {
                return double.NaN;
            }

            sum += (double)outcomes.Count(outcome => outcome == Outcome.Right) / objects;
        }

        return sum / Thresholds.Length;
    }

    /// <summary>The mean of a figure over the classes that have it.</summary>
    public double Mean(Func<int, double> figure)
    {
        double sum = 0;
        var count = 0;
        for (var label = 0; label < classes; label++)
        {
            if (!double.IsNaN(figure(label)))
            {
                sum += figure(label);
                count++;
            }
        }

        return count == 0 ? double.NaN : sum / count;
    }

    /// <summary>Pascal VOC's AP of a class: of eleven points and of the area.</summary>
    public (double ElevenPoint, double Area) Voc(int label)
    {
        var objects = images.Sum(image => image.Objects.Count(o => o.Class == label && !o.IsCrowd && !o.IsDifficult));
        if (objects == 0)
        {
            return (double.NaN, double.NaN);
        }

        // All detections of all images in one ranking, each looked at where it stands.
        var ranking = new List<(double Score, int Image, Box Box)>();
        for (var i = 0; i < images.Count; i++)
        {
            ranking.AddRange(images[i].Found.Where(found => found.Class == label).Select(found => (found.Score, i, found.Box)));
        }

        SortFalling(ranking, ranked => ranked.Score);
        var used = new HashSet<(int Image, int Object)>();
        var precisions = new List<double>();
        var rights = new List<int>();
        int right = 0, wrong = 0;
        foreach (var (_, image, box) in ranking)
        {
            var there = images[image].Objects;
            int best = -1, crowd = -1;
            for (var g = 0; g < there.Length; g++)
            {
                var overlap = there[g].Class == label ? Overlap(box, there[g]) : 0;
                if (overlap >= 0.5 && there[g].IsCrowd)
                {
                    crowd = g;
                }
                else if (overlap >= 0.5 && (best < 0 || overlap > Overlap(box, there[best])))
                {
                    best = g;
                }
            }

            if ((best >= 0 && there[best].IsDifficult) || (best < 0 && crowd >= 0))
            {
                continue;
            }

            if (best >= 0 && used.Add((image, best)))
            {
                right++;
            }
            else
            {
                wrong++;
            }

            precisions.Add((double)right / (right + wrong));
            rights.Add(right);
        }

        double eleven = 0, area = 0;
        for (var level = 0; level <= 10; level++)
        {
            eleven += Enumerable.Range(0, rights.Count).Where(i => (decimal)rights[i] / objects >= level / 10m).Select(i => precisions[i]).DefaultIfEmpty(0).Max() / 11;
        }

        for (var found = 1; found <= right; found++)
        {
            area += Enumerable.Range(0, rights.Count).Where(i => rights[i] >= found).Max(i => precisions[i]) / objects;
        }

        return (eleven, area);
    }

    private static double BestPrecision(List<Outcome> outcomes, int objects, double recall)
    {
        double best = 0;
        int right = 0, wrong = 0;
        foreach (var outcome in outcomes)
        {
            right += outcome == Outcome.Right ? 1 : 0;
            wrong += outcome == Outcome.Wrong ? 1 : 0;
            if ((double)right / objects >= recall && right > 0)
            {
                best = Math.Max(best, (double)right / (right + wrong));
            }
        }

        return best;
    }

    /// <summary>The outcome of each detection of all images by falling score, and the number of objects that count.</summary>
    private (List<Outcome> Outcomes, int Objects) Run(int label, double threshold, double least, double most, int mostDetections)
    {
        var all = new List<(double Score, Outcome Outcome)>();
        var objects = 0;
        foreach (var (trueObjects, found) in images)
        {
            var there = trueObjects.Where(o => o.Class == label).ToList();
            var counts = there.Select(o => !o.IsCrowd && !o.IsDifficult && o.Area >= least && o.Area <= most).ToList();
            var used = there.Select(_ => false).ToList();
            objects += counts.Count(count => count);
            var ranked = found.Where(f => f.Class == label).ToList();
            SortFalling(ranked, f => f.Score);
            foreach (var detection in ranked.Take(mostDetections))
            {
                var match = -1;
                foreach (var counting in new[] { true, false })
                {
                    for (var g = 0; g < there.Count && (match < 0 || counts[match] == counting); g++)
                    {
                        var overlap = Overlap(detection.Box, there[g]);
                        if (counts[g] == counting && (!used[g] || there[g].IsCrowd) && overlap >= threshold && (match < 0 || overlap >= Overlap(detection.Box, there[match])))
                        {
                            match = g;
                        }
                    }
                }

                if (match >= 0)
                {
                    used[match] = true;
                    all.Add((detection.Score, counts[match] ? Outcome.Right : Outcome.Ignored));
                }
                else
                {
                    var area = (detection.Box.X1 - detection.Box.X0) * (detection.Box.Y1 - detection.Box.Y0);
                    all.Add((detection.Score, area < least || area > most ? Outcome.Ignored : Outcome.Wrong));
                }
            }
        }

        SortFalling(all, ranked => ranked.Score);
        return (all.ConvertAll(ranked => ranked.Outcome), objects);
    }

    private static double Overlap(Box found, TrueObject there)
    {
        double width = Math.Min(found.X1, there.Box.X1) - Math.Max(found.X0, there.Box.X0), height = Math.Min(found.Y1, there.Box.Y1) - Math.Max(found.Y0, there.Box.Y0);
        if (width <= 0 || height <= 0)
        {
            return 0;
        }

        double own = (found.X1 - found.X0) * (found.Y1 - found.Y0), other = (there.Box.X1 - there.Box.X0) * (there.Box.Y1 - there.Box.Y0);
        return width * height / (there.IsCrowd ? own : own + other - (width * height));
    }

    /// <summary>Insertion sort, which keeps the order of equals.</summary>
    private static void SortFalling<T>(List<T> items, Func<T, double> score)
    {
        for (var i = 1; i < items.Count; i++)
        {
            var item = items[i];
            var to = i;
            for (; to > 0 && score(items[to - 1]) < score(item); to--)
            {
                items[to] = items[to - 1];
            }

            items[to] = item;
        }
    }
}
