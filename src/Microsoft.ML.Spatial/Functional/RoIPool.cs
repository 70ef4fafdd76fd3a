using Microsoft.ML.Spatial.Functional.Kernels;
using static TorchSharp.torch;

namespace Microsoft.ML.Spatial.Functional;

public static partial class SpatialOps
{
    /// <summary>Pools regions of interest: each bin is the greatest of its whole pixels.</summary>
    /// <param name="input"><c>[N, C, H, W]</c>, as <see cref="RoIAlign"/> takes it.</param>
    /// <param name="rois"><c>[K, 5]</c>, as <see cref="RoIAlign"/> takes them.</param>
    /// <param name="outputHeight">Rows of bins, from 1 to 4,096.</param>
    /// <param name="outputWidth">Columns of bins, from 1 to 4,096.</param>
    /// <param name="spatialScale">Pixels of the feature map to one pixel of the image, above 0.</param>
    /// <returns>
    /// <c>[K, C, outputHeight, outputWidth]</c>; 0 where a bin has no pixel of the picture. Gradients flow to the input: to the first of a bin's greatest pixels, row by
    /// row.
    /// </returns>
    /// <remarks>
    /// Convention: that of torchvision's <c>roi_pool</c>. Scaled coordinates are rounded, halves away from zero, and the pixels at both ends belong to the RoI; bins round
    /// down where they begin and up where they end, and so may overlap. A pixel that is not a number is passed over, and a bin of such pixels alone has the least
    /// finite number of single precision, of a type of 16 bits that of the type.
    /// Source: y_c(i, j) = max x_c(p) over the pixels p of bin (i, j): Girshick 2015, Fast R-CNN, arXiv 1504.08083, section 2.1.
    /// </remarks>
    /// <exception cref="ArgumentNullException">A tensor is null.</exception>
    /// <exception cref="ArgumentException">
    /// A shape, type or device does not fit, or a row of <paramref name="rois"/> names no picture or has an unusable coordinate.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">A number is outside its range.</exception>
    public static Tensor RoIPool(Tensor input, Tensor rois, long outputHeight, long outputWidth, double spatialScale = 1)
    {
        var values = CheckPooled(input, rois, outputHeight, outputWidth, spatialScale);
        var shape = PooledShape(input, (int)input.shape[1], outputHeight, outputWidth);
        return PoolRoIs(input, null, new RoIPooling(shape, values, Pixels: new PixelPooling(spatialScale, IsMean: false)));
    }
}
