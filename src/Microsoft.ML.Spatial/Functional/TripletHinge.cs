using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Spatial.Functional;

public static partial class SpatialOps
{
    /// <summary>
    /// The triplet hinge loss of co-localisation: the encodings of what was found in different pictures shall be nearer to each other, by a margin, than to those of
    /// random parts of the same pictures. No labels enter.
    /// </summary>
    /// <param name="found"><c>[N, D]</c>, floating point, N at least 2: an encoding of what was found in each picture.</param>
    /// <param name="random"><c>[N, D]</c>, of the same type and device: an encoding of a random part of each picture.</param>
    /// <param name="margin">By how much the squared distances are to differ; finite, at least 0.</param>
    /// <returns>
    /// A scalar: the mean over all pairs n ≠ m of <c>max(0, |found_n − found_m|² − |found_n − random_n|² + margin)</c>. Gradients flow to both.
    /// </returns>
    /// <remarks>
    /// Convention: the mean and not the paper's sum over pairs, so that the learning rate does not hang on N. Memory is of the order of N²·D.
    /// Source: Jaderberg et al. 2015, Spatial Transformer Networks, arXiv 1506.02025, appendix A.2 (co-localisation).
    /// </remarks>
    /// <exception cref="ArgumentNullException">A tensor is null.</exception>
    /// <exception cref="ArgumentException">A shape, type or device does not fit, or there is no pair.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="margin"/> is negative or not finite.</exception>
    public static Tensor TripletHinge(Tensor found, Tensor random, double margin = 1)
    {
        ArgumentNullException.ThrowIfNull(found);
        ArgumentNullException.ThrowIfNull(random);
        var shape = found.shape;
        if (shape is not [>= 2, _])
            throw new ArgumentException($"found has shape {TensorCheck.Describe(shape)}; [N, D] with N of at least 2 is needed, for there to be a pair.", nameof(found));
        if (!shape.AsSpan().SequenceEqual(random.shape))
            throw new ArgumentException($"random has shape {TensorCheck.Describe(random.shape)}; that of found, {TensorCheck.Describe(shape)}, is needed.", nameof(random));
        TensorCheck.FloatingPoint(found, nameof(found));
        TensorCheck.Alike(random, nameof(random), found, nameof(found));
        if (!(margin >= 0 && double.IsFinite(margin)))
            throw new ArgumentOutOfRangeException(nameof(margin), margin, FormattableString.Invariant($"margin is {margin}; it must be a finite number of at least 0."));

        using var scope = torch.NewDisposeScope();
        var between = found.unsqueeze(1).sub(found.unsqueeze(0));
        var toRandom = found.sub(random);
        var slack = toRandom.mul(toRandom).sum(1).neg().add(margin);
        var every = between.mul(between).sum(2).add(slack.unsqueeze(1)).clamp(min: (Scalar)0).sum();

        // A picture's distance to itself is 0: what it adds as a pair goes out again.
        var own = slack.clamp(min: (Scalar)0).sum();
        return every.sub(own).div((double)(shape[0] * (shape[0] - 1))).MoveToOuterDisposeScope();
    }
}
