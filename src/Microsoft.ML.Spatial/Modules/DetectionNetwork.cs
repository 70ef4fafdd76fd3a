using Microsoft.ML.Spatial.Functional;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Spatial.Modules;

/// <summary>A detector of objects in images: a backbone whose last convolutions may be deformable, and what finds objects in its features. <see cref="DetectionNetworkSpec.Build"/> makes one.</summary>
/// <remarks>
/// Convention: images are <c>[N, Channels, H, W]</c>, usually pixels of [0, 1]; boxes are x0, y0, x1, y1 in pixels, x1 and y1 the first pixels outside. Position (i, j) of a map of stride s stands
/// for the pixel (x, y) = (s·j + s/2, s·i + s/2).
/// </remarks>
public abstract class DetectionNetwork : nn.Module
{
    private protected DetectionNetwork(DetectionNetworkSpec spec, string name) : base(name) => Spec = spec;

    /// <summary>What the network was built from.</summary>
    public DetectionNetworkSpec Spec { get; }

    /// <summary>How many numbers the network learns.</summary>
    public long ParameterCount => parameters().Sum(parameter => parameter.NumberOfElements);

    /// <summary>What it looks at images with.</summary>
    private protected abstract Backbone Backbone { get; }

    /// <summary>What training goes down, part by part, each a scalar.</summary>
    /// <param name="images"><c>[N, Channels, H, W]</c>.</param>
    /// <param name="objects">The objects of each image.</param>
    internal IReadOnlyList<NamedLoss> Losses(Tensor images, IReadOnlyList<ImageObjects> objects)
    {
        using var scope = torch.NewDisposeScope();
        return [.. Losses(Run(images), objects).Select(loss => loss with { Value = loss.Value.MoveToOuterDisposeScope() })];
    }

    /// <summary>The objects of each image, the surest first.</summary>
    /// <param name="images"><c>[N, Channels, H, W]</c>.</param>
    /// <param name="decoder">What of all that is found is handed out.</param>
    internal Detections[] Detect(Tensor images, DetectionDecoder decoder)
    {
        using var scope = torch.NewDisposeScope();
        using var noGradient = torch.no_grad();
        return Detect(Run(images), decoder);
    }

    /// <summary>Both at once, for rows to validate on.</summary>
    /// <param name="images"><c>[N, Channels, H, W]</c>.</param>
    /// <param name="objects">The objects of each image.</param>
    /// <param name="decoder">What of all that is found is handed out.</param>
    /// <returns>The sum of the losses, and the objects found in each image.</returns>
    internal (double Loss, Detections[] Found) Measure(Tensor images, IReadOnlyList<ImageObjects> objects, DetectionDecoder decoder)
    {
        using var scope = torch.NewDisposeScope();
        using var noGradient = torch.no_grad();
        var maps = Run(images);
        return (Losses(maps, objects).Sum(loss => loss.Value.item<float>()), Detect(maps, decoder));
    }

    /// <summary>What the network makes of images before objects are looked for, in the present dispose scope.</summary>
    private protected abstract ImageMaps Run(Tensor images);

    private protected abstract IReadOnlyList<NamedLoss> Losses(ImageMaps maps, IReadOnlyList<ImageObjects> objects);

    private protected abstract Detections[] Detect(ImageMaps maps, DetectionDecoder decoder);
}
