using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Spatial.Functional;

/// <summary>Where the bins of regions of interest lie after deformable pooling has moved them.</summary>
public static class BinLocations
{
    /// <summary>The bins of regions of interest, each moved by its offset.</summary>
    /// <param name="rois"><c>[K, 5]</c>, floating point: (batch index, x1, y1, x2, y2) in image pixels; <c>K</c> may be 0.</param>
    /// <param name="offsets">
    /// <c>[K, 2, rows, columns]</c>, of the type and device of the RoIs: how far each bin is moved, x before y, in units of <paramref name="gamma"/> times the RoI's
    /// width and height. Those that are not finite give NaN, which is not drawn: such a bin reads nothing. Of position-sensitive pooling give the two channels of one class.
    /// </param>
    /// <param name="gamma">The part of the RoI's size that an offset of 1 stands for; finite.</param>
    /// <returns>
    /// <c>[K, rows, columns, 4]</c>: (x0, y0, x1, y1) in image pixels. Gradients flow to both. Of a position-sensitive pooling whose partSize is not its pooledSize these
    /// are the parts, which share an offset, and not the bins.
    /// </returns>
    /// <remarks>
    /// Convention: (x, y) in image pixels. The rounding of RoIs to whole pixels by the position-sensitive form, at most half a pixel of the image, is left out.
    /// Source: Dai et al. 2017, Deformable Convolutional Networks, arXiv 1703.06211, section 2.2: Δp = γ·Δp̂∘(w, h).
    /// </remarks>
    /// <exception cref="ArgumentNullException">A tensor is null.</exception>
    /// <exception cref="ArgumentException">A shape, type, device or count does not fit.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="gamma"/> is not finite.</exception>
    public static Tensor Of(Tensor rois, Tensor offsets, double gamma = 0.1)
    {
        ArgumentNullException.ThrowIfNull(rois);
        ArgumentNullException.ThrowIfNull(offsets);
        if (rois.shape is not [_, 5])
            throw new ArgumentException($"rois has shape {TensorCheck.Describe(rois.shape)}; [K, 5] is needed.", nameof(rois));
        if (offsets.shape is not [var count, 2, > 0 and var rows, > 0 and var columns] || count != rois.shape[0])
            throw new ArgumentException($"offsets has shape {TensorCheck.Describe(offsets.shape)}; [{rois.shape[0]}, 2, rows, columns] is needed, one for each of the rois.", nameof(offsets));
        TensorCheck.FloatingPoint(rois, nameof(rois));
        TensorCheck.Alike(offsets, nameof(offsets), rois, nameof(rois));
        if (!double.IsFinite(gamma))
            throw new ArgumentOutOfRangeException(nameof(gamma), gamma, FormattableString.Invariant($"gamma is {gamma}; it must be finite."));

        using var scope = torch.NewDisposeScope();
        var moves = offsets.nan_to_num(double.NaN, double.NaN, double.NaN).mul(gamma);
        var (horizontal, vertical) = (Sides(1, columns), Sides(2, rows));
        return torch.stack([horizontal.Low, vertical.Low, horizontal.High, vertical.High], -1).MoveToOuterDisposeScope();

        (Tensor Low, Tensor High) Sides(long column, long bins)
        {
            var start = rois.select(1, column).reshape(count, 1, 1);
            var size = rois.select(1, column + 2).reshape(count, 1, 1).sub(start);

            // Bin numbers run along the last axis for x, along the one before for y.
            var numbers = TensorFactory.FromArray<double>([.. Enumerable.Range(0, (int)bins).Select(i => (double)i)], [bins], rois.device).to_type(rois.dtype);
            var step = size.div((double)bins);
            var low = moves.select(1, column - 1).mul(size).add(start).add(step.mul(column == 1 ? numbers.reshape(1, 1, bins) : numbers.reshape(1, bins, 1)));
            return (low, low.add(step));
        }
    }
}
