using System.Runtime.InteropServices;
using Microsoft.ML.Spatial.Functional;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Spatial.Modules;

/// <summary>Chooses what of all that a <see cref="DetectionNetwork"/> found in an image is handed out.</summary>
/// <param name="ScoreThreshold">Less sure detections are dropped, in [0, 1].</param>
/// <param name="IouThreshold">The most that two boxes of one class may overlap, in [0, 1].</param>
/// <param name="MostDetections">Most boxes of an image, the surest.</param>
/// <param name="SoftNmsSigma">How slowly boxes become less sure by what they overlap, above 0; null drops them by <paramref name="IouThreshold"/> instead.</param>
internal sealed record DetectionDecoder(double ScoreThreshold, double IouThreshold, int MostDetections, double? SoftNmsSigma = null)
{
    /// <summary>The surest of the candidates that do not overlap surer ones of their class too much.</summary>
    public Detections Choose(DetectionCandidates candidates)
    {
        using var scope = torch.NewDisposeScope();
        var (boxes, scores, labels) = (candidates.Boxes, candidates.Scores, candidates.Classes);
        var count = scores.Length;
        var (ofBoxes, ofScores, ofLabels) = (
            TensorFactory.FromArray<float>(boxes, [count, 4], CPU), TensorFactory.FromArray<float>(scores, [count], CPU), TensorFactory.FromArray<long>(labels, [count], CPU));
        var (kept, keptScores) = SoftNmsSigma is { } sigma
            ? BoxOps.SoftlyKept(ofBoxes, ofScores, ofLabels, sigma, ScoreThreshold, MostDetections)
            : (BoxOps.SurestApart(ofBoxes, ofScores, ofLabels, IouThreshold, MostDetections), null);
        var order = kept.NumberOfElements == 0 ? [] : MemoryMarshal.Cast<byte, long>(kept.bytes).ToArray();
        return new Detections(
            [.. order.SelectMany(i => boxes[(int)(4 * i)..(int)((4 * i) + 4)])],
            keptScores is null ? Array.ConvertAll(order, i => scores[i]) : CpuFloats.Copy(keptScores),
            Array.ConvertAll(order, i => (int)labels[i]));
    }
}
