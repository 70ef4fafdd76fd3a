using System.Runtime.InteropServices;
using Microsoft.ML.Spatial.Functional.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Spatial.Functional;

public static partial class BoxOps
{
    /// <summary>
    /// Non-maximum suppression: goes through the boxes by falling score and keeps each that overlaps none of those kept before by more than a threshold.
    /// </summary>
    /// <param name="boxes"><c>[K, 4]</c>, floating point, finite; <c>K</c> may be 0. On any device; the work is done on the CPU.</param>
    /// <param name="scores"><c>[K]</c>, floating point, of the boxes' device: any number, infinite ones too.</param>
    /// <param name="iouThreshold">The most that two kept boxes may overlap (intersection over union), in [0, 1].</param>
    /// <returns>The numbers of the boxes kept, from 0, int64, by falling score, of equal scores the lower number first; on the boxes' device. No gradient flows.</returns>
    /// <remarks>
    /// Convention: (x0, y0, x1, y1) in pixels; empty boxes overlap nothing and are kept. Overlaps are computed in the boxes' type, half precision in single.
    /// Source: b is kept where max |b ∩ k|/|b ∪ k| ≤ iouThreshold over the boxes k kept before: Felzenszwalb et al. 2010, Object detection with discriminatively trained
    /// part-based models, section 5.2; the results are torchvision's <c>ops.nms</c>.
    /// </remarks>
    /// <exception cref="ArgumentNullException">A tensor is null.</exception>
    /// <exception cref="ArgumentException">A shape, type, device or count does not fit, a box is not finite, or a score is not a number.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="iouThreshold"/> is not in [0, 1].</exception>
    public static Tensor Nms(Tensor boxes, Tensor scores, double iouThreshold) => SurestApart(boxes, scores, null, iouThreshold, int.MaxValue);

    /// <summary>Non-maximum suppression within each class: boxes of different classes do not suppress each other, however much they overlap.</summary>
    /// <param name="boxes"><c>[K, 4]</c>, floating point, finite; <c>K</c> may be 0. On any device; the work is done on the CPU.</param>
    /// <param name="scores"><c>[K]</c>, floating point, of the boxes' device: any number, infinite ones too.</param>
    /// <param name="classes"><c>[K]</c>, of an integer type and the boxes' device: any value.</param>
    /// <param name="iouThreshold">The most that two kept boxes of one class may overlap (intersection over union), in [0, 1].</param>
    /// <returns>The numbers of the boxes kept, from 0, int64, by falling score whatever the class, of equal scores the lower number first; on the boxes' device. No gradient flows.</returns>
    /// <remarks>Convention and source: those of <see cref="Nms"/>; the results are torchvision's <c>ops.batched_nms</c>.</remarks>
    /// <exception cref="ArgumentNullException">A tensor is null.</exception>
    /// <exception cref="ArgumentException">A shape, type, device or count does not fit, a box is not finite, or a score is not a number.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="iouThreshold"/> is not in [0, 1].</exception>
    public static Tensor BatchedNms(Tensor boxes, Tensor scores, Tensor classes, double iouThreshold)
    {
        ArgumentNullException.ThrowIfNull(classes);
        return SurestApart(boxes, scores, classes, iouThreshold, int.MaxValue);
    }

    /// <summary><see cref="BatchedNms"/>, or without classes <see cref="Nms"/>, that ends when so many boxes are kept: of very many boxes most are never compared.</summary>
    internal static Tensor SurestApart(Tensor boxes, Tensor scores, Tensor? classes, double iouThreshold, int most)
    {
        CheckScored(boxes, scores);
        CheckThreshold(iouThreshold);
        var ofClass = classes is null ? null : ClassesOf(classes, boxes);
        var values = TensorCheck.Elements(scores);
        if (Array.FindIndex(values, double.IsNaN) is >= 0 and var unknown)
            throw new ArgumentException($"Score {unknown} of {values.Length} is not a number; scores must be numbers.", nameof(scores));
        using var scope = torch.NewDisposeScope();
        var kept = boxes.dtype == ScalarType.Float64
            ? new NonMaximumSuppression<double>(Corners<double>(boxes, ScalarType.Float64), values, ofClass).Run(iouThreshold, most)
            : new NonMaximumSuppression<float>(Corners<float>(boxes, ScalarType.Float32), values, ofClass).Run(iouThreshold, most);
        return TensorFactory.FromArray<long>(kept, [kept.Length], boxes.device).MoveToOuterDisposeScope();
    }

    /// <summary>The numbers of boxes, row major, in memory of the present dispose scope.</summary>
    private static ReadOnlySpan<T> Corners<T>(Tensor boxes, ScalarType type)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        if (boxes.NumberOfElements == 0)
            return [];
        var corners = boxes.detach().cpu().to_type(type).contiguous();
        var numbers = MemoryMarshal.Cast<byte, T>(corners.bytes);
        for (var i = 0; i < numbers.Length; i++)
        {
            if (!T.IsFinite(numbers[i]))
                throw new ArgumentException(FormattableString.Invariant($"Box {i / 4} of {numbers.Length / 4} has the coordinate {numbers[i]}; coordinates must be finite."), nameof(boxes));
        }

        return numbers;
    }

    private static long[] ClassesOf(Tensor classes, Tensor boxes)
    {
        ArgumentNullException.ThrowIfNull(classes);
        CheckOneEach(classes, nameof(classes), boxes);
        if (classes.dtype is not (ScalarType.Byte or ScalarType.Int8 or ScalarType.Int16 or ScalarType.Int32 or ScalarType.Int64))
            throw new ArgumentException($"classes has elements of type {classes.dtype}; an integer type is needed.", nameof(classes));
        using var scope = torch.NewDisposeScope();
        var numbers = classes.cpu().to_type(ScalarType.Int64).contiguous();
        return numbers.NumberOfElements == 0 ? [] : MemoryMarshal.Cast<byte, long>(numbers.bytes).ToArray();
    }

    private static void CheckScored(Tensor boxes, Tensor scores)
    {
        CheckBoxes(boxes, nameof(boxes));
        ArgumentNullException.ThrowIfNull(scores);
        CheckOneEach(scores, nameof(scores), boxes);
        TensorCheck.FloatingPoint(scores, nameof(scores));
    }

    private static void CheckThreshold(double iouThreshold)
    {
        if (!(iouThreshold >= 0 && iouThreshold <= 1))
            throw new ArgumentOutOfRangeException(nameof(iouThreshold), iouThreshold, FormattableString.Invariant($"iouThreshold is {iouThreshold}; it must be between 0 and 1."));
    }

    private static void CheckOneEach(Tensor values, string argument, Tensor boxes)
    {
        if (values.shape is not [var count] || count != boxes.shape[0])
            throw new ArgumentException($"{argument} has shape {TensorCheck.Describe(values.shape)}; [{boxes.shape[0]}], one for each of the boxes, is needed.", argument);
        if (values.device_type != boxes.device_type || values.device_index != boxes.device_index)
            throw new ArgumentException($"{argument} is on {values.device} and boxes on {boxes.device}; both need the same device.", argument);
    }
}
