using Microsoft.ML.Spatial.Functional.Kernels;
using static TorchSharp.torch;

namespace Microsoft.ML.Spatial.Functional;

public static partial class SpatialOps
{
    /// <summary>Pools regions of interest position-sensitively: each bin is the mean of bilinear samples at regular places in it, in a channel of its own.</summary>
    /// <param name="input"><c>[N, C·outputHeight·outputWidth, H, W]</c>, as <see cref="RoIAlign"/> takes it otherwise.</param>
    /// <param name="rois"><c>[K, 5]</c>, as <see cref="RoIAlign"/> takes them.</param>
    /// <param name="outputHeight">Rows of bins, from 1 to 4,096.</param>
    /// <param name="outputWidth">Columns of bins, from 1 to 4,096.</param>
    /// <param name="spatialScale">Pixels of the feature map to one pixel of the image, above 0.</param>
    /// <param name="samplingRatio">Samples of a bin along each axis, at most 1,024; 0 or less for as many as a bin has pixels, rounded up.</param>
    /// <returns><c>[K, C, outputHeight, outputWidth]</c>. Gradients flow to the input.</returns>
    /// <remarks>
    /// Convention: that of torchvision's <c>ps_roi_align</c>: bin (i, j) of output channel c reads input channel (c·outputHeight + i)·outputWidth + j. Coordinates are
    /// moved by half a pixel, as by <see cref="RoIAlign"/> with <c>aligned</c>. An RoI without samples, for which torchvision divides by zero, is zero here.
    /// A pixel that is not finite reaches as far as with <see cref="RoIAlign"/>.
    /// Source: r_c(i, j) = Σ z_{c,i,j}(p)/n: Dai et al. 2016, R-FCN, arXiv 1605.06409, equation 1, over the n samples p of He et al. 2017, Mask R-CNN, arXiv 1703.06870.
    /// </remarks>
    /// <exception cref="ArgumentNullException">A tensor is null.</exception>
    /// <exception cref="ArgumentException">
    /// A shape, type or device does not fit, the channels are no multiple of the bins, or a row of <paramref name="rois"/> names no picture or has an unusable coordinate.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">A number is outside its range.</exception>
    public static Tensor PSRoIAlign(Tensor input, Tensor rois, long outputHeight, long outputWidth, double spatialScale = 1, long samplingRatio = -1)
    {
        var values = CheckPooled(input, rois, outputHeight, outputWidth, spatialScale, samplingRatio);
        var lattice = new RoILattice(RoIConvention.Aligned, spatialScale, Ratio(samplingRatio));
        return PoolRoIs(input, null, new RoIPooling(PositionSensitive(input, outputHeight, outputWidth), values, lattice));
    }
}
