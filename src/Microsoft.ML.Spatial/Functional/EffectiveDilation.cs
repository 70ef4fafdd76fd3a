using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Spatial.Functional;

/// <summary>
/// How far a deformable convolution spreads its kernel: the mean distance between neighbouring places of the kernel, a rough measure of the field that it sees. It
/// grows with the object where a network has learnt to adapt.
/// </summary>
/// <remarks>
/// Convention: in pixels of the layer's input; a plain convolution has its dilation. Neighbours are places side by side or one above the other. No gradient flows.
/// Source: Dai et al. 2017, Deformable Convolutional Networks, arXiv 1703.06211, section 4.2 and table 2.
/// </remarks>
public static class EffectiveDilation
{
    /// <summary>The effective dilation at every output position.</summary>
    /// <param name="offsets"><c>[N, 2·G·Kh·Kw, Ho, Wo]</c>, floating point, (y, x) pairs in pixels.</param>
    /// <param name="geometry">The layer's kernel, of at least two places, and its dilation.</param>
    /// <returns><c>[N, Ho, Wo]</c>, at least 0: the mean over neighbours and groups; NaN where an offset is not finite.</returns>
    /// <remarks>Convention and source: see the class.</remarks>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">The offsets are not of such a kernel, or the kernel has but one place.</exception>
    public static Tensor Map(Tensor offsets, ConvolutionGeometry geometry)
    {
        ArgumentNullException.ThrowIfNull(geometry);
        var (rows, columns) = geometry.Kernel;
        if (rows * columns == 1)
            throw new ArgumentException("geometry has a kernel of 1 x 1; neighbours need at least 2 places.", nameof(geometry));
        var groups = geometry.CheckedGroups(offsets, nameof(offsets));
        var (pictures, height, width) = (offsets.shape[0], offsets.shape[2], offsets.shape[3]);
        using var scope = torch.NewDisposeScope();
        using var noGradient = torch.no_grad();
        var points = SamplingLocations.Of(offsets.detach(), geometry).reshape(pictures, groups, rows, columns, 2, height, width);

        Tensor Distances(long axis, long places)
        {
            var steps = points.narrow(axis, 1, places - 1).sub(points.narrow(axis, 0, places - 1));
            return steps.mul(steps).sum(4).sqrt().sum(1, 2, 3);
        }

        var pairs = groups * ((rows - 1) * columns + rows * (columns - 1));
        return Distances(2, rows).add(Distances(3, columns)).div((double)pairs).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// The mean effective dilation of each region of interest: over the output positions whose centre is within it, or the one nearest to its centre where none is.
    /// </summary>
    /// <param name="map"><c>[N, Ho, Wo]</c>, floating point, sides at least 1: what <see cref="Map"/> gives.</param>
    /// <param name="rois"><c>[K, 5]</c>, of the map's type and device, finite: (batch index, x1, y1, x2, y2) in image pixels; <c>K</c> may be 0.</param>
    /// <param name="spatialScale">Output positions to an image pixel: 1/16 for a map of stride 16. Finite, above 0.</param>
    /// <returns><c>[K]</c>.</returns>
    /// <remarks>Convention: the centre of output position (row, column) is image pixel ((column + 0.5)/spatialScale, (row + 0.5)/spatialScale). Source: see the class.</remarks>
    /// <exception cref="ArgumentNullException">A tensor is null.</exception>
    /// <exception cref="ArgumentException">A shape, type or device does not fit, a batch index is not there, or a coordinate is not finite.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="spatialScale"/> is not finite and above 0.</exception>
    public static Tensor OfRoIs(Tensor map, Tensor rois, double spatialScale)
    {
        CheckMap(map);
        ArgumentNullException.ThrowIfNull(rois);
        if (rois.shape is not [_, 5])
            throw new ArgumentException($"rois has shape {TensorCheck.Describe(rois.shape)}; [K, 5] is needed.", nameof(rois));
        TensorCheck.Alike(rois, nameof(rois), map, nameof(map));
        RoICheck.Scale(spatialScale);
        var (values, regions) = (TensorCheck.Elements(map), TensorCheck.Elements(rois));
        var (pictures, height, width) = (map.shape[0], (int)map.shape[1], (int)map.shape[2]);
        var means = new double[regions.Length / 5];
        for (var k = 0; k < means.Length; k++)
        {
            var region = regions.AsSpan(5 * k, 5);
            for (var i = 0; i < region.Length; i++)
            {
                if (!double.IsFinite(region[i]))
                    throw new ArgumentException(FormattableString.Invariant($"RoI {k} of {means.Length} has {region[i]} in column {i}; all five numbers must be finite."), nameof(rois));
            }

            if (region[0] != Math.Floor(region[0]) || region[0] < 0 || region[0] >= pictures)
                throw new ArgumentException(FormattableString.Invariant($"RoI {k} of {means.Length} is of picture {region[0]} and map has {pictures}; pictures are numbered from 0."), nameof(rois));
            var (top, bottom) = Covered(region[2], region[4], height, spatialScale);
            var (left, right) = Covered(region[1], region[3], width, spatialScale);
            var (sum, count) = (0.0, 0);
            for (var row = top; row <= bottom; row++)
            {
                for (var column = left; column <= right; column++)
                {
                    sum += values[((int)region[0] * height + row) * width + column];
                    count++;
                }
            }

            means[k] = sum / count;
        }

        using var inDouble = TensorFactory.FromArray<double>(means, [means.Length], map.device);
        return inDouble.to_type(map.dtype);
    }

    /// <summary>The mean effective dilation of each mask, its positions weighed by the mask's values.</summary>
    /// <param name="map"><c>[N, Ho, Wo]</c>, floating point: what <see cref="Map"/> gives.</param>
    /// <param name="masks"><c>[N, M, Ho, Wo]</c>, of the map's type and device, at least 0: M masks of each picture, in the map's resolution.</param>
    /// <returns><c>[N, M]</c>; 0 where a mask is 0 everywhere.</returns>
    /// <remarks>Convention and source: see the class.</remarks>
    /// <exception cref="ArgumentNullException">A tensor is null.</exception>
    /// <exception cref="ArgumentException">A shape, type or device does not fit.</exception>
    public static Tensor OfMasks(Tensor map, Tensor masks)
    {
        CheckMap(map);
        ArgumentNullException.ThrowIfNull(masks);
        var shape = map.shape;
        if (masks.shape is not [var pictures, _, var height, var width] || pictures != shape[0] || height != shape[1] || width != shape[2])
            throw new ArgumentException($"masks has shape {TensorCheck.Describe(masks.shape)}; [{shape[0]}, M, {shape[1]}, {shape[2]}] is needed, as map has shape {TensorCheck.Describe(shape)}.", nameof(masks));
        TensorCheck.Alike(masks, nameof(masks), map, nameof(map));
        using var scope = torch.NewDisposeScope();
        using var noGradient = torch.no_grad();
        var weights = masks.sum(2, 3);
        var isEmpty = weights.eq(0).to_type(map.dtype);
        return masks.mul(map.unsqueeze(1)).sum(2, 3).div(weights.add(isEmpty)).MoveToOuterDisposeScope();
    }

    /// <summary>The first and last of a side's positions whose centres lie between two image coordinates, or the nearest to their middle.</summary>
    private static (int First, int Last) Covered(double from, double to, int side, double spatialScale)
    {
        var (first, last) = (Math.Ceiling(from * spatialScale - 0.5), Math.Floor(to * spatialScale - 0.5));
        var (least, most) = (Math.Max(first, 0), Math.Min(last, side - 1));
        if (least <= most)
            return ((int)least, (int)most);
        var nearest = (int)Math.Clamp(Math.Floor((from + to) / 2 * spatialScale), 0, side - 1);
        return (nearest, nearest);
    }

    private static void CheckMap(Tensor map)
    {
        ArgumentNullException.ThrowIfNull(map);
        if (map.shape is not [_, > 0, > 0])
            throw new ArgumentException($"map has shape {TensorCheck.Describe(map.shape)}; [N, Ho, Wo] with sides of at least 1 is needed.", nameof(map));
        TensorCheck.FloatingPoint(map, nameof(map));
    }
}
