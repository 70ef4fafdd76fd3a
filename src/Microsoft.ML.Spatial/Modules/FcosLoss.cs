using Microsoft.ML.Spatial.Functional;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Spatial.Modules;

/// <summary>What a <see cref="FcosNetwork"/> is trained by.</summary>
/// <remarks>
/// Focal loss of the classes over the number of locations with an object, generalised IoU weighted by centerness, binary cross-entropy of the centerness.
/// Source: Tian et al. 2019, FCOS, arXiv 1904.01355, section 3; Lin et al. 2017, arXiv 1708.02002; Rezatofighi et al. 2019, arXiv 1902.09630.
/// </remarks>
internal static class FcosLoss
{
    // Where no location is near a centre, the weights of boxes add up to almost nothing.
    private const double LeastWeight = 1e-6;

    /// <summary>The losses of a batch, each a scalar.</summary>
    /// <param name="output">What the network says.</param>
    /// <param name="targets">What it should say.</param>
    /// <param name="locations">The locations of an image.</param>
    public static IReadOnlyList<NamedLoss> Of(FcosOutput output, FcosTargets targets, FcosLocation[] locations)
    {
        using var scope = torch.NewDisposeScope();
        var device = output.Logits.device;
        Tensor On<T>(IReadOnlyList<T> values, params long[] shape)
            where T : unmanaged => TensorFactory.FromArray<T>([.. values], shape, device);

        var presence = TensorFactory.FromArray<float>(targets.Presence, output.Logits.shape, device);
        var count = targets.Positives.Count;
        var classification = DetectionLosses.SigmoidFocalLoss(output.Logits, presence).sum().div(Math.Max(1, count));
        var (box, centre) = (TensorFactory.Zeros([], classification.dtype, device), TensorFactory.Zeros([], classification.dtype, device));
        if (count > 0)
        {
            var positives = On(targets.Positives, count);
            var centerness = On(targets.Centerness, count);
            var distances = output.Distances.reshape(-1, 4).index_select(0, positives);
            var places = new float[4 * count];
            for (var i = 0; i < count; i++)
            {
                var location = locations[targets.Positives[i] % locations.Length];
                (places[4 * i], places[(4 * i) + 1], places[(4 * i) + 2], places[(4 * i) + 3]) = (location.X, location.Y, location.X, location.Y);
            }

            var boxes = distances.mul(On([-1f, -1f, 1f, 1f], 1, 4)).add(On(places, count, 4));
            var apart = BoxOps.GeneralizedIoU(boxes, On(targets.Boxes, count, 4)).neg().add(1);
            var weights = Math.Max(LeastWeight, targets.Centerness.Sum());
            box = apart.mul(centerness).sum().div(weights);
            centre = nn.functional.binary_cross_entropy_with_logits(
                output.Centerness.reshape(-1).index_select(0, positives), centerness, reduction: nn.Reduction.Sum).div(count);
        }

        return
        [
            new("Classification", classification.MoveToOuterDisposeScope()), new("Box", box.MoveToOuterDisposeScope()), new("Centerness", centre.MoveToOuterDisposeScope()),
        ];
    }
}
