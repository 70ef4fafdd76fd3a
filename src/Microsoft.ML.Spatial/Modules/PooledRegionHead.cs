using Microsoft.ML.Spatial.Functional;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.Spatial.Modules;

/// <summary>The second stage of Faster R-CNN: the map pooled over each region, plainly (RoI align) or deformably, two hidden layers, and what they say.</summary>
/// <remarks>
/// Source: Ren et al. 2015, Faster R-CNN, arXiv 1506.01497, section 3.2; He et al. 2017, arXiv 1703.06870, for RoI align; Dai et al. 2017, arXiv 1703.06211, section 2.2, for deformable RoI
/// pooling. Deltas are the same for all classes, as Dai et al. have it.
/// </remarks>
internal sealed class PooledRegionHead : RegionHead
{
    private const int Bins = 7;
    private const int SamplingRatio = 2;
    private const double DeltaDeviation = 0.001;
    private const double ScoreDeviation = 0.01;

    // The names of these fields are part of the names of the weights in a model file.
    private readonly DeformRoIPoolPack? pool;
    private readonly Linear first;
    private readonly Linear second;
    private readonly Linear scores;
    private readonly Linear deltas;

    private readonly double _spatialScale;

    /// <param name="channels">Channels of the map.</param>
    /// <param name="classes">Number of classes.</param>
    /// <param name="stride">Pixels of the image to one of the map.</param>
    /// <param name="hidden">Units of the hidden layers.</param>
    /// <param name="isDeformable">Whether the parts of a region move.</param>
    public PooledRegionHead(int channels, int classes, int stride, int hidden, bool isDeformable) : base(nameof(PooledRegionHead))
    {
        _spatialScale = 1.0 / stride;
        using var scope = torch.NewDisposeScope();
        pool = isDeformable ? new DeformRoIPoolPack(channels, Bins, Bins, _spatialScale, SamplingRatio) : null;
        first = nn.Linear(channels * Bins * Bins, hidden);
        second = nn.Linear(hidden, hidden);
        scores = nn.Linear(hidden, classes + 1);
        deltas = nn.Linear(hidden, 4);
        using (no_grad())
        {
            nn.init.normal_(scores.weight, 0, ScoreDeviation);
            nn.init.normal_(deltas.weight, 0, DeltaDeviation);
            nn.init.constant_(scores.bias!, 0);
            nn.init.constant_(deltas.bias!, 0);
        }

        RegisterComponents();
        this.OwnWeights();
    }

    public override Tensor forward(Tensor input1, Tensor input2)
    {
        using var scope = torch.NewDisposeScope();
        var pooled = pool is not null ? pool.call(input1, input2) : SpatialOps.RoIAlign(input1, input2, Bins, Bins, _spatialScale, SamplingRatio, aligned: true);
        var hidden = HiddenLayer.Apply(second, HiddenLayer.Apply(first, pooled.flatten(1)));
        return torch.cat([scores.call(hidden), deltas.call(hidden)], 1).MoveToOuterDisposeScope();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            pool?.Dispose();
            first.Dispose();
            second.Dispose();
            scores.Dispose();
            deltas.Dispose();
        }

        base.Dispose(disposing);
    }
}
