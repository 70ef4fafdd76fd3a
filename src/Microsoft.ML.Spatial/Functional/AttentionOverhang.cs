using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Spatial.Functional;

public static partial class SpatialOps
{
    /// <summary>How far attention windows stick out of their pictures, as a loss that pushes them back in.</summary>
    /// <param name="theta"><c>[N, 3]</c>: (s, tx, ty) a picture, floating point, N at least 1; s is a window's size relative to the picture, (tx, ty) its centre.</param>
    /// <returns>A scalar: the mean over pictures of <c>max(0, |tx| + |s| − 1)² + max(0, |ty| + |s| − 1)²</c>; 0 where every window lies inside. Gradients flow to theta.</returns>
    /// <remarks>
    /// Convention: that of <see cref="AttentionGrid"/> with alignCorners off: coordinates of [−1, 1] over the picture's outer edges.
    /// Source: this project; windows that may leave the picture let co-localisation agree on what lies beside the common object.
    /// </remarks>
    /// <exception cref="ArgumentNullException"><paramref name="theta"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="theta"/> has another shape or is not floating point.</exception>
    public static Tensor AttentionOverhang(Tensor theta)
    {
        ArgumentNullException.ThrowIfNull(theta);
        if (theta.shape is not [>= 1, 3])
            throw new ArgumentException($"theta has shape {TensorCheck.Describe(theta.shape)}; [N, 3] with N of at least 1 is needed: s, tx, ty.", nameof(theta));
        TensorCheck.FloatingPoint(theta, nameof(theta));

        using var scope = torch.NewDisposeScope();
        var outside = theta.narrow(1, 1, 2).abs().add(theta.narrow(1, 0, 1).abs()).sub(1).clamp(min: (Scalar)0);
        return outside.mul(outside).sum().div((double)theta.shape[0]).MoveToOuterDisposeScope();
    }
}
