using Microsoft.ML.Spatial.Functional;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.Spatial.Modules;

/// <summary>
/// Deformable position-sensitive pooling of regions of interest that finds out by itself where the bins go: a 1x1 convolution over the feature map gives a field of offsets for
/// each part of an RoI, and plain position-sensitive pooling of these fields gives the offsets of the parts.
/// </summary>
/// <remarks>
/// Convention: that of <see cref="SpatialOps.DeformPSRoIPool"/>: offsets have x first, in units of transStd times the RoI's size. The convolution starts at zero, so that the pooling starts
/// as the plain one, and learns at a hundredth of the rate.
/// Source: Δp_ij = γ·Δp̂_ij∘(w, h), in which Δp̂_ij is the mean of a part's own field over the part: Dai et al. 2017, Deformable Convolutional Networks, arXiv 1703.06211,
/// section 2.2 and figure 4: fields of 2k²(C + 1) channels.
/// </remarks>
public sealed class DeformPSRoIPoolPack : nn.Module<Tensor, Tensor, Tensor, Tensor>, IOffsetBranch
{
    // The name of this field is part of the names of the weights in a model file.
    private readonly Conv2d offset;

    private readonly long _outputChannels;
    private readonly long _groupSize;
    private readonly long _pooledSize;
    private readonly double _spatialScale;
    private readonly long _partSize;
    private readonly long _samplesPerPart;
    private readonly double _transStd;
    private readonly long _classes;

    /// <summary>A pooling of score maps, whose offsets come from a feature map of so many channels.</summary>
    /// <param name="featureChannels">Channels of the feature map that the offsets are predicted from, at least 1.</param>
    /// <param name="outputChannels">Channels of the output, at least 1; a multiple of the classes.</param>
    /// <param name="groupSize">Rows and columns of groups in the score maps, from 1 to 4,096.</param>
    /// <param name="pooledSize">Rows and columns of bins, from 1 to 4,096.</param>
    /// <param name="spatialScale">Pixels of the maps to one pixel of the image, above 0: 1/16 for maps of stride 16.</param>
    /// <param name="partSize">Rows and columns of parts with offsets of their own, up to 4,096; 0 for <paramref name="pooledSize"/>.</param>
    /// <param name="samplesPerPart">Samples of a bin along each axis, from 1 to 1,024.</param>
    /// <param name="transStd">The part of the RoI's size that an offset of 1 stands for; finite.</param>
    /// <param name="classes">Classes with offsets of their own; they divide the output channels. 1 for offsets that all share.</param>
    /// <param name="learningRateFactor">What the learning rate of the offset convolution is, as a multiple of the network's; at least 0. See <see cref="ParameterSet.Of"/>.</param>
    /// <exception cref="ArgumentException">The classes do not divide the output channels.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
    public DeformPSRoIPoolPack(
        long featureChannels,
        long outputChannels,
        long groupSize,
        long pooledSize,
        double spatialScale = 1,
        long partSize = 0,
        long samplesPerPart = 4,
        double transStd = 0.1,
        long classes = 1,
        double learningRateFactor = 0.01) : base(nameof(DeformPSRoIPoolPack))
    {
        TensorCheck.Positive(featureChannels, nameof(featureChannels));
        TensorCheck.Positive(outputChannels, nameof(outputChannels));
        RoICheck.Bins(groupSize, nameof(groupSize));
        RoICheck.Bins(pooledSize, nameof(pooledSize));
        RoICheck.Scale(spatialScale);
        if (partSize != 0)
            RoICheck.Bins(partSize, nameof(partSize));
        TensorCheck.Positive(samplesPerPart, nameof(samplesPerPart));
        RoICheck.Samples(samplesPerPart, nameof(samplesPerPart));
        RoICheck.OffsetScale(transStd, nameof(transStd));
        ConvolutionWeights.Divides(classes, nameof(classes), outputChannels, nameof(outputChannels));
        (_outputChannels, _groupSize, _pooledSize, _spatialScale) = (outputChannels, groupSize, pooledSize, spatialScale);
        (_partSize, _samplesPerPart, _transStd, _classes) = (partSize == 0 ? pooledSize : partSize, samplesPerPart, transStd, classes);
        LearningRateFactor = ConvolutionWeights.CheckedFactor(learningRateFactor);

        // TorchSharp's initialisation of a convolution leaves a view of its weight behind; the scope takes it.
        using var scope = torch.NewDisposeScope();
        offset = ConvolutionWeights.ZeroConvolution(featureChannels, 2 * classes * _partSize * _partSize, new ConvolutionGeometry((1, 1)));
        RegisterComponents();
        this.OwnWeights();
    }

    /// <inheritdoc/>
    public double LearningRateFactor { get; }

    /// <summary>The convolution that gives the fields of offsets.</summary>
    public Conv2d OffsetBranch => offset;

    /// <inheritdoc/>
    public IEnumerable<Parameter> OffsetParameters() => offset.parameters();

    /// <summary>How far the parts of RoIs are moved, <c>[K, 2·classes, partSize, partSize]</c>, for each class x first. The caller disposes it.</summary>
    /// <param name="features">The feature map, <c>[N, featureChannels, H, W]</c>.</param>
    /// <param name="rois"><c>[K, 5]</c>: picture, x1, y1, x2, y2 in pixels of the image.</param>
    /// <exception cref="ArgumentNullException">A tensor is null.</exception>
    /// <exception cref="ArgumentException">A shape, type or device does not fit.</exception>
    public Tensor Offsets(Tensor features, Tensor rois)
    {
        TensorCheck.FeatureMap(features, nameof(features), offset.in_channels, offset.weight);
        using var fields = offset.call(features);
        return SpatialOps.DeformPSRoIPool(fields, rois, null, 2 * _classes, _partSize, _partSize, _spatialScale, samplesPerPart: _samplesPerPart);
    }

    /// <summary>Pools.</summary>
    /// <param name="input1">The score maps, <c>[N, outputChannels·groupSize², H, W]</c>.</param>
    /// <param name="input2">The feature map that the offsets are predicted from, <c>[N, featureChannels, H, W]</c>, of the same size.</param>
    /// <param name="input3">The RoIs, <c>[K, 5]</c>: picture, x1, y1, x2, y2 in pixels of the image.</param>
    /// <returns><c>[K, outputChannels, pooledSize, pooledSize]</c>.</returns>
    /// <exception cref="ArgumentNullException">A tensor is null.</exception>
    /// <exception cref="ArgumentException">A shape, type or device does not fit.</exception>
    public override Tensor forward(Tensor input1, Tensor input2, Tensor input3)
    {
        using var offsets = Offsets(input2, input3);
        return SpatialOps.DeformPSRoIPool(input1, input3, offsets, _outputChannels, _groupSize, _pooledSize, _spatialScale, _partSize, _samplesPerPart, _transStd);
    }
}
