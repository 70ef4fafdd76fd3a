using Microsoft.ML.Spatial.Functional;
using Microsoft.ML.Spatial.Tests.Functional;

namespace Microsoft.ML.Spatial.Tests.Modules;

/// <summary>What detectors compute, in float64 and one number at a time, from the published definitions. Boxes are x0, y0, x1, y1.</summary>
internal static class NaiveDetection
{
    /// <summary>The weights of the deltas of a second stage.</summary>
    internal static readonly double[] RegionWeights = [10, 10, 5, 5];

    /// <summary>Those of a first stage.</summary>
    internal static readonly double[] AnchorWeights = [1, 1, 1, 1];

    internal static double[][] Boxes(IEnumerable<float> numbers) => [.. numbers.Select(number => (double)number).Chunk(4)];

    /// <summary>Objects anywhere in an image, with sides between a least and a most.</summary>
    internal static ImageObjects Objects(int seed, int count, int height, int width, int classes, double least = 6, double most = 40)
    {
        var random = new Random(seed);
        var boxes = new float[4 * count];
        for (var i = 0; i < count; i++)
        {
            double Side(int limit) => Math.Min(limit, least + ((most - least) * random.NextDouble()));
            var (w, h) = (Side(width), Side(height));
            var (x, y) = (random.NextDouble() * (width - w), random.NextDouble() * (height - h));
            (boxes[4 * i], boxes[(4 * i) + 1], boxes[(4 * i) + 2], boxes[(4 * i) + 3]) = ((float)x, (float)y, (float)(x + w), (float)(y + h));
        }

        return new ImageObjects(boxes, [.. Enumerable.Range(0, count).Select(_ => random.Next(classes))]);
    }

    /// <summary>Ren et al. 2015, section 3.1.1: at every position, boxes of each side and of ratios 1:2, 1:1 and 2:1, of one area.</summary>
    internal static double[][] Anchors(int stride, double[] sides, int height, int width)
    {
        var anchors = new List<double[]>();
        for (var y = 0; y < height; y += stride)
        {
            for (var x = 0; x < width; x += stride)
            {
                foreach (var side in sides)
                {
                    foreach (var ratio in new[] { 0.5, 1, 2 })
                    {
                        var (w, h) = (Math.Sqrt(side * side / ratio), Math.Sqrt(side * side * ratio));
                        anchors.Add([x + (stride / 2.0) - (w / 2), y + (stride / 2.0) - (h / 2), x + (stride / 2.0) + (w / 2), y + (stride / 2.0) + (h / 2)]);
                    }
                }
            }
        }

        return [.. anchors];
    }

    internal static double IoU(double[] box, double[] other) => TestBoxes.Overlap(box, other).IoU;

    /// <summary>The object that a box overlaps most, the first of several; -1 where there is none.</summary>
    internal static (int Object, double Overlap) Nearest(double[] box, double[][] objects)
    {
        var best = (Object: -1, Overlap: -1.0);
        for (var i = 0; i < objects.Length; i++)
        {
            if (IoU(box, objects[i]) > best.Overlap)
                best = (i, IoU(box, objects[i]));
        }

        return best;
    }

    /// <summary>Girshick et al. 2014, appendix C.</summary>
    internal static double[] Encode(double[] box, double[] anchor, double[] weights)
    {
        var ((x, y, w, h), (xa, ya, wa, ha)) = (Centred(box), Centred(anchor));
        return [weights[0] * (x - xa) / wa, weights[1] * (y - ya) / ha, weights[2] * Math.Log(w / wa), weights[3] * Math.Log(h / ha)];
    }

    internal static double[] Decode(double[] deltas, double[] anchor, double[] weights)
    {
        var (xa, ya, wa, ha) = Centred(anchor);
        var (x, y) = (xa + (deltas[0] / weights[0] * wa), ya + (deltas[1] / weights[1] * ha));
        var (w, h) = (wa * Math.Exp(Math.Min(deltas[2] / weights[2], Math.Log(62.5))), ha * Math.Exp(Math.Min(deltas[3] / weights[3], Math.Log(62.5))));
        return [x - (w / 2), y - (h / 2), x + (w / 2), y + (h / 2)];
    }

    internal static double[] Clip(double[] box, int height, int width) =>
        [Math.Clamp(box[0], 0, width), Math.Clamp(box[1], 0, height), Math.Clamp(box[2], 0, width), Math.Clamp(box[3], 0, height)];

    /// <summary>Girshick 2015, equation 3, quadratic below a bound.</summary>
    internal static double SmoothL1(double difference, double below) =>
        Math.Abs(difference) < below ? difference * difference / (2 * below) : Math.Abs(difference) - (below / 2);

    internal static double Sigmoid(double logit) => 1 / (1 + Math.Exp(-logit));

    /// <summary>Lin et al. 2017, equation 5, with α = 0.25 and γ = 2.</summary>
    internal static double Focal(double logit, bool isThere)
    {
        var p = isThere ? Sigmoid(logit) : 1 - Sigmoid(logit);
        return -(isThere ? 0.25 : 0.75) * (1 - p) * (1 - p) * Math.Log(p);
    }

    internal static double[] Softmax(double[] logits) => [.. logits.Select(logit => Math.Exp(logit) / logits.Sum(Math.Exp))];

    /// <summary>The boxes that stay, by falling score, of equal scores the first: each overlaps none before it by more than the threshold.</summary>
    internal static int[] Suppress(double[][] boxes, double[] scores, double threshold, int[]? classes = null)
    {
        var kept = new List<int>();
        foreach (var i in Enumerable.Range(0, boxes.Length).OrderByDescending(i => scores[i]))
        {
            if (kept.TrueForAll(other => (classes is not null && classes[i] != classes[other]) || IoU(boxes[i], boxes[other]) <= threshold))
                kept.Add(i);
        }

        return [.. kept];
    }

    /// <summary>Ren et al. 2015, section 3.3: the surest anchors, moved, cut off at the image, without those thinner than a pixel and those that overlap surer ones.</summary>
    internal static double[][] Proposals(double[] scores, double[][] deltas, double[][] anchors, int height, int width, int most, int lookedAt)
    {
        var surest = Enumerable.Range(0, anchors.Length).OrderByDescending(i => scores[i]).Take(lookedAt);
        var boxes = surest.Select(i => (Box: Clip(Decode(deltas[i], anchors[i], AnchorWeights), height, width), Score: scores[i]))
            .Where(entry => entry.Box[2] - entry.Box[0] >= 1 && entry.Box[3] - entry.Box[1] >= 1).ToArray();
        return [.. Suppress([.. boxes.Select(entry => entry.Box)], [.. boxes.Select(entry => entry.Score)], 0.7).Take(most).Select(i => boxes[i].Box)];
    }

    private static (double X, double Y, double W, double H) Centred(double[] box) => ((box[0] + box[2]) / 2, (box[1] + box[3]) / 2, box[2] - box[0], box[3] - box[1]);
}
