using Microsoft.ML.Spatial.Functional;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.Spatial.Modules;

/// <summary>
/// The second stage of R-FCN: score maps of each part of a region, pooled position-sensitively, plainly or deformably; what is said of a region is the mean of what its parts say. All that is
/// learnt is learnt on the whole image at once.
/// </summary>
/// <remarks>
/// Source: Dai et al. 2016, R-FCN, arXiv 1605.06409, section 2, equations 1 and 2; with bilinear samples in place of rounded bins (<see cref="SpatialOps.PSRoIAlign"/>); Dai et al. 2017,
/// arXiv 1703.06211, section 2.2 and figure 4, for the deformable pooling.
/// </remarks>
internal sealed class VotingRegionHead : RegionHead
{
    private const int SamplingRatio = 2;

    // The names of these fields are part of the names of the weights in a model file.
    private readonly ConvolutionLayer tower;
    private readonly Conv2d head;
    private readonly DeformPSRoIPoolPack? pool;

    private readonly double _spatialScale;
    private readonly int _parts;

    /// <param name="channels">Channels of the map.</param>
    /// <param name="classes">Number of classes.</param>
    /// <param name="stride">Pixels of the image to one of the map.</param>
    /// <param name="parts">Rows and columns of parts: a finer grid than a region has positions says nothing more.</param>
    /// <param name="isDeformable">Whether the parts of a region move.</param>
    public VotingRegionHead(int channels, int classes, int stride, int parts, bool isDeformable) : base(nameof(VotingRegionHead))
    {
        (_spatialScale, _parts) = (1.0 / stride, parts);
        using var scope = torch.NewDisposeScope();
        tower = new ConvolutionLayer(channels, channels, 1, isResidual: false, null);
        head = nn.Conv2d(channels, (classes + 5) * parts * parts, 1);
        pool = isDeformable ? new DeformPSRoIPoolPack(channels, classes + 5, parts, parts, _spatialScale, samplesPerPart: SamplingRatio) : null;
        RegisterComponents();
        this.OwnWeights();
    }

    public override Tensor forward(Tensor input1, Tensor input2)
    {
        using var scope = torch.NewDisposeScope();
        var features = tower.call(input1);
        var maps = head.call(features);
        var votes = pool is not null
            ? pool.call(maps, features, UpToLastPixel(input2))
            : SpatialOps.PSRoIAlign(maps, input2, _parts, _parts, _spatialScale, SamplingRatio);
        return votes.sum([2L, 3L]).div(_parts * _parts).MoveToOuterDisposeScope();
    }

    /// <summary>Regions as <see cref="SpatialOps.DeformPSRoIPool"/> takes them: x1 and y1 are the last pixels, not the first outside.</summary>
    private static Tensor UpToLastPixel(Tensor regions) => regions.sub(TensorFactory.FromArray<float>([0, 0, 0, 1, 1], [1, 5], regions.device));

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            tower.Dispose();
            head.Dispose();
            pool?.Dispose();
        }

        base.Dispose(disposing);
    }
}
