using Microsoft.ML.Spatial.Functional.Kernels;
using static TorchSharp.torch;

namespace Microsoft.ML.Spatial.Functional;

public static partial class SpatialOps
{
    /// <summary>
    /// Pools regions of interest deformably and position-sensitively: each bin is the mean of bilinear samples in it, after an offset has moved it, in a channel of the
    /// group that belongs to its place.
    /// </summary>
    /// <param name="input"><c>[N, outputChannels·groupSize², H, W]</c>, as <see cref="RoIAlign"/> takes it otherwise.</param>
    /// <param name="rois"><c>[K, 5]</c>, as <see cref="RoIAlign"/> takes them.</param>
    /// <param name="offsets">
    /// <c>[K, 2·classes, partSize, partSize]</c>, of the input's type and device: how far the bins of each part are moved, for each class x before y, in units of
    /// <paramref name="transStd"/> times the RoI's width and height; any values. The classes divide the output channels into equal runs with offsets of their own; one
    /// class is shared by all. Null for none.
    /// </param>
    /// <param name="outputChannels">Channels of the output, at least 1; a multiple of the classes.</param>
    /// <param name="groupSize">Rows and columns of groups, from 1 to 4,096: bin (i, j) reads the group (⌊i·groupSize/pooledSize⌋, ⌊j·groupSize/pooledSize⌋).</param>
    /// <param name="pooledSize">Rows and columns of bins, from 1 to 4,096.</param>
    /// <param name="spatialScale">Pixels of the feature map to one pixel of the image, above 0.</param>
    /// <param name="partSize">Rows and columns of offsets, chosen for a bin as the groups are; 0 for <paramref name="pooledSize"/>.</param>
    /// <param name="samplesPerPart">Samples of a bin along each axis, from 1 to 1,024.</param>
    /// <param name="transStd">The part of the RoI's size that an offset of 1 stands for; finite.</param>
    /// <returns>
    /// <c>[K, outputChannels, pooledSize, pooledSize]</c>. Gradients flow to the input and to the offsets; the bilinear kernel is not differentiable where a sample falls on
    /// a pixel's centre: there the gradient is one-sided.
    /// </returns>
    /// <remarks>
    /// Convention: that of MXNet's <c>DeformablePSROIPooling</c>. The coordinates of an RoI are rounded, halves away from zero, and x2 and y2 raised by 1, before they are
    /// scaled; then 0.5 is taken off, and sides below 0.1 become 0.1. Sample (m, n) of a bin lies (m, n) steps of 1/samplesPerPart of a bin from its upper left corner.
    /// Samples more than half a pixel outside the centres of the outermost pixels are left out, others outside read the border; the mean is over the samples that
    /// were not left out, and 0 where all were. Output channel c in group (g, h) reads input channel (c·groupSize + g)·groupSize + h. A pixel that is not finite reaches as
    /// far as with <see cref="RoIAlign"/>. A bin whose offset is not finite is zero, and no gradient flows from it. In single precision on the CPU one kernel does it all,
    /// on as many threads as torch has, with the same result for any number of them; its gradients have none of their own, and are NaN where a tensor was written to in
    /// place before the backward pass.
    /// Source: r_c(i, j) = Σ z_{c,i,j}(p0 + p + Δp_ij)/n_ij over the n_ij samples p of bin (i, j), Δp_ij = γ·Δp̂_ij∘(w, h): Dai et al. 2017, Deformable Convolutional
    /// Networks, arXiv 1703.06211, section 2.2, and appendix A; R-FCN, arXiv 1605.06409, equation 1.
    /// </remarks>
    /// <exception cref="ArgumentNullException"><paramref name="input"/> or <paramref name="rois"/> is null.</exception>
    /// <exception cref="ArgumentException">
    /// A shape, type or device does not fit, the channels do not divide, or a row of <paramref name="rois"/> names no picture or has an unusable coordinate.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">A number is outside its range.</exception>
    public static Tensor DeformPSRoIPool(
        Tensor input,
        Tensor rois,
        Tensor? offsets,
        long outputChannels,
        long groupSize,
        long pooledSize,
        double spatialScale = 1,
        long partSize = 0,
        long samplesPerPart = 4,
        double transStd = 0.1)
    {
        var values = RoICheck.RoIs(input, rois, spatialScale);
        TensorCheck.Positive(outputChannels, nameof(outputChannels));
        RoICheck.Bins(groupSize, nameof(groupSize));
        RoICheck.Bins(pooledSize, nameof(pooledSize));
        TensorCheck.Positive(samplesPerPart, nameof(samplesPerPart));
        RoICheck.Samples(samplesPerPart, nameof(samplesPerPart));
        RoICheck.OffsetScale(transStd, nameof(transStd));
        if (partSize != 0)
            RoICheck.Bins(partSize, nameof(partSize));
        var parts = partSize == 0 ? pooledSize : partSize;
        var channels = (Int128)outputChannels * groupSize * groupSize;
        if (input.shape[1] != channels)
        {
            throw new ArgumentException(
                $"input has {input.shape[1]} channels; outputChannels·groupSize·groupSize = {outputChannels}·{groupSize}·{groupSize} = {channels} are needed.", nameof(input));
        }

        var classes = 1L;
        if (offsets is not null)
        {
            classes = offsets.shape is [_, > 0, _, _] ? Math.Max(offsets.shape[1] / 2, 1) : 1;
            RoICheck.Offsets(offsets, input, rois.shape[0], 2 * classes, parts, parts);
            if (outputChannels % classes != 0)
            {
                throw new ArgumentException(
                    $"offsets has {classes} classes and outputChannels is {outputChannels}; the first must divide the second.", nameof(offsets));
            }
        }

        var shape = PooledShape(input, (int)outputChannels, pooledSize, pooledSize) with
        {
            GroupRows = (int)groupSize, GroupColumns = (int)groupSize, Classes = (int)classes, PartRows = (int)parts, PartColumns = (int)parts,
        };
        return PoolRoIs(input, offsets, new RoIPooling(shape, values, new RoILattice(RoIConvention.Cornered, spatialScale, (int)samplesPerPart, transStd)));
    }
}
