using Microsoft.ML.Spatial.Functional.Kernels;
using static TorchSharp.torch;

namespace Microsoft.ML.Spatial.Functional;

public static partial class SpatialOps
{
    /// <summary>Pools regions of interest position-sensitively: each bin is the mean of its whole pixels, in a channel of its own.</summary>
    /// <param name="input"><c>[N, C·outputHeight·outputWidth, H, W]</c>, as <see cref="RoIAlign"/> takes it otherwise.</param>
    /// <param name="rois"><c>[K, 5]</c>, as <see cref="RoIAlign"/> takes them.</param>
    /// <param name="outputHeight">Rows of bins, from 1 to 4,096.</param>
    /// <param name="outputWidth">Columns of bins, from 1 to 4,096.</param>
    /// <param name="spatialScale">Pixels of the feature map to one pixel of the image, above 0.</param>
    /// <returns><c>[K, C, outputHeight, outputWidth]</c>; 0 where a bin has no pixel. Gradients flow to the input.</returns>
    /// <remarks>
    /// Convention: the forward pass of torchvision's <c>ps_roi_pool</c>: bin (i, j) of output channel c reads input channel (c·outputHeight + i)·outputWidth + j. Scaled
    /// coordinates are rounded, halves away from zero; an RoI ends before its second coordinate and has at least one pixel; bins round down where they begin and up where
    /// they end, and are cut off before the picture's last row and column. The gradient is that of this function: torchvision's backward pass cuts off behind them.
    /// A pixel that is not finite reaches as far as with <see cref="RoIAlign"/>.
    /// Source: r_c(i, j) = Σ z_{c,i,j}(p)/n over the n pixels p of bin (i, j): Dai et al. 2016, R-FCN, arXiv 1605.06409, equation 1.
    /// </remarks>
    /// <exception cref="ArgumentNullException">A tensor is null.</exception>
    /// <exception cref="ArgumentException">
    /// A shape, type or device does not fit, the channels are no multiple of the bins, or a row of <paramref name="rois"/> names no picture or has an unusable coordinate.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">A number is outside its range.</exception>
    public static Tensor PSRoIPool(Tensor input, Tensor rois, long outputHeight, long outputWidth, double spatialScale = 1)
    {
        var values = CheckPooled(input, rois, outputHeight, outputWidth, spatialScale);
        return PoolRoIs(input, null, new RoIPooling(PositionSensitive(input, outputHeight, outputWidth), values, Pixels: new PixelPooling(spatialScale, IsMean: true)));
    }

    /// <summary>The sizes where each bin reads channels of its own.</summary>
    private static RoIShape PositionSensitive(Tensor input, long outputHeight, long outputWidth) =>
        PooledShape(input, RoICheck.OutputChannels(input, outputHeight, outputWidth), outputHeight, outputWidth)
            with { GroupRows = (int)outputHeight, GroupColumns = (int)outputWidth };
}
