using Microsoft.ML.Spatial.Functional.Kernels;
using static TorchSharp.torch;

namespace Microsoft.ML.Spatial.Functional;

public static partial class SpatialOps
{
    /// <summary>Pools regions of interest deformably: each bin is the mean of bilinear samples in it, after an offset has moved it.</summary>
    /// <param name="input"><c>[N, C, H, W]</c>, as <see cref="RoIAlign"/> takes it.</param>
    /// <param name="rois"><c>[K, 5]</c>, as <see cref="RoIAlign"/> takes them.</param>
    /// <param name="offsets">
    /// <c>[K, 2, outputHeight, outputWidth]</c>, of the input's type and device: how far each bin is moved, x before y, in units of <paramref name="gamma"/> times the RoI's
    /// width and height; any values. Null for none.
    /// </param>
    /// <param name="outputHeight">Rows of bins, from 1 to 4,096.</param>
    /// <param name="outputWidth">Columns of bins, from 1 to 4,096.</param>
    /// <param name="spatialScale">Pixels of the feature map to one pixel of the image, above 0.</param>
    /// <param name="samplingRatio">Samples of a bin along each axis, at most 1,024; 0 or less for as many as a bin has pixels, rounded up.</param>
    /// <param name="gamma">The part of the RoI's size that an offset of 1 stands for; finite.</param>
    /// <returns>
    /// <c>[K, C, outputHeight, outputWidth]</c>. Gradients flow to the input and to the offsets; the bilinear kernel is not differentiable where a sample falls on a pixel's
    /// centre: there the gradient is one-sided.
    /// </returns>
    /// <remarks>
    /// Convention: that of mmcv's <c>deform_roi_pool</c>; offsets have x first, unlike those of a deformable convolution. Without offsets it is <see cref="RoIAlign"/> with
    /// <c>aligned</c>, and a pixel that is not finite reaches as far as with that. A bin whose offset is not finite is zero, and no gradient flows from it. In single
    /// precision on the CPU one kernel does it all, on as many threads as torch has, with the same result for any number of them; its gradients have none of their own,
    /// and are NaN where a tensor was written to in place before the backward pass.
    /// Source: y(i, j) = Σ x(p0 + p + Δp_ij)/n_ij over the n_ij samples p of bin (i, j), Δp_ij = γ·Δp̂_ij∘(w, h): Dai et al. 2017, Deformable Convolutional Networks,
    /// arXiv 1703.06211, equations 5 and 6 and section 2.2.
    /// </remarks>
    /// <exception cref="ArgumentNullException"><paramref name="input"/> or <paramref name="rois"/> is null.</exception>
    /// <exception cref="ArgumentException">
    /// A shape, type or device does not fit, or a row of <paramref name="rois"/> names no picture or has an unusable coordinate.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">A number is outside its range.</exception>
    public static Tensor DeformRoIPool(
        Tensor input, Tensor rois, Tensor? offsets, long outputHeight, long outputWidth, double spatialScale = 1, long samplingRatio = 0, double gamma = 0.1)
    {
        var values = CheckPooled(input, rois, outputHeight, outputWidth, spatialScale, samplingRatio);
        RoICheck.OffsetScale(gamma, nameof(gamma));
        if (offsets is not null)
            RoICheck.Offsets(offsets, input, rois.shape[0], 2, outputHeight, outputWidth);
        var shape = PooledShape(input, (int)input.shape[1], outputHeight, outputWidth);
        return PoolRoIs(input, offsets, new RoIPooling(shape, values, new RoILattice(RoIConvention.Aligned, spatialScale, Ratio(samplingRatio), gamma)));
    }
}
