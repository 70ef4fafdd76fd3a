using Microsoft.ML.Spatial.Functional;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.Spatial.Modules;

/// <summary>
/// The one-stage, anchor-free detector: every position of its maps says of each class whether an object of it is there, how far its four sides are, and how near its centre the position lies.
/// One map, or a pyramid of them that share one head.
/// </summary>
/// <remarks>
/// Distances are the softplus of the head's output, in strides. Source: Tian et al. 2019, FCOS, arXiv 1904.01355; Dai et al. 2017, arXiv 1703.06211, and Zhu et al. 2019,
/// arXiv 1811.11168, for the deformable convolutions.
/// </remarks>
internal sealed class FcosNetwork : DetectionNetwork
{
    // How the head starts: objects are about 2 strides from side to centre.
    private const double StartDistance = 2;

    // Four distances and the centerness.
    private const int Geometry = 5;

    // The names of these fields are part of the names of the weights in a model file.
    private readonly Backbone backbone;
    private readonly FeaturePyramid? pyramid;
    private readonly ConvolutionLayer tower;
    private readonly Conv2d head;

    public FcosNetwork(DetectionNetworkSpec spec) : base(spec, nameof(FcosNetwork))
    {
        backbone = spec.BuildBackbone();
        pyramid = spec.BuildPyramid(backbone.Levels);
        tower = new ConvolutionLayer(spec.Width, spec.Width, 1, isResidual: false, null, isNormByGroups: Levels.Count > 1);
        head = RareHead.Create(spec.Width, spec.Classes, Geometry, 3);
        using (torch.NewDisposeScope())
        {
            using var noGradient = no_grad();
            nn.init.constant_(head.bias!.narrow(0, spec.Classes, 4), StartDistance);
        }

        RegisterComponents();
        this.OwnWeights();
    }

    internal override Backbone Backbone => backbone;

    private protected override FeaturePyramid? Pyramid => pyramid;

    private protected override ImageMaps Run(Tensor images) =>
        new([.. Features(images).Select(map => head.call(tower.call(map)))], (int)images.shape[2], (int)images.shape[3]);

    private protected override IReadOnlyList<NamedLoss> Losses(ImageMaps maps, IReadOnlyList<ImageObjects> objects)
    {
        var locations = FcosLocation.All(Levels, maps.Height, maps.Width);
        return FcosLoss.Of(Output(maps), new FcosTargets(objects, Spec.Classes, locations), locations);
    }

    private protected override Detections[] Detect(ImageMaps maps, DetectionDecoder decoder)
    {
        var output = Output(maps);
        var (images, classes) = (output.Logits.shape[0], Spec.Classes);

        // The score is the geometric mean of class and centerness.
        var scores = CpuFloats.Copy(output.Logits.sigmoid().mul(output.Centerness.sigmoid().unsqueeze(2)).sqrt());
        var distances = CpuFloats.Copy(output.Distances);
        var locations = FcosLocation.All(Levels, maps.Height, maps.Width);
        var detections = new Detections[images];
        for (var image = 0; image < images; image++)
        {
            var candidates = new DetectionCandidates();
            for (var location = 0; location < locations.Length; location++)
            {
                var at = (image * locations.Length) + location;
                for (var label = 0; label < classes; label++)
                {
                    var score = scores[(at * classes) + label];
                    if (!(score > decoder.ScoreThreshold))
                        continue;
                    var (x, y) = (locations[location].X, locations[location].Y);
                    candidates.Add(
                        Math.Clamp(x - distances[4 * at], 0, maps.Width), Math.Clamp(y - distances[(4 * at) + 1], 0, maps.Height),
                        Math.Clamp(x + distances[(4 * at) + 2], 0, maps.Width), Math.Clamp(y + distances[(4 * at) + 3], 0, maps.Height), score, label);
                }
            }

            detections[image] = decoder.Choose(candidates);
        }

        return detections;
    }

    private FcosOutput Output(ImageMaps maps)
    {
        var levels = maps.Maps.Select((map, level) =>
        {
            var raw = map.flatten(2).transpose(1, 2);
            return (Logits: raw.narrow(2, 0, Spec.Classes), Distances: raw.narrow(2, Spec.Classes, 4).softplus().mul(Levels[level].Stride), Centerness: raw.select(2, Spec.Classes + 4));
        }).ToArray();
        return levels.Length == 1
            ? new FcosOutput(levels[0].Logits, levels[0].Distances, levels[0].Centerness)
            : new FcosOutput(
                torch.cat([.. levels.Select(level => level.Logits)], 1), torch.cat([.. levels.Select(level => level.Distances)], 1), torch.cat([.. levels.Select(level => level.Centerness)], 1));
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            backbone.Dispose();
            pyramid?.Dispose();
            tower.Dispose();
            head.Dispose();
        }

        base.Dispose(disposing);
    }
}
