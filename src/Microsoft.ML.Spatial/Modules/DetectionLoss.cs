using Microsoft.ML.Spatial.Functional;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Spatial.Modules;

/// <summary>What a <see cref="DetectionNetwork"/> is trained by.</summary>
/// <remarks>
/// Focal loss of the classes over the number of locations with an object, generalised IoU weighted by centerness, binary cross-entropy of the centerness.
/// Source: Tian et al. 2019, FCOS, arXiv 1904.01355, section 3; Lin et al. 2017, arXiv 1708.02002; Rezatofighi et al. 2019, arXiv 1902.09630.
/// </remarks>
internal static class DetectionLoss
{
    // Where no location is near a centre, the weights of boxes add up to almost nothing.
    private const double LeastWeight = 1e-6;

    /// <summary>The loss of a batch, a scalar.</summary>
    /// <param name="output">What the network says.</param>
    /// <param name="targets">What it should say.</param>
    /// <param name="width">Width of the images in pixels.</param>
    public static Tensor Of(DetectionOutput output, DetectionTargets targets, int width)
    {
        using var scope = torch.NewDisposeScope();
        var device = output.Logits.device;
        Tensor On<T>(IReadOnlyList<T> values, params long[] shape)
            where T : unmanaged => TensorFactory.FromArray<T>([.. values], shape, device);

        var presence = TensorFactory.FromArray<float>(targets.Presence, output.Logits.shape, device);
        var count = targets.Positives.Count;
        var loss = DetectionLosses.SigmoidFocalLoss(output.Logits, presence).sum().div(Math.Max(1, count));
        if (count > 0)
        {
            var positives = On(targets.Positives, count);
            var centerness = On(targets.Centerness, count);
            var distances = output.Distances.reshape(-1, 4).index_select(0, positives);
            var columns = DetectionNetwork.Locations(width);
            var perImage = output.Logits.shape[1];
            var places = new float[4 * count];
            for (var i = 0; i < count; i++)
            {
                var (x, y) = DetectionTargets.Pixel(targets.Positives[i] % perImage, columns);
                (places[4 * i], places[(4 * i) + 1], places[(4 * i) + 2], places[(4 * i) + 3]) = (x, y, x, y);
            }

            var boxes = distances.mul(On([-1f, -1f, 1f, 1f], 1, 4)).add(On(places, count, 4));
            var apart = BoxOps.GeneralizedIoU(boxes, On(targets.Boxes, count, 4)).neg().add(1);
            var weights = Math.Max(LeastWeight, targets.Centerness.Sum());
            loss = loss.add(apart.mul(centerness).sum().div(weights));
            loss = loss.add(nn.functional.binary_cross_entropy_with_logits(
                output.Centerness.reshape(-1).index_select(0, positives), centerness, reduction: nn.Reduction.Sum).div(count));
        }

        return loss.MoveToOuterDisposeScope();
    }
}
