using Microsoft.ML.Spatial.Functional;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Spatial.Modules;

/// <summary>
/// Encodes pictures for comparison by what they look like from afar: <c>[N, C, H, W]</c> to <c>[N, C·h·w]</c>, the means of square cells of
/// ⌊shorter side / 7⌋ pixels, at least 1, scaled to length <see cref="Length"/>; what is left at the right and lower edge is not read. It has no weights.
/// </summary>
/// <remarks>
/// Convention: of pixels of [0, 1], where 0 is nothing. Pictures of equal content and different contrast encode alike, and an empty one encodes to 0, so that a loss
/// of distances is not served by finding nothing. Source: this project, as the encoder of co-localisation (Jaderberg et al. 2015, arXiv 1506.02025, appendix A.2),
/// for which a small convolutional encoder that learns with the transformer lost part of the object for some classes.
/// </remarks>
public sealed class PooledEncoder : nn.Module<Tensor, Tensor>
{
    /// <summary>
    /// Length of an encoding. Squared distances between pictures of values of at least 0 then reach 8, so that a margin of 1 is met by objects that are not
    /// quite alike; with a length of 1 most pairs stay within the margin, and windows move off the objects' middles to where these differ less.
    /// </summary>
    public const double Length = 2;

    private const int Cells = 7;

    // Far below the squared length of any picture that holds something.
    private const double Tiny = 1e-6;

    /// <summary>An encoder.</summary>
    public PooledEncoder() : base(nameof(PooledEncoder))
    {
    }

    /// <summary>Encodings <c>[N, C·h·w]</c> of pictures <c>[N, C, H, W]</c>.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="input"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="input"/> has another shape, or is not floating point.</exception>
    public override Tensor forward(Tensor input)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (input.shape is not [_, >= 1, >= 1, >= 1])
            throw new ArgumentException($"input has shape {TensorCheck.Describe(input.shape)}; [N, C, H, W] is needed.", nameof(input));
        TensorCheck.FloatingPoint(input, nameof(input));

        using var scope = torch.NewDisposeScope();
        var side = Math.Max(1, Math.Min(input.shape[2], input.shape[3]) / Cells);
        var cells = nn.functional.avg_pool2d(input, new[] { side, side }).flatten(1);
        var squares = cells.mul(cells).sum(1, keepdim: true);
        return cells.mul(Length).div(squares.add(Tiny).sqrt()).MoveToOuterDisposeScope();
    }
}
