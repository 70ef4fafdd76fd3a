using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Spatial.Functional;

public static partial class BoxOps
{
    /// <summary>Sides below this many pixels count as this long where a ratio of sides is taken, so that empty boxes have finite deltas.</summary>
    private const double LeastSide = 1.0 / 1024;

    /// <summary>A decoded box is at most this many times as wide, or as high, as its anchor: it keeps a wild prediction finite.</summary>
    private static readonly double MostGrowth = Math.Log(1000.0 / 16);

    /// <summary>
    /// What a network that looks at anchors has to predict for boxes: <c>dx = wx·(x − xa)/wa</c>, <c>dy</c> likewise, <c>dw = ww·log(w/wa)</c>, <c>dh</c> likewise,
    /// where (x, y) are centres, (w, h) sides, and a marks the anchor.
    /// </summary>
    /// <param name="boxes"><c>[K, 4]</c>, floating point: the boxes to be found; <c>K</c> may be 0.</param>
    /// <param name="anchors"><c>[K, 4]</c>, of the same type and device: where each is looked for.</param>
    /// <param name="weights">What dx, dy, dw and dh are multiplied by, finite and above 0; 1 each by default.</param>
    /// <returns><c>[K, 4]</c>: dx, dy, dw, dh. Gradients flow to both.</returns>
    /// <remarks>
    /// Convention: (x0, y0, x1, y1) in pixels. A side below 1/1024 of a pixel counts as that long. Source: Girshick et al. 2014, R-CNN, arXiv 1311.2524, appendix C, equations 6 to 9.
    /// </remarks>
    /// <exception cref="ArgumentNullException">A tensor is null.</exception>
    /// <exception cref="ArgumentException">A shape, type, device or count does not fit.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A weight is not finite and above 0.</exception>
    public static Tensor EncodeDeltas(Tensor boxes, Tensor anchors, (double X, double Y, double Width, double Height)? weights = null)
    {
        CheckPaired(boxes, nameof(boxes), anchors, nameof(anchors));
        using var scope = torch.NewDisposeScope();
        var scales = Scales(weights, boxes);
        var (centre, size) = CentreAndSize(boxes);
        var (anchorCentre, anchorSize) = CentreAndSize(anchors);
        (size, anchorSize) = (size.clamp(min: (Scalar)LeastSide), anchorSize.clamp(min: (Scalar)LeastSide));
        return torch.cat([centre.sub(anchorCentre).div(anchorSize), size.div(anchorSize).log()], 1).mul(scales).MoveToOuterDisposeScope();
    }

    /// <summary>The boxes that deltas stand for: the inverse of <see cref="EncodeDeltas"/>.</summary>
    /// <param name="deltas"><c>[K, 4]</c>, floating point: dx, dy, dw, dh; <c>K</c> may be 0.</param>
    /// <param name="anchors"><c>[K, 4]</c>, of the same type and device.</param>
    /// <param name="weights">What the deltas were multiplied by, finite and above 0; 1 each by default.</param>
    /// <returns><c>[K, 4]</c>: boxes, not cut off at the image. Gradients flow to both.</returns>
    /// <remarks>
    /// Convention: (x0, y0, x1, y1) in pixels. dw and dh, divided by their weights, are cut off at log(1000/16), as torchvision does: no box grows beyond 62.5 times its anchor.
    /// Source: Girshick et al. 2014, R-CNN, arXiv 1311.2524, appendix C, equations 1 to 4.
    /// </remarks>
    /// <exception cref="ArgumentNullException">A tensor is null.</exception>
    /// <exception cref="ArgumentException">A shape, type, device or count does not fit.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A weight is not finite and above 0.</exception>
    public static Tensor DecodeDeltas(Tensor deltas, Tensor anchors, (double X, double Y, double Width, double Height)? weights = null)
    {
        CheckPaired(deltas, nameof(deltas), anchors, nameof(anchors));
        using var scope = torch.NewDisposeScope();
        var relative = deltas.div(Scales(weights, deltas));
        var (anchorCentre, anchorSize) = CentreAndSize(anchors);
        var centre = relative.narrow(1, 0, 2).mul(anchorSize).add(anchorCentre);
        var half = relative.narrow(1, 2, 2).clamp(max: (Scalar)MostGrowth).exp().mul(anchorSize).div(2);
        return torch.cat([centre.sub(half), centre.add(half)], 1).MoveToOuterDisposeScope();
    }

    private static (Tensor Centre, Tensor Size) CentreAndSize(Tensor boxes)
    {
        var (low, high) = (boxes.narrow(1, 0, 2), boxes.narrow(1, 2, 2));
        return (low.add(high).div(2), high.sub(low));
    }

    private static Tensor Scales((double X, double Y, double Width, double Height)? weights, Tensor like)
    {
        var (x, y, width, height) = weights ?? (1, 1, 1, 1);
        double[] scales = [x, y, width, height];
        if (!scales.All(scale => scale > 0 && double.IsFinite(scale)))
            throw new ArgumentOutOfRangeException(nameof(weights), weights, FormattableString.Invariant($"weights are ({x}, {y}, {width}, {height}); each must be a finite number above 0."));
        return TensorFactory.FromArray<double>(scales, [4], like.device).to_type(like.dtype);
    }
}
