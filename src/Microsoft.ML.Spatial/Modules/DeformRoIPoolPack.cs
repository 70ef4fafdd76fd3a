using Microsoft.ML.Spatial.Functional;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.Spatial.Modules;

/// <summary>
/// Deformable pooling of regions of interest that finds out by itself where the bins go: a fully connected layer over the plainly pooled region predicts their offsets.
/// </summary>
/// <remarks>
/// Convention: that of <see cref="SpatialOps.DeformRoIPool"/>: offsets have x first, in units of gamma times the RoI's size. The layer starts at zero, so that the pooling starts as
/// the plain one, and learns at a hundredth of the rate.
/// Source: Δp_ij = γ·Δp̂_ij∘(w, h), in which Δp̂ is a fully connected layer of the plain pooling: Dai et al. 2017, Deformable Convolutional Networks, arXiv 1703.06211, section 2.2,
/// equations 5 and 6, and figure 3.
/// </remarks>
public sealed class DeformRoIPoolPack : nn.Module<Tensor, Tensor, Tensor>, IOffsetBranch
{
    // The name of this field is part of the names of the weights in a model file.
    private readonly Linear offset;

    private readonly long _channels;
    private readonly long _outputHeight;
    private readonly long _outputWidth;
    private readonly double _spatialScale;
    private readonly long _samplingRatio;
    private readonly double _gamma;

    /// <summary>A pooling for feature maps of so many channels.</summary>
    /// <param name="channels">Channels of the feature map, at least 1.</param>
    /// <param name="outputHeight">Rows of bins, from 1 to 4,096.</param>
    /// <param name="outputWidth">Columns of bins, from 1 to 4,096.</param>
    /// <param name="spatialScale">Pixels of the feature map to one pixel of the image, above 0: 1/16 for a map of stride 16.</param>
    /// <param name="samplingRatio">Samples of a bin along each axis, at most 1,024; 0 or less for as many as a bin has pixels, rounded up.</param>
    /// <param name="gamma">The part of the RoI's size that an offset of 1 stands for; finite.</param>
    /// <param name="learningRateFactor">What the learning rate of the offset layer is, as a multiple of the network's; at least 0. See <see cref="ParameterSet.Of"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
    public DeformRoIPoolPack(
        long channels, long outputHeight, long outputWidth, double spatialScale = 1, long samplingRatio = 0, double gamma = 0.1, double learningRateFactor = 0.01)
        : base(nameof(DeformRoIPoolPack))
    {
        TensorCheck.Positive(channels, nameof(channels));
        RoICheck.Bins(outputHeight, nameof(outputHeight));
        RoICheck.Bins(outputWidth, nameof(outputWidth));
        RoICheck.Scale(spatialScale);
        RoICheck.Samples(samplingRatio, nameof(samplingRatio));
        RoICheck.OffsetScale(gamma, nameof(gamma));
        (_channels, _outputHeight, _outputWidth) = (channels, outputHeight, outputWidth);
        (_spatialScale, _samplingRatio, _gamma) = (spatialScale, samplingRatio, gamma);
        LearningRateFactor = ConvolutionWeights.CheckedFactor(learningRateFactor);

        // Offsets of zero are the identity of this transformation.
        offset = ThetaLayer.Create(channels * outputHeight * outputWidth, new float[2 * outputHeight * outputWidth]);
        RegisterComponents();
        this.OwnWeights();
    }

    /// <inheritdoc/>
    public double LearningRateFactor { get; }

    /// <summary>The fully connected layer that predicts the offsets.</summary>
    public Linear OffsetBranch => offset;

    /// <inheritdoc/>
    public IEnumerable<Parameter> OffsetParameters() => offset.parameters();

    /// <summary>How far the bins of RoIs are moved, <c>[K, 2, outputHeight, outputWidth]</c>, x first: what <see cref="BinLocations.Of"/> takes. The caller disposes it.</summary>
    /// <param name="features">The feature map, <c>[N, channels, H, W]</c>.</param>
    /// <param name="rois"><c>[K, 5]</c>: picture, x1, y1, x2, y2 in pixels of the image.</param>
    /// <exception cref="ArgumentNullException">A tensor is null.</exception>
    /// <exception cref="ArgumentException">A shape, type or device does not fit.</exception>
    public Tensor Offsets(Tensor features, Tensor rois)
    {
        TensorCheck.FeatureMap(features, nameof(features), _channels, offset.weight);
        using var scope = torch.NewDisposeScope();
        var pooled = SpatialOps.DeformRoIPool(features, rois, null, _outputHeight, _outputWidth, _spatialScale, _samplingRatio, _gamma);
        return offset.call(pooled.flatten(1)).reshape(rois.shape[0], 2, _outputHeight, _outputWidth).MoveToOuterDisposeScope();
    }

    /// <summary>Pools.</summary>
    /// <param name="input1">The feature map, <c>[N, channels, H, W]</c>.</param>
    /// <param name="input2">The RoIs, <c>[K, 5]</c>: picture, x1, y1, x2, y2 in pixels of the image.</param>
    /// <returns><c>[K, channels, outputHeight, outputWidth]</c>.</returns>
    /// <exception cref="ArgumentNullException">A tensor is null.</exception>
    /// <exception cref="ArgumentException">A shape, type or device does not fit.</exception>
    public override Tensor forward(Tensor input1, Tensor input2)
    {
        using var offsets = Offsets(input1, input2);
        return SpatialOps.DeformRoIPool(input1, input2, offsets, _outputHeight, _outputWidth, _spatialScale, _samplingRatio, _gamma);
    }
}
