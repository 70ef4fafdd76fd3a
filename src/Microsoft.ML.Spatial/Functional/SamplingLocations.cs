using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Spatial.Functional;

/// <summary>Where deformable convolutions read: what a network has learnt to look at.</summary>
/// <remarks>
/// Convention: points are (y, x) in pixels of a map, in which whole numbers are the pixels' centres. An offset that is not finite gives NaN,
/// which is not drawn; <see cref="SpatialOps.DeformConv2d"/> says what is read then.
/// </remarks>
public static class SamplingLocations
{
    /// <summary>The most points that a stack is followed to: no picture shows more.</summary>
    private const long MostPoints = 1 << 22;

    /// <summary>The points that a layer reads for every output position.</summary>
    /// <param name="offsets"><c>[N, 2·G·Kh·Kw, Ho, Wo]</c>, floating point, (y, x) pairs in pixels: what the layer's offset branch gave.</param>
    /// <param name="geometry">The layer's kernel, stride, padding and dilation.</param>
    /// <returns><c>[N, G, Kh·Kw, 2, Ho, Wo]</c>, y first, in pixels of the layer's input; points outside it are where zeros are read. Gradients flow to the offsets.</returns>
    /// <remarks>Convention: see the class. Source: p0 + p_n + Δp_n of Dai et al. 2017, arXiv 1703.06211, equation 2.</remarks>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">The offsets are not of such a kernel, or not floating point.</exception>
    public static Tensor Of(Tensor offsets, ConvolutionGeometry geometry)
    {
        ArgumentNullException.ThrowIfNull(geometry);
        geometry.CheckedGroups(offsets, nameof(offsets));
        using var scope = torch.NewDisposeScope();
        var (y, x) = geometry.Points(offsets.nan_to_num(double.NaN, double.NaN, double.NaN));
        return torch.stack([y, x], 3).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// The points of the first layer's input that one output position of the last layer goes back to, through a stack of deformable layers that feed each other:
    /// 9·9·9 of three layers with kernels of 3x3.
    /// </summary>
    /// <param name="layers">
    /// At least one: offsets <c>[N, 2·G·Kh·Kw, Ho, Wo]</c> and geometry of each layer, the first, which reads the input, first. Give one layer alone for its own
    /// points.
    /// </param>
    /// <param name="picture">Which picture of the batch, from 0.</param>
    /// <param name="row">The row of the output position in the last layer, from 0.</param>
    /// <param name="column">Its column, from 0.</param>
    /// <returns>The points (y, x) in pixels of the first layer's input, G·Kh·Kw of the last layer times those of the one before, and so on; some may lie outside.</returns>
    /// <remarks>
    /// Convention: see the class. A point between the output positions of the layer before takes the offsets of the nearest, and moves by its own distance from it
    /// times the stride.
    /// Source: Dai et al. 2017, Deformable Convolutional Networks, arXiv 1703.06211, figure 6.
    /// </remarks>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">There is no layer, offsets are not of their kernel, batches differ, or there would be more than 4 million points.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The picture or the position is not there.</exception>
    public static (double Y, double X)[] Through(IReadOnlyList<(Tensor Offsets, ConvolutionGeometry Geometry)> layers, long picture, long row, long column)
    {
        ArgumentNullException.ThrowIfNull(layers);
        if (layers.Count == 0)
            throw new ArgumentException("layers is empty; at least one is needed.", nameof(layers));
        var count = 1.0;
        foreach (var (offsets, geometry) in layers)
        {
            ArgumentNullException.ThrowIfNull(geometry, nameof(layers));
            count *= geometry.CheckedGroups(offsets, nameof(layers)) * geometry.Taps;
            if (offsets.shape[0] != layers[0].Offsets.shape[0])
                throw new ArgumentException($"The offsets of one of layers are of {offsets.shape[0]} pictures and those of the first of {layers[0].Offsets.shape[0]}; all need the same.", nameof(layers));
        }

        if (count > MostPoints)
            throw new ArgumentException(FormattableString.Invariant($"layers lead to {count} points; at most {MostPoints} are followed."), nameof(layers));
        Within(picture, layers[0].Offsets.shape[0], nameof(picture));
        Within(row, layers[^1].Offsets.shape[2], nameof(row));
        Within(column, layers[^1].Offsets.shape[3], nameof(column));

        (double Y, double X)[] points = [(row, column)];
        foreach (var (offsets, geometry) in layers.Reverse())
            points = Before(points, offsets, geometry, picture);
        return points;
    }

    /// <summary>The points of a layer's input that points of its output are made of.</summary>
    private static (double Y, double X)[] Before((double Y, double X)[] points, Tensor offsets, ConvolutionGeometry geometry, long picture)
    {
        var (height, width) = (offsets.shape[2], offsets.shape[3]);
        using var own = offsets.narrow(0, picture, 1);
        var values = TensorCheck.Elements(own);
        var taps = offsets.shape[1] / 2;
        var before = new (double, double)[points.Length * taps];
        for (var i = 0; i < points.Length; i++)
        {
            var (y, x) = points[i];
            if (double.IsNaN(y + x))
            {
                // What is nowhere leads nowhere.
                before.AsSpan((int)(i * taps), (int)taps).Fill((double.NaN, double.NaN));
                continue;
            }

            var nearest = (long)Math.Clamp(Math.Round(y), 0, height - 1) * width + (long)Math.Clamp(Math.Round(x), 0, width - 1);
            for (var tap = 0L; tap < taps; tap++)
            {
                var (kernelRow, kernelColumn) = Math.DivRem(tap % geometry.Taps, geometry.Kernel.Horizontal);
                before[i * taps + tap] = (
                    y * geometry.Stride.Vertical - geometry.Padding.Vertical + kernelRow * geometry.Dilation.Vertical + Finite(values[2 * tap * height * width + nearest]),
                    x * geometry.Stride.Horizontal - geometry.Padding.Horizontal + kernelColumn * geometry.Dilation.Horizontal + Finite(values[(2 * tap + 1) * height * width + nearest]));
            }
        }

        return before;
    }

    private static double Finite(double offset) => double.IsFinite(offset) ? offset : double.NaN;

    private static void Within(long value, long count, string argument)
    {
        if (value < 0 || value >= count)
            throw new ArgumentOutOfRangeException(argument, value, $"{argument} is {value}; it must be between 0 and {count - 1}.");
    }
}
