using Microsoft.ML.Spatial.Functional;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Spatial.Modules;

/// <summary>The two-stage detectors: regions proposed from anchors, and a second look at each, as Faster R-CNN or as R-FCN.</summary>
/// <remarks>
/// All proposals, and the objects themselves, are learnt from, not a drawn few of them: nothing is left to chance.
/// Source: Ren et al. 2015, arXiv 1506.01497, equations 1 to 3; Girshick 2015, Fast R-CNN, arXiv 1504.08083, equations 1 to 3.
/// </remarks>
internal sealed class TwoStageNetwork : DetectionNetwork
{
    // A region is an object's from this overlap on.
    private const float OnObject = 0.5f;

    // Four units of the hidden layers for each channel, and no more than Dai et al. 2017 have.
    private const int HiddenOfChannel = 4;
    private const int MostHidden = 1024;

    // What deltas are multiplied by, so that all are about as large as a score.
    private static readonly (double, double, double, double) DeltaWeights = (10, 10, 5, 5);

    // The names of these fields are part of the names of the weights in a model file.
    private readonly Backbone backbone;
    private readonly FeaturePyramid? pyramid;
    private readonly RegionProposer proposer;
    private readonly RegionHead head;

    public TwoStageNetwork(DetectionNetworkSpec spec) : base(spec, nameof(TwoStageNetwork))
    {
        backbone = spec.BuildBackbone();
        pyramid = spec.BuildPyramid(backbone.Levels);
        var (stride, channels) = (Levels[0].Stride, Levels[0].Channels);
        proposer = new RegionProposer(channels, spec.Anchors(stride), spec.Proposals);
        head = spec.Architecture == DetectionArchitecture.Rfcn
            ? new VotingRegionHead(channels, spec.Classes, stride, spec.VotingParts, spec.DeformableRoIPooling)
            : new PooledRegionHead(channels, spec.Classes, stride, Math.Min(MostHidden, HiddenOfChannel * channels), spec.DeformableRoIPooling);
        RegisterComponents();
        this.OwnWeights();
    }

    internal override Backbone Backbone => backbone;

    private protected override FeaturePyramid? Pyramid => pyramid;

    private protected override ImageMaps Run(Tensor images) => new(Features(images), (int)images.shape[2], (int)images.shape[3]);

    private protected override IReadOnlyList<NamedLoss> Losses(ImageMaps maps, IReadOnlyList<ImageObjects> objects)
    {
        var map = maps.Maps[0];
        var (logits, deltas) = proposer.Run(map);
        var (objectness, proposalBox) = proposer.Losses(logits, deltas, objects, maps.Height, maps.Width);
        var regions = proposer.Propose(logits, deltas, maps.Height, maps.Width);

        var (labels, positives, from, to) = (new List<long>(), new List<long>(), new List<float>(), new List<float>());
        for (var image = 0; image < regions.Length; image++)
        {
            regions[image] = [.. regions[image], .. objects[image].Boxes];
            var match = BoxMatch.Of(regions[image], objects[image]);
            for (var region = 0; region < match.Object.Length; region++)
            {
                var isOn = match.Overlap[region] >= OnObject;
                if (isOn)
                {
                    positives.Add(labels.Count);
                    from.AddRange(regions[image].AsSpan(4 * region, 4));
                    to.AddRange(objects[image].Boxes.AsSpan(4 * match.Object[region], 4));
                }

                labels.Add(isOn ? objects[image].Classes[match.Object[region]] : Spec.Classes);
            }
        }

        var (classification, box) = (TensorFactory.Zeros([], map.dtype, map.device), TensorFactory.Zeros([], map.dtype, map.device));
        if (labels.Count > 0)
        {
            var said = head.call(map, RoIs(regions, map.device));
            classification = nn.functional.cross_entropy(said.narrow(1, 0, Spec.Classes + 1), TensorFactory.FromArray<long>(labels.ToArray(), [labels.Count], map.device));
            if (positives.Count > 0)
            {
                Tensor Boxes(List<float> numbers) => TensorFactory.FromArray<float>(numbers.ToArray(), [positives.Count, 4], map.device);
                var moves = said.narrow(1, Spec.Classes + 1, 4).index_select(0, TensorFactory.FromArray<long>(positives.ToArray(), [positives.Count], map.device));
                box = nn.functional.smooth_l1_loss(moves, BoxOps.EncodeDeltas(Boxes(to), Boxes(from), DeltaWeights), nn.Reduction.Sum).div(labels.Count);
            }
        }

        return [new("Objectness", objectness), new("ProposalBox", proposalBox), new("Classification", classification), new("Box", box)];
    }

    private protected override Detections[] Detect(ImageMaps maps, DetectionDecoder decoder)
    {
        var map = maps.Maps[0];
        var (logits, deltas) = proposer.Run(map);
        var regions = proposer.Propose(logits, deltas, maps.Height, maps.Width);
        var count = regions.Sum(own => own.Length / 4);
        var found = Array.ConvertAll(regions, _ => new DetectionCandidates());
        if (count > 0)
        {
            var rois = RoIs(regions, map.device);
            var said = head.call(map, rois);
            var probabilities = CpuFloats.Copy(said.narrow(1, 0, Spec.Classes + 1).softmax(1));
            var boxes = CpuFloats.Copy(BoxOps.ClipToImage(
                BoxOps.DecodeDeltas(said.narrow(1, Spec.Classes + 1, 4), rois.narrow(1, 1, 4), DeltaWeights), maps.Height, maps.Width));
            var at = 0;
            for (var image = 0; image < regions.Length; image++)
            {
                for (var last = at + (regions[image].Length / 4); at < last; at++)
                {
                    for (var label = 0; label < Spec.Classes; label++)
                    {
                        var score = probabilities[(at * (Spec.Classes + 1)) + label];
                        if (score > decoder.ScoreThreshold)
                            found[image].Add(boxes[4 * at], boxes[(4 * at) + 1], boxes[(4 * at) + 2], boxes[(4 * at) + 3], score, label);
                    }
                }
            }
        }

        return Array.ConvertAll(found, decoder.Choose);
    }

    private static Tensor RoIs(float[][] regions, Device device)
    {
        var rows = regions.SelectMany((own, image) => own.Chunk(4).SelectMany(box => box.Prepend(image))).ToArray();
        return TensorFactory.FromArray<float>(rows, [rows.Length / 5, 5], device);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            backbone.Dispose();
            pyramid?.Dispose();
            proposer.Dispose();
            head.Dispose();
        }

        base.Dispose(disposing);
    }
}
