using System.Globalization;
using Microsoft.ML.Spatial.Functional;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.Spatial.Modules;

/// <summary>A residual network without its classifier, of 18, 34, 50 or 101 layers, whose last 3x3 convolutions may be deformable.</summary>
/// <remarks>
/// <para>
/// The names of its parameters and buffers, and their shapes, are those of torchvision's <c>resnet18</c>, <c>resnet34</c>, <c>resnet50</c> and <c>resnet101</c>, except that a deformable
/// convolution has branches besides its <c>weight</c> and that frozen normalisation counts no batches.
/// </para>
/// <para>
/// A pyramid is the outputs of the last three stages, of strides 8, 16 and 32. A single map is the output of the last stage, at stride 16: the stage does not halve the size, and the 3x3
/// convolutions after the one that would have read two positions apart instead, so that they see what they saw. In the blocks of two 3x3 convolutions too, of 18 and 34 layers, which
/// torchvision does not dilate.
/// </para>
/// <para>
/// Source: He et al. 2016, Deep Residual Learning for Image Recognition, arXiv 1512.03385, table 1; in blocks of three convolutions the 3x3 one has the stride, as in torchvision's.
/// Dai et al. 2017, Deformable Convolutional Networks, arXiv 1703.06211, section 4.1, for the last stage of stride 1.
/// </para>
/// </remarks>
internal sealed class ResNetBackbone : Backbone
{
    /// <summary>The name of the first convolution's weight, the only one whose shape depends on the channels of the images.</summary>
    public const string StemWeight = "conv1.weight";

    private const int StemChannels = 64;
    private const int Stages = 4;
    private const int Bottleneck = 4;

    // The mean and the deviation of red, green and blue over the images that torchvision's weights were trained on (https://pytorch.org/vision/stable/models.html).
    private static readonly float[] PixelMean = [0.485f, 0.456f, 0.406f];
    private static readonly float[] PixelDeviation = [0.229f, 0.224f, 0.225f];

    // The names of these fields are part of the names of the weights in a model file.
    private readonly nn.Module<Tensor, Tensor> conv1;
    private readonly nn.Module<Tensor, Tensor> bn1;

    private readonly ModuleList<ResNetBlock>[] _stages;
    private readonly FeatureLevel[] _levels;

    /// <param name="depth">Layers that hold weights in the network with its classifier: 18, 34, 50 or 101.</param>
    /// <param name="channels">Channels of the images, at least 1.</param>
    /// <param name="deformableLayers">How many of the 3x3 convolutions, the last ones, are deformable: 0 to <see cref="Layers"/>.</param>
    /// <param name="deformation">How they are.</param>
    /// <param name="isNormFrozen">Whether normalisation is <see cref="FrozenBatchNorm2d"/>.</param>
    /// <param name="isPyramid">Whether there are maps of strides 8, 16 and 32; else there is one of stride 16.</param>
    /// <exception cref="ArgumentException">The deformable groups do not divide the channels of a deformable convolution.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The depth is none of the four, or there are not so many 3x3 convolutions.</exception>
    public ResNetBackbone(int depth, int channels, int deformableLayers, DeformableConvolution deformation, bool isNormFrozen, bool isPyramid) : base(nameof(ResNetBackbone))
    {
        var layers = Layers(depth);
        if (deformableLayers < 0 || deformableLayers > layers)
        {
            throw new ArgumentOutOfRangeException(
                nameof(deformableLayers), deformableLayers,
                $"deformableLayers is {deformableLayers}; a ResNet of {depth} layers has {layers} convolutions of 3 x 3, and it must be between 0 and that.");
        }

        Depth = depth;
        var plan = Plan(depth, layers - deformableLayers, deformation, isPyramid);

        // Before anything is made, that would have to be freed.
        foreach (var convolution in plan.SelectMany(stage => stage).SelectMany(block => block).Where(convolution => convolution.Deformation is not null))
            ConvolutionWeights.Divides(deformation.Groups, "deformation.Groups", convolution.InputChannels, "The number of channels of a deformable convolution");

        // TorchSharp's initialisation of modules leaves views behind; the scope takes them.
        using var scope = torch.NewDisposeScope();
        conv1 = new ResNetConvolution(channels, StemChannels, 7, 2).Build();
        bn1 = ResNetBlock.Norm(StemChannels, isNormFrozen);
        _stages = [.. plan.Select(stage => nn.ModuleList(stage.Select(block => new ResNetBlock(block, isNormFrozen)).ToArray()))];
        _levels = [.. Enumerable.Range(1, Stages - 1).Where(stage => isPyramid || stage == Stages - 1).Select(
            stage => new FeatureLevel(4 << (isPyramid ? stage : stage - 1), plan[stage][^1][^1].OutputChannels))];

        RegisterComponents();
        for (var i = 0; i < Stages; i++)
            register_module("layer" + (i + 1).ToString(CultureInfo.InvariantCulture), _stages[i]);
        this.OwnWeights();
    }

    /// <summary>Layers that hold weights in the network with its classifier.</summary>
    public int Depth { get; }

    public override IReadOnlyList<FeatureLevel> Levels => _levels;

    /// <summary>How many 3x3 convolutions a network of 18, 34, 50 or 101 layers has, which may be deformable.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The depth is another.</exception>
    public static int Layers(int depth)
    {
        var (blocks, isBottleneck) = Blocks(depth);
        return blocks.Sum() * (isBottleneck ? 1 : 2);
    }

    /// <summary>Images of mean 0 and deviation 1, as torchvision's weights expect; grey ones by the mean over the colours.</summary>
    public override Tensor Prepared(Tensor images)
    {
        using var scope = torch.NewDisposeScope();
        Tensor Constant(float[] colours)
        {
            float[] values = images.shape[1] == colours.Length ? colours : [colours.Average()];
            return TensorFactory.FromArray<float>(values, [1, values.Length, 1, 1], images.device);
        }

        return images.sub(Constant(PixelMean)).div(Constant(PixelDeviation)).MoveToOuterDisposeScope();
    }

    public override Tensor[] Run(Tensor input, Action<DeformConv2dPack, Tensor>? visit)
    {
        using var scope = torch.NewDisposeScope();
        var map = nn.functional.max_pool2d(bn1.call(conv1.call(input)).relu_(), 3, 2, 1);
        var maps = new List<Tensor>();
        for (var i = 0; i < Stages; i++)
        {
            foreach (var block in _stages[i])
            {
                // Freed at once, where nothing has to be learnt: big pictures make big maps.
                using var before = map;
                map = block.Run(before, visit);
            }

            if (i >= Stages - _levels.Length)
                maps.Add(map.alias());
        }

        return [.. maps.Select(level => level.MoveToOuterDisposeScope())];
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            conv1.Dispose();
            bn1.Dispose();
            foreach (var stage in _stages)
                stage.Dispose();
        }

        base.Dispose(disposing);
    }

    /// <summary>Blocks of each stage, and whether they are of three convolutions, the middle one of a quarter of the channels.</summary>
    private static (int[] Blocks, bool IsBottleneck) Blocks(int depth) => depth switch
    {
        18 => ([2, 2, 2, 2], false),
        34 => ([3, 4, 6, 3], false),
        50 => ([3, 4, 6, 3], true),
        101 => ([3, 4, 23, 3], true),
        _ => throw new ArgumentOutOfRangeException(nameof(depth), depth, $"depth is {depth}; a ResNet of 18, 34, 50 or 101 layers can be made."),
    };

    /// <summary>The convolutions of each block of each stage.</summary>
    private static ResNetConvolution[][][] Plan(int depth, int firstDeformable, DeformableConvolution deformation, bool isPyramid)
    {
        var (blocks, isBottleneck) = Blocks(depth);
        var (inputs, layer) = (StemChannels, 0);
        ResNetConvolution Spatial(int channelsIn, int channelsOut, int stride, int dilation) =>
            new(channelsIn, channelsOut, 3, stride, dilation, layer++ < firstDeformable ? null : deformation);

        ResNetConvolution[] Block(int width, int stride, int firstDilation, int dilation)
        {
            ResNetConvolution[] block = isBottleneck
                ? [new(inputs, width, 1, 1), Spatial(width, width, stride, firstDilation), new(width, Bottleneck * width, 1, 1)]
                : [Spatial(inputs, width, stride, firstDilation), Spatial(width, width, 1, dilation)];
            inputs = block[^1].OutputChannels;
            return block;
        }

        ResNetConvolution[] BlockOf(int stage, int block)
        {
            // What would have halved the size is not dilated; what comes after it is.
            var isDilated = stage == Stages - 1 && !isPyramid;
            var dilation = isDilated ? 2 : 1;
            return Block(StemChannels << stage, block == 0 && stage > 0 && !isDilated ? 2 : 1, block == 0 ? 1 : dilation, dilation);
        }

        return [.. blocks.Select((count, stage) => Enumerable.Range(0, count).Select(block => BlockOf(stage, block)).ToArray())];
    }
}
