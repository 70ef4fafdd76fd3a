using System.Globalization;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Spatial.Modules;

/// <summary>
/// A backbone small enough to train from scratch: six 3x3 convolutions of strides 2, 2, 1, 2, 1, 1, those of stride 1 residual, with a quarter, a half and all of the width; then, for a pyramid, two
/// more of stride 2.
/// </summary>
internal sealed class CompactBackbone : Backbone
{
    /// <summary>Convolutions up to the first map, which may be deformable.</summary>
    public const int Layers = 6;

    /// <summary>Pixels of the image from one position of the first map to the next.</summary>
    public const int Stride = 8;

    private const int CoarserLevels = 2;

    private readonly ConvolutionLayer[] _layers;
    private readonly FeatureLevel[] _levels;

    /// <param name="channels">Channels of the images.</param>
    /// <param name="width">Channels of the maps.</param>
    /// <param name="deformableLayers">How many of the six convolutions, the last ones, are deformable.</param>
    /// <param name="deformation">How they are.</param>
    /// <param name="isPyramid">Whether there are maps of strides 16 and 32 too.</param>
    public CompactBackbone(int channels, int width, int deformableLayers, DeformableConvolution deformation, bool isPyramid) : base(nameof(CompactBackbone))
    {
        (int In, int Out, int Stride)[] layers =
        [
            (channels, width / 4, 2), (width / 4, width / 2, 2), (width / 2, width / 2, 1), (width / 2, width, 2), (width, width, 1), (width, width, 1),
            .. Enumerable.Repeat((width, width, 2), isPyramid ? CoarserLevels : 0),
        ];

        // Before anything is made, that would have to be freed.
        foreach (var layer in layers[(Layers - deformableLayers)..Layers])
            ConvolutionWeights.Divides(deformation.Groups, "deformation.Groups", layer.In, "The number of channels of a deformable convolution");
        _layers = [.. layers.Select((layer, i) => new ConvolutionLayer(
            layer.In, layer.Out, layer.Stride, isResidual: layer.Stride == 1, i < Layers && i >= Layers - deformableLayers ? deformation : null, isNormByGroups: i >= Layers))];
        _levels = [.. Enumerable.Range(0, layers.Length - Layers + 1).Select(level => new FeatureLevel(Stride << level, width))];

        // Their places are their names in a model file.
        for (var i = 0; i < _layers.Length; i++)
            register_module(i.ToString(CultureInfo.InvariantCulture), _layers[i]);
        this.OwnWeights();
    }

    public override IReadOnlyList<FeatureLevel> Levels => _levels;

    public override int DeformableStride => Stride;

    public override Tensor[] Run(Tensor input, Action<DeformConv2dPack, Tensor>? visit)
    {
        using var scope = torch.NewDisposeScope();
        var maps = new Tensor[_levels.Length];
        var map = input;
        for (var i = 0; i < _layers.Length; i++)
        {
            if (_layers[i].Deformable is { } deformable)
                visit?.Invoke(deformable, map);
            map = _layers[i].call(map);
            if (i >= Layers - 1)
                maps[i - Layers + 1] = map;
        }

        return [.. maps.Select(level => level.MoveToOuterDisposeScope())];
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            foreach (var layer in _layers)
                layer.Dispose();
        }

        base.Dispose(disposing);
    }
}
