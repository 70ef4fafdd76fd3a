using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.Spatial.Modules;

/// <summary>
/// Makes the maps of a backbone, the finest first, into as many of equal width in which the finer ones know what the coarser ones found, and adds coarser ones.
/// </summary>
/// <remarks>
/// <para>
/// Of each map a 1x1 convolution is taken; from the coarsest down, the result is enlarged to the size of the next finer one, each position by its nearest, and added to that; then a 3x3
/// convolution makes the output. Further levels halve the coarsest output by 3x3 convolutions of stride 2, all but the first of them of the rectified map.
/// </para>
/// <para>
/// Source: Lin et al. 2017, Feature Pyramid Networks for Object Detection, arXiv 1612.03144, section 3; the further levels: Lin et al. 2017, Focal Loss for Dense Object Detection,
/// arXiv 1708.02002, section 4, taken of the coarsest output as in Tian et al. 2019, FCOS, arXiv 1904.01355, section 3.2.
/// </para>
/// </remarks>
internal sealed class FeaturePyramid : nn.Module<Tensor[], Tensor[]>
{
    // The names of these fields are part of the names of the weights in a model file.
    private readonly ModuleList<Conv2d> lateral;
    private readonly ModuleList<Conv2d> output;
    private readonly ModuleList<Conv2d> coarser;

    private readonly FeatureLevel[] _levels;

    /// <param name="levels">The maps of the backbone, the finest first.</param>
    /// <param name="width">Channels of all maps that come out.</param>
    /// <param name="extraLevels">How many coarser levels are added, at least 0.</param>
    public FeaturePyramid(IReadOnlyList<FeatureLevel> levels, int width, int extraLevels) : base(nameof(FeaturePyramid))
    {
        // TorchSharp's initialisation of a convolution leaves a view of its weight behind; the scope takes it.
        using var scope = torch.NewDisposeScope();
        lateral = nn.ModuleList([.. levels.Select(level => Convolution(level.Channels, width, 1, 1))]);
        output = nn.ModuleList([.. levels.Select(_ => Convolution(width, width, 3, 1))]);
        coarser = nn.ModuleList([.. Enumerable.Range(0, extraLevels).Select(_ => Convolution(width, width, 3, 2))]);
        _levels =
        [
            .. levels.Select(level => level with { Channels = width }),
            .. Enumerable.Range(1, extraLevels).Select(i => new FeatureLevel(levels[^1].Stride << i, width)),
        ];
        RegisterComponents();
        this.OwnWeights();
    }

    /// <summary>The maps that come out, the finest first.</summary>
    public IReadOnlyList<FeatureLevel> Levels => _levels;

    public override Tensor[] forward(Tensor[] input)
    {
        using var scope = torch.NewDisposeScope();
        var merged = new Tensor[input.Length];
        for (var i = input.Length - 1; i >= 0; i--)
        {
            merged[i] = lateral[i].call(input[i]);
            if (i + 1 < input.Length)
                merged[i] = merged[i].add_(nn.functional.upsample_nearest2d(merged[i + 1], [merged[i].shape[2], merged[i].shape[3]]));
        }

        List<Tensor> outputs = [.. merged.Select((map, i) => output[i].call(map))];
        for (var i = 0; i < coarser.Count; i++)
            outputs.Add(coarser[i].call(i == 0 ? outputs[^1] : outputs[^1].relu()));
        return [.. outputs.Select(map => map.MoveToOuterDisposeScope())];
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            lateral.Dispose();
            output.Dispose();
            coarser.Dispose();
        }

        base.Dispose(disposing);
    }

    /// <summary>A convolution that keeps the size of what it is given, in expectation: nothing rectifies it.</summary>
    private static Conv2d Convolution(int inputChannels, int outputChannels, int kernel, int stride)
    {
        var convolution = nn.Conv2d(inputChannels, outputChannels, kernel, stride, padding: kernel / 2);
        nn.init.kaiming_uniform_(convolution.weight, 1);
        nn.init.constant_(convolution.bias!, 0);
        return convolution;
    }
}
