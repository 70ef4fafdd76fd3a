using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Spatial.Modules;

/// <summary>
/// Spatial transformers side by side: each looks at the same <c>[N, C, H, W]</c> and reads its own part of it; their outputs are joined along the channels,
/// <c>[N, T·C, OutputHeight, OutputWidth]</c>, those of the first transformer first.
/// </summary>
/// <remarks>
/// Convention: that of <see cref="SpatialTransformer"/>. Let them start at different places, as <see cref="TransformationStart.Spread"/> gives them: equal starts would see the same.
/// Source: Jaderberg et al. 2015, arXiv 1506.02025, section 4.3 (2xST-CNN and 4xST-CNN).
/// </remarks>
public sealed class ParallelSpatialTransformers : nn.Module<Tensor, Tensor>
{
    private readonly SpatialTransformer[] _transformers;

    /// <summary>Transformers side by side. They are owned: disposing this disposes them.</summary>
    /// <param name="transformers">At least one; no two the same; all of one output size. Their kinds of transformation may differ.</param>
    /// <exception cref="ArgumentNullException"><paramref name="transformers"/> or one of them is null.</exception>
    /// <exception cref="ArgumentException">There is none, one is there twice, or output sizes differ.</exception>
    public ParallelSpatialTransformers(params IReadOnlyList<SpatialTransformer> transformers) : base(nameof(ParallelSpatialTransformers))
    {
        ArgumentNullException.ThrowIfNull(transformers);
        if (transformers.Count == 0)
            throw new ArgumentException("transformers is empty; at least one is needed.", nameof(transformers));
        foreach (var transformer in transformers)
            ArgumentNullException.ThrowIfNull(transformer, nameof(transformers));
        if (transformers.Distinct().Count() != transformers.Count)
            throw new ArgumentException("transformers holds one transformer twice; each needs a localisation network of its own.", nameof(transformers));
        var first = transformers[0].Grid;
        if (transformers.FirstOrDefault(other => other.Grid.OutputHeight != first.OutputHeight || other.Grid.OutputWidth != first.OutputWidth) is { } odd)
        {
            throw new ArgumentException(
                $"One of transformers has an output of {odd.Grid.OutputHeight} x {odd.Grid.OutputWidth} pixels and the first of {first.OutputHeight} x {first.OutputWidth}; all need the same.",
                nameof(transformers));
        }

        _transformers = [.. transformers];

        // These names are part of the names of the weights in a model file.
        for (var i = 0; i < _transformers.Length; i++)
            register_module($"transformer{i + 1}", _transformers[i]);
        this.OwnWeights();
    }

    /// <summary>The transformers, in the order of their channels in the output.</summary>
    public IReadOnlyList<SpatialTransformer> Transformers => _transformers;

    /// <summary>The rectified maps <c>[N, T·C, OutputHeight, OutputWidth]</c> of a map <c>[N, C, H, W]</c>.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="input"/> is null.</exception>
    /// <exception cref="ArgumentException">The map's shape does not fit a localisation network.</exception>
    public override Tensor forward(Tensor input)
    {
        var (rectified, theta) = Rectify(input);
        theta.Dispose();
        return rectified;
    }

    /// <summary>
    /// The rectified maps <c>[N, T·C, OutputHeight, OutputWidth]</c> of a map <c>[N, C, H, W]</c>, and the transformations chosen, <c>[N, P1 + … + PT]</c>:
    /// those of the first transformer, then those of the second, and so on. The caller disposes both.
    /// </summary>
    /// <exception cref="ArgumentNullException"><paramref name="input"/> is null.</exception>
    /// <exception cref="ArgumentException">The map's shape does not fit a localisation network.</exception>
    public (Tensor Rectified, Tensor Theta) Rectify(Tensor input)
    {
        ArgumentNullException.ThrowIfNull(input);
        using var scope = torch.NewDisposeScope();
        var parts = _transformers.Select(transformer => transformer.Rectify(input)).ToList();
        var rectified = torch.cat([.. parts.Select(part => part.Rectified)], 1);
        var theta = torch.cat([.. parts.Select(part => part.Theta)], 1);
        return (rectified.MoveToOuterDisposeScope(), theta.MoveToOuterDisposeScope());
    }
}
