using Microsoft.ML.Spatial.Functional;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.Spatial.Modules;

/// <summary>The first stage of a two-stage detector: says of every anchor whether it lies on an object, and where that is.</summary>
/// <remarks>
/// It is trained by focal loss on all anchors instead of by cross-entropy on a drawn few: nothing is left to chance.
/// Source: Ren et al. 2015, Faster R-CNN, arXiv 1506.01497, section 3.1; Lin et al. 2017, arXiv 1708.02002, for the focal loss.
/// </remarks>
internal sealed class RegionProposer : nn.Module
{
    // An anchor is an object's from this overlap on, and nothing's below the other; between, it is not learnt from. The nearest anchor of an object is always its own.
    private const float OnObject = 0.7f;
    private const float OffObject = 0.3f;

    // Of proposals that overlap by more, the surer stays; so many of the surest, in units of those handed out, are looked at.
    private const double IouThreshold = 0.7;
    private const int LookedAt = 6;

    private const float LeastSide = 1;
    private const double SmoothBelow = 1.0 / 9;

    // The names of these fields are part of the names of the weights in a model file.
    private readonly ConvolutionLayer tower;
    private readonly Conv2d head;

    private readonly AnchorBoxes _anchors;
    private readonly int _proposals;

    /// <param name="channels">Channels of the map.</param>
    /// <param name="anchors">The anchors of the map.</param>
    /// <param name="proposals">Most proposals of an image.</param>
    public RegionProposer(int channels, AnchorBoxes anchors, int proposals) : base(nameof(RegionProposer))
    {
        (_anchors, _proposals) = (anchors, proposals);
        tower = new ConvolutionLayer(channels, channels, 1, isResidual: false, null);

        // Of each anchor, the score and four deltas.
        head = RareHead.Create(channels, anchors.PerPosition, 4 * anchors.PerPosition, 1);
        RegisterComponents();
        this.OwnWeights();
    }

    /// <summary>What is said of the anchors of each image: the score of each before the logistic function, <c>[N, A]</c>, and its deltas, <c>[N, A, 4]</c>.</summary>
    /// <param name="map">The map, <c>[N, channels, h, w]</c>.</param>
    public (Tensor Logits, Tensor Deltas) Run(Tensor map)
    {
        using var scope = torch.NewDisposeScope();
        var (images, each) = (map.shape[0], _anchors.PerPosition);
        var raw = head.call(tower.call(map)).permute(0, 2, 3, 1);
        var logits = raw.narrow(3, 0, each).reshape(images, -1);
        return (logits.MoveToOuterDisposeScope(), raw.narrow(3, each, 4 * each).reshape(images, -1, 4).MoveToOuterDisposeScope());
    }

    /// <summary>The surest regions of each image, x0, y0, x1, y1 in pixels of each in turn. No gradient flows through them.</summary>
    /// <param name="logits">What <see cref="Run"/> gives.</param>
    /// <param name="deltas">The same.</param>
    /// <param name="height">Height of the images in pixels.</param>
    /// <param name="width">Width of the images in pixels.</param>
    public float[][] Propose(Tensor logits, Tensor deltas, int height, int width)
    {
        using var scope = torch.NewDisposeScope();
        using var noGradient = no_grad();
        var anchors = _anchors.All(height, width);
        var count = anchors.Length / 4;
        var scores = CpuFloats.Copy(logits);
        var (moves, places) = (deltas.detach().cpu(), TensorFactory.FromArray<float>(anchors, [count, 4], CPU));
        var proposals = new float[logits.shape[0]][];
        for (var image = 0; image < proposals.Length; image++)
        {
            using var own = torch.NewDisposeScope();
            var surest = Surest(scores.AsSpan(image * count, count), LookedAt * _proposals);
            var which = TensorFactory.FromArray<long>(surest, [surest.Length], CPU);
            var boxes = BoxOps.ClipToImage(BoxOps.DecodeDeltas(moves.select(0, image).index_select(0, which), places.index_select(0, which)), height, width);
            proposals[image] = Apart(CpuFloats.Copy(boxes), [.. surest.Select(anchor => scores[(image * count) + anchor])]);
        }

        return proposals;
    }

    /// <summary>The losses of a batch: of the scores, and of the boxes.</summary>
    /// <param name="logits">What <see cref="Run"/> gives.</param>
    /// <param name="deltas">The same.</param>
    /// <param name="images">The objects of each image.</param>
    /// <param name="height">Height of the images in pixels.</param>
    /// <param name="width">Width of the images in pixels.</param>
    public (Tensor Objectness, Tensor Box) Losses(Tensor logits, Tensor deltas, IReadOnlyList<ImageObjects> images, int height, int width)
    {
        using var scope = torch.NewDisposeScope();
        var device = logits.device;
        var anchors = _anchors.All(height, width);
        var count = anchors.Length / 4;
        var (presence, isLearnt) = (new float[images.Count * count], new float[images.Count * count]);
        var (positives, from, to) = (new List<long>(), new List<float>(), new List<float>());
        for (var image = 0; image < images.Count; image++)
        {
            var match = BoxMatch.Of(anchors, images[image]);
            for (var anchor = 0; anchor < count; anchor++)
            {
                var at = (image * count) + anchor;
                var isOn = match.Overlap[anchor] >= OnObject || match.IsNearest[anchor];
                presence[at] = isOn ? 1 : 0;
                isLearnt[at] = isOn || match.Overlap[anchor] < OffObject ? 1 : 0;
                if (!isOn)
                    continue;
                positives.Add(at);
                from.AddRange(anchors.AsSpan(4 * anchor, 4));
                to.AddRange(images[image].Boxes.AsSpan(4 * match.Object[anchor], 4));
            }
        }

        var share = 1.0 / Math.Max(1, positives.Count);
        var focal = DetectionLosses.SigmoidFocalLoss(logits, TensorFactory.FromArray<float>(presence, logits.shape, device));
        var objectness = focal.mul(TensorFactory.FromArray<float>(isLearnt, logits.shape, device)).sum().mul(share);
        var box = TensorFactory.Zeros([], logits.dtype, device);
        if (positives.Count > 0)
        {
            var targets = BoxOps.EncodeDeltas(TensorFactory.FromArray<float>(to.ToArray(), [positives.Count, 4], device), TensorFactory.FromArray<float>(from.ToArray(), [positives.Count, 4], device));
            var said = deltas.reshape(-1, 4).index_select(0, TensorFactory.FromArray<long>(positives.ToArray(), [positives.Count], device));
            box = nn.functional.smooth_l1_loss(said, targets, nn.Reduction.Sum, SmoothBelow).mul(share);
        }

        return (objectness.MoveToOuterDisposeScope(), box.MoveToOuterDisposeScope());
    }

    /// <summary>The anchors of the highest scores, the surest first, of equal ones the earlier.</summary>
    private static long[] Surest(ReadOnlySpan<float> scores, int most)
    {
        // Sorted as whole numbers, which is fast: bits that fall as the score rises, and below them the anchor.
        var keys = new ulong[scores.Length];
        for (var i = 0; i < keys.Length; i++)
        {
            // Both zeros are one.
            var bits = BitConverter.SingleToInt32Bits(scores[i] + 0f);
            keys[i] = ((ulong)(uint)(bits < 0 ? bits : ~(bits | int.MinValue)) << 32) | (uint)i;
        }

        Array.Sort(keys);
        return Array.ConvertAll(keys[..Math.Min(most, keys.Length)], key => (long)(uint)key);
    }

    /// <summary>The surest of boxes that do not overlap too much and are not thinner than a pixel; what is not a number is none.</summary>
    private float[] Apart(float[] boxes, float[] scores)
    {
        int[] whole =
        [
            .. Enumerable.Range(0, scores.Length).Where(i =>
                boxes[(4 * i) + 2] - boxes[4 * i] >= LeastSide && boxes[(4 * i) + 3] - boxes[(4 * i) + 1] >= LeastSide && !float.IsNaN(scores[i])),
        ];
        var (corners, sure) = (TensorFactory.FromArray<float>([.. whole.SelectMany(i => boxes[(4 * i)..((4 * i) + 4)])], [whole.Length, 4], CPU), Array.ConvertAll(whole, i => scores[i]));
        return CpuFloats.Copy(corners.index_select(0, BoxOps.SurestApart(corners, TensorFactory.FromArray<float>(sure, [whole.Length], CPU), null, IouThreshold, _proposals)));
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            tower.Dispose();
            head.Dispose();
        }

        base.Dispose(disposing);
    }
}
