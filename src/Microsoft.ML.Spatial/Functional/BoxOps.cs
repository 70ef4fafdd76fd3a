using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Spatial.Functional;

/// <summary>Axis-parallel boxes as pure functions of tensors: their overlap, their forms, and which of them to keep.</summary>
/// <remarks>
/// Convention: a box is (x0, y0, x1, y1) in pixels, the corner with the least coordinates first; the image covers [0, width] x [0, height]. A box whose x1 is
/// below its x0, or whose y1 is below its y0, is empty: it has the area 0 and overlaps nothing. Except in <see cref="Nms"/>, <see cref="SoftNms"/> and those
/// by class, which refuse it, a coordinate that is not a number gives a result that is not a number.
/// </remarks>
public static partial class BoxOps
{
    /// <summary>The areas of boxes, in square pixels.</summary>
    /// <param name="boxes"><c>[K, 4]</c>, floating point; <c>K</c> may be 0.</param>
    /// <returns><c>[K]</c>, at least 0. Gradients flow to the boxes.</returns>
    /// <remarks>Convention: (x0, y0, x1, y1) in pixels; empty boxes have the area 0.</remarks>
    /// <exception cref="ArgumentNullException"><paramref name="boxes"/> is null.</exception>
    /// <exception cref="ArgumentException">The shape or type does not fit.</exception>
    public static Tensor Area(Tensor boxes)
    {
        CheckBoxes(boxes, nameof(boxes));
        using var scope = torch.NewDisposeScope();
        return AreaOf(boxes).MoveToOuterDisposeScope();
    }

    /// <summary>Boxes cut off at the edges of their image. What lies outside altogether becomes an empty box on the edge.</summary>
    /// <param name="boxes"><c>[K, 4]</c>, floating point; <c>K</c> may be 0.</param>
    /// <param name="imageHeight">Height of the image in pixels, at least 1.</param>
    /// <param name="imageWidth">Width of the image in pixels, at least 1.</param>
    /// <returns><c>[K, 4]</c>: x between 0 and the width, y between 0 and the height. Gradients flow to the coordinates that were not cut off.</returns>
    /// <remarks>Convention: (x0, y0, x1, y1) in pixels.</remarks>
    /// <exception cref="ArgumentNullException"><paramref name="boxes"/> is null.</exception>
    /// <exception cref="ArgumentException">The shape or type does not fit.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A side of the image is below 1.</exception>
    public static Tensor ClipToImage(Tensor boxes, long imageHeight, long imageWidth)
    {
        CheckBoxes(boxes, nameof(boxes));
        TensorCheck.Positive(imageHeight, nameof(imageHeight));
        TensorCheck.Positive(imageWidth, nameof(imageWidth));
        using var scope = torch.NewDisposeScope();
        var (horizontal, vertical) = ((Scalar)(double)imageWidth, (Scalar)(double)imageHeight);
        return torch.stack(
            [.. Sides(boxes).Select((side, i) => side.clamp(min: (Scalar)0, max: i % 2 == 0 ? horizontal : vertical))], 1).MoveToOuterDisposeScope();
    }

    /// <summary>The four columns of <c>[K, 4]</c>.</summary>
    private static Tensor[] Sides(Tensor boxes) => [boxes.select(1, 0), boxes.select(1, 1), boxes.select(1, 2), boxes.select(1, 3)];

    private static Tensor AreaOf(Tensor boxes)
    {
        var sides = Sides(boxes);
        return sides[2].sub(sides[0]).clamp(min: (Scalar)0).mul(sides[3].sub(sides[1]).clamp(min: (Scalar)0));
    }

    private static void CheckBoxes(Tensor boxes, string argument)
    {
        ArgumentNullException.ThrowIfNull(boxes, argument);
        if (boxes.shape is not [_, 4])
            throw new ArgumentException($"{argument} has shape {TensorCheck.Describe(boxes.shape)}; [K, 4] is needed.", argument);
        TensorCheck.FloatingPoint(boxes, argument);
    }

    /// <summary>Refuses boxes that are not one to each of the others.</summary>
    private static void CheckPaired(Tensor boxes, string argument, Tensor others, string otherArgument)
    {
        CheckBoxes(boxes, argument);
        CheckBoxes(others, otherArgument);
        TensorCheck.Alike(others, otherArgument, boxes, argument);
        if (boxes.shape[0] != others.shape[0])
            throw new ArgumentException($"{otherArgument} has {others.shape[0]} boxes and {argument} has {boxes.shape[0]}; both need the same number.", otherArgument);
    }
}
