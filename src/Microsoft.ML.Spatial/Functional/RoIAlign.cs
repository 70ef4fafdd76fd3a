using Microsoft.ML.Spatial.Functional.Kernels;
using static TorchSharp.torch;

namespace Microsoft.ML.Spatial.Functional;

public static partial class SpatialOps
{
    /// <summary>Pools regions of interest: each bin is the mean of bilinear samples at regular places in it, with nothing rounded.</summary>
    /// <param name="input"><c>[N, C, H, W]</c>, floating point, H and W at least 1; any memory layout.</param>
    /// <param name="rois">
    /// <c>[K, 5]</c>, of the input's type and device: picture (a whole number from 0 to N − 1), x1, y1, x2, y2 in pixels of the image. <c>K</c> may be 0. RoIs may
    /// lie outside the picture; scaled, none may reach further than 65,536 pixels.
    /// </param>
    /// <param name="outputHeight">Rows of bins, from 1 to 4,096.</param>
    /// <param name="outputWidth">Columns of bins, from 1 to 4,096.</param>
    /// <param name="spatialScale">Pixels of the feature map to one pixel of the image, above 0: 1/16 for a map of stride 16.</param>
    /// <param name="samplingRatio">Samples of a bin along each axis, at most 1,024; 0 or less for as many as a bin has pixels, rounded up.</param>
    /// <param name="aligned">
    /// Whether pixel 0 covers 0 to 1, so that coordinates are moved by half a pixel (<c>true</c>), or has its centre at 0, and RoIs below one pixel count as one pixel
    /// (<c>false</c>, the older convention).
    /// </param>
    /// <returns>
    /// <c>[K, C, outputHeight, outputWidth]</c>. Gradients flow to the input, not to the RoIs. An RoI whose ends are exchanged is, if aligned, zero where samples are
    /// counted by its size.
    /// </returns>
    /// <remarks>
    /// Convention: that of torchvision's <c>roi_align</c>. Samples lie in the middle of equal parts of a bin; up to one pixel outside they read the border, beyond they
    /// are zero and still count. Where torch's operators do the work (in other types and on other devices) a bin is a sum over all pixels, most of them times zero: one
    /// that is not finite then makes all RoIs of its picture NaN in its channel, and not only the bins that read it. In single precision on the CPU one kernel does it
    /// all, on as many threads as torch has, with the same result for any number of them. Its gradients have none of their own.
    /// Source: y_c(i, j) = Σ x_c(p)/n over the n samples p of bin (i, j), x_c read bilinearly: He et al. 2017, Mask R-CNN, arXiv 1703.06870, section 3.
    /// </remarks>
    /// <exception cref="ArgumentNullException">A tensor is null.</exception>
    /// <exception cref="ArgumentException">
    /// A shape, type or device does not fit, or a row of <paramref name="rois"/> names no picture or has an unusable coordinate.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">A number is outside its range.</exception>
    public static Tensor RoIAlign(
        Tensor input, Tensor rois, long outputHeight, long outputWidth, double spatialScale = 1, long samplingRatio = -1, bool aligned = false)
    {
        var values = CheckPooled(input, rois, outputHeight, outputWidth, spatialScale, samplingRatio);
        var convention = aligned ? RoIConvention.Aligned : RoIConvention.Plain;
        var shape = PooledShape(input, (int)input.shape[1], outputHeight, outputWidth);
        return PoolRoIs(input, null, new RoIPooling(shape, values, new RoILattice(convention, spatialScale, Ratio(samplingRatio))));
    }

    private static double[] CheckPooled(Tensor input, Tensor rois, long outputHeight, long outputWidth, double spatialScale, long samplingRatio = 0)
    {
        var values = RoICheck.RoIs(input, rois, spatialScale);
        RoICheck.Bins(outputHeight, nameof(outputHeight));
        RoICheck.Bins(outputWidth, nameof(outputWidth));
        RoICheck.Samples(samplingRatio, nameof(samplingRatio));
        return values;
    }

    private static int Ratio(long samplingRatio) => (int)Math.Max(samplingRatio, 0);

    private static RoIShape PooledShape(Tensor input, int outputChannels, long outputHeight, long outputWidth)
    {
        var shape = input.shape;
        return new RoIShape((int)shape[0], (int)shape[1], (int)shape[2], (int)shape[3], outputChannels, (int)outputHeight, (int)outputWidth);
    }

    /// <summary>Pools by the kernels where they take the tensors, else by torch's operators.</summary>
    private static Tensor PoolRoIs(Tensor input, Tensor? offsets, RoIPooling pooling) =>
        !FusedRoIPool.Takes(input, offsets, pooling) ? ComposedRoIPool.Apply(input, offsets, pooling)
        : offsets is null ? new FusedRoIPool(pooling, HasOffsets: false).Apply(input)
        : new FusedRoIPool(pooling, HasOffsets: true).Apply(input, offsets);
}
