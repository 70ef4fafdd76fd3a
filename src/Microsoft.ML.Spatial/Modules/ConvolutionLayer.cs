using System.Numerics;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Spatial.Modules;

/// <summary>The layer a detector is made of: a 3x3 convolution, plain or deformable, normalisation, what came in where it is residual, ReLU.</summary>
internal sealed class ConvolutionLayer : nn.Module<Tensor, Tensor>
{
    private const long Kernel = 3;
    private const int MostGroupChannels = 8;

    // The names of these fields are part of the names of the weights in a model file.
    private readonly nn.Module<Tensor, Tensor> convolution;
    private readonly nn.Module<Tensor, Tensor> normalisation;

    private readonly bool _isResidual;

    /// <param name="inputChannels">Channels that come in.</param>
    /// <param name="outputChannels">Channels that go out.</param>
    /// <param name="stride">1 keeps the size, 2 halves it (rounded up).</param>
    /// <param name="isResidual">Whether what came in is added.</param>
    /// <param name="deformation">How the convolution is deformable; null is plain.</param>
    /// <param name="isNormByGroups">
    /// Whether groups of up to 8 channels of each image are normalised instead of the batch (Wu and He 2018, Group Normalization, arXiv 1803.08494): for a layer that reads maps of several levels,
    /// each at its own time, whose statistics differ, and for one whose map may be a single position, which has none.
    /// </param>
    public ConvolutionLayer(long inputChannels, long outputChannels, long stride, bool isResidual, DeformableConvolution? deformation, bool isNormByGroups = false) : base(nameof(ConvolutionLayer))
    {
        _isResidual = isResidual;

        // TorchSharp's initialisation of a convolution leaves a view of its weight behind; the scope takes it.
        using var scope = torch.NewDisposeScope();
        convolution = deformation is { } how
            ? new DeformConv2dPack(
                inputChannels, outputChannels, (Kernel, Kernel), (stride, stride), (1, 1), deformGroups: how.Groups, isModulated: how.IsModulated, hasBias: false)
            : nn.Conv2d(inputChannels, outputChannels, Kernel, stride, padding: 1, bias: false);
        normalisation = isNormByGroups ? nn.GroupNorm(outputChannels / (long)BigInteger.GreatestCommonDivisor(outputChannels, MostGroupChannels), outputChannels) : nn.BatchNorm2d(outputChannels);
        RegisterComponents();
        this.OwnWeights();
    }

    /// <summary>The convolution where it is deformable, else null.</summary>
    public DeformConv2dPack? Deformable => convolution as DeformConv2dPack;

    public override Tensor forward(Tensor input)
    {
        using var scope = torch.NewDisposeScope();
        var output = normalisation.call(convolution.call(input));
        if (_isResidual)
            output = output.add(input);
        return output.relu_().MoveToOuterDisposeScope();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            convolution.Dispose();
            normalisation.Dispose();
        }

        base.Dispose(disposing);
    }
}
