using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Spatial.Functional;

/// <summary>Losses of detectors as pure functions of tensors.</summary>
public static class DetectionLosses
{
    /// <summary>Binary cross-entropy that counts the less the surer a right answer is, so that the many easy negatives of a detector do not drown the rest.</summary>
    /// <param name="logits">Any shape, floating point: scores before the logistic function.</param>
    /// <param name="targets">The same shape, type and device: 1 where the class is there, 0 where it is not.</param>
    /// <param name="alpha">The weight of ones, that of zeros being 1 − alpha; in [0, 1].</param>
    /// <param name="gamma">How fast sure answers lose their weight, at least 0; 0 gives weighted cross-entropy.</param>
    /// <returns>The loss of every element, in nats. Gradients flow to the logits.</returns>
    /// <remarks>
    /// FL = −α_t·(1 − p_t)^γ·log p_t with p_t the probability given to the target. Source: Lin et al. 2017, Focal Loss for Dense Object Detection, arXiv 1708.02002,
    /// equation 5; the results are torchvision's <c>ops.sigmoid_focal_loss</c>.
    /// </remarks>
    /// <exception cref="ArgumentNullException">A tensor is null.</exception>
    /// <exception cref="ArgumentException">Shapes, types or devices differ.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="alpha"/> or <paramref name="gamma"/> is out of its range.</exception>
    public static Tensor SigmoidFocalLoss(Tensor logits, Tensor targets, double alpha = 0.25, double gamma = 2)
    {
        ArgumentNullException.ThrowIfNull(logits);
        ArgumentNullException.ThrowIfNull(targets);
        if (!logits.shape.AsSpan().SequenceEqual(targets.shape))
            throw new ArgumentException($"targets has shape {TensorCheck.Describe(targets.shape)} and logits {TensorCheck.Describe(logits.shape)}; both need the same.", nameof(targets));
        TensorCheck.FloatingPoint(logits, nameof(logits));
        TensorCheck.Alike(targets, nameof(targets), logits, nameof(logits));
        if (!(alpha >= 0 && alpha <= 1))
            throw new ArgumentOutOfRangeException(nameof(alpha), alpha, FormattableString.Invariant($"alpha is {alpha}; it must be between 0 and 1."));
        if (!(gamma >= 0) || double.IsInfinity(gamma))
            throw new ArgumentOutOfRangeException(nameof(gamma), gamma, FormattableString.Invariant($"gamma is {gamma}; it must be a finite number of at least 0."));

        using var scope = torch.NewDisposeScope();
        var crossEntropy = nn.functional.binary_cross_entropy_with_logits(logits, targets, reduction: nn.Reduction.None);

        // 1 − p_t is p for zeros and 1 − p for ones.
        var p = logits.sigmoid();
        var miss = p.add(targets).sub(p.mul(targets).mul(2));
        var weight = targets.mul((2 * alpha) - 1).add(1 - alpha);
        return crossEntropy.mul(miss.pow(gamma)).mul(weight).MoveToOuterDisposeScope();
    }
}
