using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Spatial.Functional;

public static partial class BoxOps
{
    /// <summary>The intersection over union of each box with the other of the same row.</summary>
    /// <param name="boxes"><c>[K, 4]</c>, floating point; <c>K</c> may be 0.</param>
    /// <param name="others"><c>[K, 4]</c>, of the same type and device.</param>
    /// <returns><c>[K]</c>, in [0, 1]. Gradients flow to both.</returns>
    /// <remarks>Convention: (x0, y0, x1, y1) in pixels; two boxes without any area overlap by 0.</remarks>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">A shape, type, device or count does not fit.</exception>
    public static Tensor IoU(Tensor boxes, Tensor others)
    {
        CheckPaired(boxes, nameof(boxes), others, nameof(others));
        using var scope = torch.NewDisposeScope();
        return Overlap(boxes, others, isMatrix: false).Ratio.MoveToOuterDisposeScope();
    }

    /// <summary>The intersection over union of every box with every other.</summary>
    /// <param name="boxes"><c>[K, 4]</c>, floating point; <c>K</c> may be 0.</param>
    /// <param name="others"><c>[M, 4]</c>, of the same type and device; <c>M</c> may be 0.</param>
    /// <returns><c>[K, M]</c>, in [0, 1]. Gradients flow to both.</returns>
    /// <remarks>Convention: (x0, y0, x1, y1) in pixels; two boxes without any area overlap by 0.</remarks>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">A shape, type or device does not fit.</exception>
    public static Tensor IoUMatrix(Tensor boxes, Tensor others)
    {
        CheckMatrix(boxes, others);
        using var scope = torch.NewDisposeScope();
        return Overlap(boxes, others, isMatrix: true).Ratio.MoveToOuterDisposeScope();
    }

    /// <summary>
    /// The generalised intersection over union of each box with the other of the same row: <c>IoU − (|hull| − |union|) / |hull|</c>, where the hull is the
    /// least box around both. It tells near misses from far ones, which IoU does not, and so can be learnt by.
    /// </summary>
    /// <param name="boxes"><c>[K, 4]</c>, floating point; <c>K</c> may be 0.</param>
    /// <param name="others"><c>[K, 4]</c>, of the same type and device.</param>
    /// <returns><c>[K]</c>, in [−1, 1]. Gradients flow to both.</returns>
    /// <remarks>
    /// Convention: (x0, y0, x1, y1) in pixels; where the hull has no area, the result is the IoU, 0.
    /// Source: Rezatofighi et al. 2019, Generalized Intersection over Union, arXiv 1902.09630, algorithm 1.
    /// </remarks>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">A shape, type, device or count does not fit.</exception>
    public static Tensor GeneralizedIoU(Tensor boxes, Tensor others)
    {
        CheckPaired(boxes, nameof(boxes), others, nameof(others));
        using var scope = torch.NewDisposeScope();
        return Generalized(boxes, others, isMatrix: false).MoveToOuterDisposeScope();
    }

    /// <summary>The generalised intersection over union of every box with every other: see <see cref="GeneralizedIoU"/>.</summary>
    /// <param name="boxes"><c>[K, 4]</c>, floating point; <c>K</c> may be 0.</param>
    /// <param name="others"><c>[M, 4]</c>, of the same type and device; <c>M</c> may be 0.</param>
    /// <returns><c>[K, M]</c>, in [−1, 1]. Gradients flow to both.</returns>
    /// <remarks>
    /// Convention: (x0, y0, x1, y1) in pixels; where the hull has no area, the result is the IoU, 0.
    /// Source: Rezatofighi et al. 2019, Generalized Intersection over Union, arXiv 1902.09630, algorithm 1.
    /// </remarks>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">A shape, type or device does not fit.</exception>
    public static Tensor GeneralizedIoUMatrix(Tensor boxes, Tensor others)
    {
        CheckMatrix(boxes, others);
        using var scope = torch.NewDisposeScope();
        return Generalized(boxes, others, isMatrix: true).MoveToOuterDisposeScope();
    }

    private static void CheckMatrix(Tensor boxes, Tensor others)
    {
        CheckBoxes(boxes, nameof(boxes));
        CheckBoxes(others, nameof(others));
        TensorCheck.Alike(others, nameof(others), boxes, nameof(boxes));
    }

    private static (Tensor Ratio, Tensor Union) Overlap(Tensor boxes, Tensor others, bool isMatrix)
    {
        var (a, b) = Facing(boxes, others, isMatrix);
        var (width, height) = (a[2].minimum(b[2]).sub(a[0].maximum(b[0])), a[3].minimum(b[3]).sub(a[1].maximum(b[1])));
        var shared = width.clamp(min: (Scalar)0).mul(height.clamp(min: (Scalar)0));
        var area = AreaOf(boxes);
        var union = (isMatrix ? area.unsqueeze(1) : area).add(AreaOf(others)).sub(shared);
        return (Quotient(shared, union), union);
    }

    private static Tensor Generalized(Tensor boxes, Tensor others, bool isMatrix)
    {
        var (ratio, union) = Overlap(boxes, others, isMatrix);
        var (a, b) = Facing(boxes, others, isMatrix);
        var (width, height) = (a[2].maximum(b[2]).sub(a[0].minimum(b[0])), a[3].maximum(b[3]).sub(a[1].minimum(b[1])));
        var hull = width.clamp(min: (Scalar)0).mul(height.clamp(min: (Scalar)0));
        return ratio.sub(Quotient(hull.sub(union), hull));
    }

    /// <summary>The sides of both, shaped so that they meet row by row, or each with each.</summary>
    private static (Tensor[] Boxes, Tensor[] Others) Facing(Tensor boxes, Tensor others, bool isMatrix) =>
        ([.. Sides(boxes).Select(side => isMatrix ? side.unsqueeze(1) : side)], Sides(others));

    /// <summary>A quotient that is 0, and lets no gradient through, where the divisor is 0.</summary>
    private static Tensor Quotient(Tensor dividend, Tensor divisor)
    {
        var isNothing = divisor.eq(0);

        // Divided by 1 there: a division by zero would turn the gradient into what is not a number, even where its result goes unused.
        return dividend.mul(isNothing.to_type(divisor.dtype).neg().add(1)).div(divisor.add(isNothing.to_type(divisor.dtype)));
    }
}
