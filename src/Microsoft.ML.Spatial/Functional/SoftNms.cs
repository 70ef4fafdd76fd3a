using Microsoft.ML.Spatial.Functional.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Spatial.Functional;

public static partial class BoxOps
{
    /// <summary>
    /// Soft non-maximum suppression: goes through the boxes by falling score, and multiplies the score of each box that is left by <c>exp(-IoU² / sigma)</c>, of its overlap with the one
    /// just taken. Where objects overlap each other, their boxes become less sure and stay, which <see cref="Nms"/> would drop.
    /// </summary>
    /// <param name="boxes"><c>[K, 4]</c>, floating point, finite; <c>K</c> may be 0. On any device; the work is done on the CPU.</param>
    /// <param name="scores"><c>[K]</c>, floating point, of the boxes' device: finite and at least 0.</param>
    /// <param name="sigma">How slowly scores fall with overlap, a finite number above 0; 0.5 in the source.</param>
    /// <param name="scoreThreshold">Boxes are dropped whose score is not above this, at the start or later; at least 0.</param>
    /// <returns>
    /// The numbers of the boxes kept, from 0, int64, by falling new score, of equal scores the lower number first, and their new scores, of the scores' type; both on the boxes' device.
    /// No gradient flows.
    /// </returns>
    /// <remarks>
    /// Convention: (x0, y0, x1, y1) in pixels; empty boxes overlap nothing. Overlaps are computed in the boxes' type, half precision in single, scores in double precision.
    /// Source: Bodla et al. 2017, Soft-NMS: Improving Object Detection With One Line of Code, arXiv 1704.04503, section 3, the Gaussian penalty.
    /// </remarks>
    /// <exception cref="ArgumentNullException">A tensor is null.</exception>
    /// <exception cref="ArgumentException">A shape, type, device or count does not fit, a box is not finite, or a score is not finite or below 0.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="sigma"/> or <paramref name="scoreThreshold"/> is out of range.</exception>
    public static (Tensor Kept, Tensor Scores) SoftNms(Tensor boxes, Tensor scores, double sigma = 0.5, double scoreThreshold = 0.001) =>
        SoftlyKept(boxes, scores, null, sigma, scoreThreshold, int.MaxValue);

    /// <summary>Soft non-maximum suppression within each class: boxes of different classes do not weaken each other, however much they overlap.</summary>
    /// <param name="boxes"><c>[K, 4]</c>, floating point, finite; <c>K</c> may be 0. On any device; the work is done on the CPU.</param>
    /// <param name="scores"><c>[K]</c>, floating point, of the boxes' device: finite and at least 0.</param>
    /// <param name="classes"><c>[K]</c>, of an integer type and the boxes' device: any value.</param>
    /// <param name="sigma">How slowly scores fall with overlap, a finite number above 0; 0.5 in the source.</param>
    /// <param name="scoreThreshold">Boxes are dropped whose score is not above this, at the start or later; at least 0.</param>
    /// <returns>
    /// The numbers of the boxes kept, from 0, int64, by falling new score whatever the class, of equal scores the lower number first, and their new scores, of the scores' type; both on the
    /// boxes' device. No gradient flows.
    /// </returns>
    /// <remarks>Convention and source: those of <see cref="SoftNms"/>.</remarks>
    /// <exception cref="ArgumentNullException">A tensor is null.</exception>
    /// <exception cref="ArgumentException">A shape, type, device or count does not fit, a box is not finite, or a score is not finite or below 0.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="sigma"/> or <paramref name="scoreThreshold"/> is out of range.</exception>
    public static (Tensor Kept, Tensor Scores) BatchedSoftNms(Tensor boxes, Tensor scores, Tensor classes, double sigma = 0.5, double scoreThreshold = 0.001)
    {
        ArgumentNullException.ThrowIfNull(classes);
        return SoftlyKept(boxes, scores, classes, sigma, scoreThreshold, int.MaxValue);
    }

    /// <summary><see cref="BatchedSoftNms"/>, or without classes <see cref="SoftNms"/>, that ends when so many boxes are kept: of very many boxes most are never compared.</summary>
    internal static (Tensor Kept, Tensor Scores) SoftlyKept(Tensor boxes, Tensor scores, Tensor? classes, double sigma, double scoreThreshold, int most)
    {
        CheckScored(boxes, scores);
        var ofClass = classes is null ? null : ClassesOf(classes, boxes);
        if (!(sigma > 0 && double.IsFinite(sigma)))
            throw new ArgumentOutOfRangeException(nameof(sigma), sigma, FormattableString.Invariant($"sigma is {sigma}; it must be a finite number above 0."));
        if (!(scoreThreshold >= 0))
            throw new ArgumentOutOfRangeException(nameof(scoreThreshold), scoreThreshold, FormattableString.Invariant($"scoreThreshold is {scoreThreshold}; it must be at least 0."));
        var values = TensorCheck.Elements(scores);
        if (Array.FindIndex(values, value => !(value >= 0 && double.IsFinite(value))) is >= 0 and var bad)
            throw new ArgumentException(FormattableString.Invariant($"Score {bad} of {values.Length} is {values[bad]}; scores must be finite and at least 0."), nameof(scores));
        using var scope = torch.NewDisposeScope();
        var kept = boxes.dtype == ScalarType.Float64
            ? new SoftSuppression<double>(Corners<double>(boxes, ScalarType.Float64), values, ofClass).Run(sigma, scoreThreshold, most)
            : new SoftSuppression<float>(Corners<float>(boxes, ScalarType.Float32), values, ofClass).Run(sigma, scoreThreshold, most);
        return (
            TensorFactory.FromArray<long>([.. kept.Select(one => (long)one.Box)], [kept.Length], boxes.device).MoveToOuterDisposeScope(),
            TensorFactory.FromArray<double>([.. kept.Select(one => one.Score)], [kept.Length], boxes.device).to_type(scores.dtype).MoveToOuterDisposeScope());
    }
}
