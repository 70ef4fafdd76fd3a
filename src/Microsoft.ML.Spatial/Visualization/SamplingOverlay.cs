using System.Drawing;
using System.Globalization;
using Microsoft.ML.Spatial.Functional;
using static TorchSharp.torch;

namespace Microsoft.ML.Spatial.Visualization;

/// <summary>Shows where deformable layers read, on the picture: sampling locations, effective dilation, and the bins of regions of interest.</summary>
/// <remarks>
/// Convention: on a map of stride s, whose pixel (row, column) stands for s x s pixels of the picture, the point (y, x) is drawn at ((x + 0.5)·s, (y + 0.5)·s): at
/// the centre of what it stands for. Source: Dai et al. 2017, Deformable Convolutional Networks, arXiv 1703.06211, figures 6 and 7 and table 2.
/// </remarks>
/// <example>
/// <code>
/// (Tensor, ConvolutionGeometry)[] layers = [(first.Offsets(a), first.Geometry), (second.Offsets(b), second.Geometry)];
/// var points = SamplingLocations.Through(layers, picture: 0, row: 9, column: 12);
/// var sheet = new ContactSheet(columns: 1);
/// sheet.Add(new SheetCell([SheetPicture.FromImage(image).With(SamplingOverlay.Samples((9, 12), 16, points, 16))], []));
/// sheet.Save("reads.png");
/// </code>
/// </example>
public static class SamplingOverlay
{
    private static readonly Color SampleColor = Color.FromArgb(255, 64, 64);
    private static readonly Color PositionColor = Color.FromArgb(64, 255, 96);
    private static readonly Color RegionColor = Color.FromArgb(255, 220, 0);
    private static readonly Color BinColor = Color.FromArgb(255, 64, 64);

    /// <summary>An output position, green, and the points it is made of, red.</summary>
    /// <param name="position">Row and column of the output position.</param>
    /// <param name="positionStride">Pixels of the picture to one of the output map, above 0.</param>
    /// <param name="points">The points read, (y, x) in pixels of the input map: what <see cref="SamplingLocations.Through"/> gives.</param>
    /// <param name="pointStride">Pixels of the picture to one of the input map, above 0.</param>
    /// <exception cref="ArgumentNullException"><paramref name="points"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A stride is not finite and above 0.</exception>
    public static SheetOverlay Samples((double Y, double X) position, double positionStride, IReadOnlyList<(double Y, double X)> points, double pointStride)
    {
        ArgumentNullException.ThrowIfNull(points);
        CheckStride(positionStride, nameof(positionStride));
        CheckStride(pointStride, nameof(pointStride));
        var samples = points.Select(point => new SheetPoint(Centre(point.Y, point.X, pointStride), SampleColor));
        return new([], [.. samples, new SheetPoint(Centre(position.Y, position.X, positionStride), PositionColor)], []);
    }

    /// <summary>Regions of interest with their effective dilations written into them.</summary>
    /// <param name="boxes"><c>[K, 4]</c>: (x0, y0, x1, y1) in pixels of the picture.</param>
    /// <param name="dilations"><c>[K]</c>: what <see cref="EffectiveDilation.OfRoIs"/> gives; written in pixels of the map, with one decimal.</param>
    /// <exception cref="ArgumentNullException">A tensor is null.</exception>
    /// <exception cref="ArgumentException">A shape does not fit.</exception>
    public static SheetOverlay Dilations(Tensor boxes, Tensor dilations)
    {
        ArgumentNullException.ThrowIfNull(boxes);
        ArgumentNullException.ThrowIfNull(dilations);
        if (boxes.shape is not [var count, 4])
            throw new ArgumentException($"boxes has shape {TensorCheck.Describe(boxes.shape)}; [K, 4] is needed.", nameof(boxes));
        if (dilations.shape is not [var values] || values != count)
            throw new ArgumentException($"dilations has shape {TensorCheck.Describe(dilations.shape)}; [{count}], one for each of the boxes, is needed.", nameof(dilations));
        var (corners, numbers) = (TensorCheck.Elements(boxes), TensorCheck.Elements(dilations));
        return new(
            [.. corners.Chunk(4).SelectMany(box => Outline(box, RegionColor))], [],
            [.. numbers.Select((number, k) => Label(corners[4 * k], corners[4 * k + 1], number))]);
    }

    /// <summary>The edge of a mask with its effective dilation written at its centre of gravity.</summary>
    /// <param name="mask"><c>[H, W]</c>, in the resolution of a map: a position belongs to it where the value is above 0.5.</param>
    /// <param name="stride">Pixels of the picture to one of the map, above 0.</param>
    /// <param name="dilation">What <see cref="EffectiveDilation.OfMasks"/> gives for it; written in pixels of the map, with one decimal.</param>
    /// <returns>Nothing where no position belongs to the mask.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="mask"/> is null.</exception>
    /// <exception cref="ArgumentException">The shape does not fit.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The stride is not finite and above 0.</exception>
    public static SheetOverlay Mask(Tensor mask, double stride, double dilation)
    {
        ArgumentNullException.ThrowIfNull(mask);
        if (mask.shape is not [var rows, var columns])
            throw new ArgumentException($"mask has shape {TensorCheck.Describe(mask.shape)}; [H, W] is needed.", nameof(mask));
        CheckStride(stride, nameof(stride));
        var values = TensorCheck.Elements(mask);
        bool IsIn(long row, long column) => row >= 0 && row < rows && column >= 0 && column < columns && values[row * columns + column] > 0.5;
        var lines = new List<SheetLine>();
        var (sumY, sumX, count) = (0.0, 0.0, 0);

        // Between every two positions, and around the map, of which only one belongs to the mask.
        for (var row = 0L; row <= rows; row++)
        {
            for (var column = 0L; column <= columns; column++)
            {
                if (IsIn(row, column) != IsIn(row - 1, column))
                    lines.Add(new SheetLine(At(row, column), At(row, column + 1), RegionColor));
                if (IsIn(row, column) != IsIn(row, column - 1))
                    lines.Add(new SheetLine(At(row, column), At(row + 1, column), RegionColor));
                if (IsIn(row, column))
                    (sumY, sumX, count) = (sumY + row + 0.5, sumX + column + 0.5, count + 1);
            }
        }

        return count == 0 ? SheetOverlay.Empty : new(lines, [], [Label(sumX / count * stride, sumY / count * stride, dilation)]);

        PointF At(long row, long column) => new((float)(column * stride), (float)(row * stride));
    }

    /// <summary>The bins of regions of interest where deformable pooling reads them.</summary>
    /// <param name="bins"><c>[..., 4]</c>: (x0, y0, x1, y1) in pixels of the picture: what <see cref="BinLocations.Of"/> gives, for one RoI or for several.</param>
    /// <param name="boxes"><c>[K, 4]</c>: the regions themselves, drawn over the bins; <c>K</c> may be 0.</param>
    /// <exception cref="ArgumentNullException">A tensor is null.</exception>
    /// <exception cref="ArgumentException">A shape does not fit.</exception>
    public static SheetOverlay Bins(Tensor bins, Tensor boxes)
    {
        ArgumentNullException.ThrowIfNull(bins);
        ArgumentNullException.ThrowIfNull(boxes);
        if (bins.shape is not [.., 4])
            throw new ArgumentException($"bins has shape {TensorCheck.Describe(bins.shape)}; [..., 4] is needed.", nameof(bins));
        if (boxes.shape is not [_, 4])
            throw new ArgumentException($"boxes has shape {TensorCheck.Describe(boxes.shape)}; [K, 4] is needed.", nameof(boxes));
        var (corners, regions) = (TensorCheck.Elements(bins).Chunk(4), TensorCheck.Elements(boxes).Chunk(4));
        return new([.. corners.SelectMany(bin => Outline(bin, BinColor)), .. regions.SelectMany(box => Outline(box, RegionColor))], [], []);
    }

    private static IEnumerable<SheetLine> Outline(double[] box, Color color)
    {
        var (left, top, right, bottom) = ((float)box[0], (float)box[1], (float)box[2], (float)box[3]);
        PointF[] corners = [new(left, top), new(right, top), new(right, bottom), new(left, bottom)];
        return corners.Select((corner, i) => new SheetLine(corner, corners[(i + 1) % 4], color));
    }

    private static SheetLabel Label(double x, double y, double dilation) =>
        new(new PointF((float)x, (float)y), dilation.ToString("F1", CultureInfo.InvariantCulture), RegionColor);

    private static PointF Centre(double y, double x, double stride) => new((float)((x + 0.5) * stride), (float)((y + 0.5) * stride));

    private static void CheckStride(double stride, string argument)
    {
        if (!(stride > 0 && double.IsFinite(stride)))
            throw new ArgumentOutOfRangeException(argument, stride, FormattableString.Invariant($"{argument} is {stride}; it must be a finite number above 0."));
    }
}
