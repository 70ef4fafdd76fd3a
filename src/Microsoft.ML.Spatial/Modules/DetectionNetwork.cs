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
    internal abstract Backbone Backbone { get; }

    /// <summary>What brings the backbone's maps to one width; null where nothing does.</summary>
    private protected abstract FeaturePyramid? Pyramid { get; }

    /// <summary>The maps that objects are found in, the finest first.</summary>
    private protected IReadOnlyList<FeatureLevel> Levels => Pyramid?.Levels ?? Backbone.Levels;

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

    /// <summary>The pixels that the deformable convolutions go back to, through all of them, from places of an image.</summary>
    /// <param name="image"><c>[1, Channels, H, W]</c>.</param>
    /// <param name="places">The places (y, x), in pixels, whole numbers being pixels' centres; each stands for the position of the map that it lies on.</param>
    /// <returns>Of each place the points (y, x) in pixels of the image, whole numbers being pixels' centres; some may lie outside. None where no convolution is deformable.</returns>
    internal (double Y, double X)[][] SamplingPoints(Tensor image, IReadOnlyList<(double Y, double X)> places)
    {
        using var scope = torch.NewDisposeScope();
        using var noGradient = torch.no_grad();
        var layers = new List<(Tensor Offsets, ConvolutionGeometry Geometry)>();
        Backbone.Run(Backbone.Prepared(image), (layer, input) => layers.Add((layer.Offsets(input).MoveToOtherDisposeScope(scope), layer.Geometry)));
        if (layers.Count == 0)
            return [.. places.Select(_ => Array.Empty<(double, double)>())];

        var stride = Backbone.DeformableStride;
        var (rows, columns) = (layers[^1].Offsets.shape[2], layers[^1].Offsets.shape[3]);
        var down = layers.Aggregate(stride, (left, layer) => left / (int)layer.Geometry.Stride.Vertical);
        return
        [
            .. places.Select(place => Array.ConvertAll(
                SamplingLocations.Through(layers, 0, Position(place.Y, rows), Position(place.X, columns)), point => (point.Y * down, point.X * down))),
        ];

        long Position(double pixel, long count) => (long)Math.Clamp(Math.Floor((pixel + 0.5) / stride), 0, count - 1);
    }

    /// <summary>The maps that objects are found in.</summary>
    private protected Tensor[] Features(Tensor images)
    {
        var maps = Backbone.call(Backbone.Prepared(images));
        return Pyramid is { } pyramid ? pyramid.call(maps) : maps;
    }

    /// <summary>What the network makes of images before objects are looked for, in the present dispose scope.</summary>
    private protected abstract ImageMaps Run(Tensor images);

    private protected abstract IReadOnlyList<NamedLoss> Losses(ImageMaps maps, IReadOnlyList<ImageObjects> objects);

    private protected abstract Detections[] Detect(ImageMaps maps, DetectionDecoder decoder);
}
