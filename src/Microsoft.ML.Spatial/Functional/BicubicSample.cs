using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Spatial.Functional;

public static partial class SpatialOps
{
    // Parameter a of the cubic convolution kernel, PyTorch's; Keys' own is -0.5.
    private const double CubicSharpness = -0.75;

    /// <summary>
    /// Samples by cubic convolution: 4 x 4 pixels a point, each brought into the picture by itself where it lies outside, as PyTorch does. The weights carry
    /// the gradient of the points.
    /// </summary>
    /// <param name="input"><c>[N, C, H, W]</c>.</param>
    /// <param name="points"><c>[N, Ho, Wo, 2]</c>, finite and so small that an integer holds their pixels.</param>
    /// <param name="padding">What is read outside the picture.</param>
    /// <param name="alignCorners">The meaning of −1 and 1.</param>
    private static Tensor SampleBicubic(Tensor input, Tensor points, PaddingMode padding, bool alignCorners)
    {
        using var scope = torch.NewDisposeScope();
        var (shape, outputShape) = (input.shape, points.shape);
        var pixels = input.flatten(2);
        var columns = CubicTaps(points.select(3, 0), shape[3], padding, alignCorners);
        var rows = CubicTaps(points.select(3, 1), shape[2], padding, alignCorners);
        return rows
            .Select(row => BlendRow(pixels, row, columns, shape[3]))
            .Aggregate((sum, next) => sum.add(next))
            .reshape(shape[0], shape[1], outputShape[1], outputShape[2])
            .MoveToOuterDisposeScope();
    }

    /// <summary>One of the four rows of every point, weighted.</summary>
    private static Tensor BlendRow(Tensor pixels, CubicTap row, CubicTap[] columns, long width)
    {
        using var scope = torch.NewDisposeScope();
        var start = row.Pixel.mul(width);
        var (pictures, channels, points) = (pixels.shape[0], pixels.shape[1], row.Pixel.shape[2]);
        var blended = columns
            .Select(column => pixels.gather(2, start.add(column.Pixel).broadcast_to(pictures, channels, points)).mul(column.Weight))
            .Aggregate((sum, next) => sum.add(next));
        return blended.mul(row.Weight).MoveToOuterDisposeScope();
    }

    /// <summary>The four pixels along one axis that each point reads.</summary>
    /// <param name="coordinates">Normalised coordinates <c>[N, Ho, Wo]</c>.</param>
    /// <param name="side">Pixels of the axis.</param>
    /// <param name="padding">What is read outside.</param>
    /// <param name="alignCorners">The meaning of −1 and 1.</param>
    private static CubicTap[] CubicTaps(Tensor coordinates, long side, PaddingMode padding, bool alignCorners)
    {
        var centred = coordinates.flatten(1).add(1).unsqueeze(1);
        var pixel = alignCorners ? centred.mul((side - 1) / 2.0) : centred.mul(side).sub(1).div(2);
        var first = pixel.detach().floor();

        // Distances to the pixels on both sides, and the kernel of both and of the pixels beyond.
        var after = pixel.sub(first);
        var before = after.neg().add(1);
        Tensor[] weights = [Outer(after, before), Inner(after), Inner(before), Outer(before, after)];
        return [.. weights.Select((weight, k) =>
        {
            var position = first.add(k - 1);
            var padded = padding == PaddingMode.Reflection ? Mirrored(position, side, alignCorners) : position;
            var inside = padded.clamp(0, side - 1);
            return new CubicTap(inside.to_type(ScalarType.Int64), padding == PaddingMode.Zeros ? weight.mul(inside.eq(position)) : weight);
        })];

        static Tensor Inner(Tensor distance) => distance.mul(CubicSharpness + 2).sub(CubicSharpness + 3).mul(distance).mul(distance).add(1);
        static Tensor Outer(Tensor beyond, Tensor other) => beyond.mul(other).mul(other).mul(CubicSharpness);
    }

    /// <summary>Whole pixel positions mirrored into a side.</summary>
    private static Tensor Mirrored(Tensor position, long side, bool alignCorners)
    {
        var (low, span) = alignCorners ? (0, side - 1) : (-0.5, side);
        if (span == 0)
            return position;
        var from = position.sub(low).abs();
        var within = from.sub(from.div(2 * span).floor().mul(2 * span));
        return within.sub(span).abs().neg().add(span + low);
    }

    /// <summary>One of four pixels along an axis.</summary>
    /// <param name="Pixel">Which, for every point: <c>[N, 1, Ho·Wo]</c>.</param>
    /// <param name="Weight">What it weighs, <c>[N, 1, Ho·Wo]</c>.</param>
    private sealed record CubicTap(Tensor Pixel, Tensor Weight);
}
