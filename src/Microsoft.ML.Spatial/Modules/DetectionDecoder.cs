using System.Runtime.InteropServices;
using Microsoft.ML.Spatial.Functional;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Spatial.Modules;

/// <summary>Turns what a <see cref="DetectionNetwork"/> says into boxes.</summary>
/// <param name="ScoreThreshold">Less sure detections are dropped, in [0, 1].</param>
/// <param name="IouThreshold">The most that two boxes of one class may overlap, in [0, 1].</param>
/// <param name="MostDetections">Most boxes of an image, the surest.</param>
internal sealed record DetectionDecoder(double ScoreThreshold, double IouThreshold, int MostDetections)
{
    /// <summary>The detections of each image, the surest first.</summary>
    /// <param name="output">What the network says.</param>
    /// <param name="height">Height of the images in pixels.</param>
    /// <param name="width">Width of the images in pixels.</param>
    public Detections[] Decode(DetectionOutput output, int height, int width)
    {
        using var scope = torch.NewDisposeScope();
        var (images, locations, classes) = (output.Logits.shape[0], output.Logits.shape[1], output.Logits.shape[2]);

        // The score is the geometric mean of class and centerness.
        var scores = CpuFloats.Copy(output.Logits.sigmoid().mul(output.Centerness.sigmoid().unsqueeze(2)).sqrt());
        var distances = CpuFloats.Copy(output.Distances);
        var columns = DetectionNetwork.Locations(width);
        var detections = new Detections[images];
        for (var image = 0L; image < images; image++)
        {
            var (boxes, kept, labels) = (new List<float>(), new List<float>(), new List<long>());
            for (var location = 0L; location < locations; location++)
            {
                var at = (image * locations) + location;
                for (var label = 0L; label < classes; label++)
                {
                    var score = scores[(at * classes) + label];
                    if (!(score > ScoreThreshold))
                        continue;
                    var (x, y) = DetectionTargets.Pixel(location, columns);
                    boxes.AddRange(
                    [
                        Math.Clamp(x - distances[4 * at], 0, width), Math.Clamp(y - distances[(4 * at) + 1], 0, height),
                        Math.Clamp(x + distances[(4 * at) + 2], 0, width), Math.Clamp(y + distances[(4 * at) + 3], 0, height),
                    ]);
                    kept.Add(score);
                    labels.Add(label);
                }
            }

            detections[image] = Suppressed([.. boxes], [.. kept], [.. labels]);
        }

        return detections;
    }

    private Detections Suppressed(float[] boxes, float[] scores, long[] labels)
    {
        using var scope = torch.NewDisposeScope();
        var count = scores.Length;
        var kept = BoxOps.BatchedNms(
            TensorFactory.FromArray<float>(boxes, [count, 4], CPU), TensorFactory.FromArray<float>(scores, [count], CPU), TensorFactory.FromArray<long>(labels, [count], CPU), IouThreshold);
        var order = kept.NumberOfElements == 0 ? [] : MemoryMarshal.Cast<byte, long>(kept.bytes)[..(int)Math.Min(MostDetections, kept.NumberOfElements)].ToArray();
        return new Detections(
            [.. order.SelectMany(i => boxes[(int)(4 * i)..(int)((4 * i) + 4)])], Array.ConvertAll(order, i => scores[i]), Array.ConvertAll(order, i => (int)labels[i]));
    }
}
