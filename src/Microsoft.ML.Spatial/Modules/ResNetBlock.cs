using System.Globalization;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Spatial.Modules;

/// <summary>
/// A residual block: convolutions one after the other, each normalised, with ReLU in between; to them is added what came in, by a 1x1 convolution where sizes or channels differ, and ReLU is
/// taken of the sum.
/// </summary>
/// <remarks>The names of its parts are torchvision's: <c>conv1</c>, <c>bn1</c>, and so on, and <c>downsample.0</c> and <c>downsample.1</c> for what came in.</remarks>
internal sealed class ResNetBlock : nn.Module<Tensor, Tensor>
{
    // The name of this field is part of the names of the weights in a model file.
    private readonly nn.Module<Tensor, Tensor>? downsample;

    private readonly nn.Module<Tensor, Tensor>[] _convolutions;
    private readonly nn.Module<Tensor, Tensor>[] _norms;

    /// <param name="convolutions">The convolutions.</param>
    /// <param name="isNormFrozen">Whether normalisation is <see cref="FrozenBatchNorm2d"/>.</param>
    public ResNetBlock(IReadOnlyList<ResNetConvolution> convolutions, bool isNormFrozen) : base(nameof(ResNetBlock))
    {
        // TorchSharp's initialisation of modules leaves views behind; the scope takes them.
        using var scope = torch.NewDisposeScope();
        _convolutions = [.. convolutions.Select(convolution => convolution.Build())];
        _norms = [.. convolutions.Select(convolution => Norm(convolution.OutputChannels, isNormFrozen))];
        for (var i = 0; i < convolutions.Count; i++)
        {
            var place = (i + 1).ToString(CultureInfo.InvariantCulture);
            register_module("conv" + place, _convolutions[i]);
            register_module("bn" + place, _norms[i]);
        }

        var (inputs, outputs, stride) = (convolutions[0].InputChannels, convolutions[^1].OutputChannels, convolutions.Aggregate(1, (product, convolution) => product * convolution.Stride));
        if (inputs != outputs || stride > 1)
            downsample = nn.Sequential(new ResNetConvolution(inputs, outputs, 1, stride).Build(), Norm(outputs, isNormFrozen));
        RegisterComponents();
        this.OwnWeights();
    }

    /// <summary>The normalisation after a convolution of so many channels.</summary>
    public static nn.Module<Tensor, Tensor> Norm(int channels, bool isFrozen) => isFrozen ? new FrozenBatchNorm2d(channels) : nn.BatchNorm2d(channels);

    public override Tensor forward(Tensor input) => Run(input, null);

    /// <summary>The output, telling on the way what each deformable convolution reads, as <see cref="Backbone.Run"/> does.</summary>
    public Tensor Run(Tensor input, Action<DeformConv2dPack, Tensor>? visit)
    {
        using var scope = torch.NewDisposeScope();
        var map = input;
        for (var i = 0; i < _convolutions.Length; i++)
        {
            if (i > 0)
                map = map.relu_();
            if (_convolutions[i] is DeformConv2dPack deformable)
                visit?.Invoke(deformable, map);
            map = _norms[i].call(_convolutions[i].call(map));
        }

        return map.add_(downsample is null ? input : downsample.call(input)).relu_().MoveToOuterDisposeScope();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            foreach (var part in _convolutions.Concat(_norms))
                part.Dispose();
            downsample?.Dispose();
        }

        base.Dispose(disposing);
    }
}
