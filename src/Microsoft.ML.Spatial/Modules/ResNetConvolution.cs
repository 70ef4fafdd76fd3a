using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Spatial.Modules;

/// <summary>A convolution of a <see cref="ResNetBackbone"/>: without bias, and padded so that a stride of 1 keeps the size.</summary>
/// <param name="InputChannels">Channels that come in.</param>
/// <param name="OutputChannels">Channels that go out.</param>
/// <param name="Kernel">Side of the kernel, odd.</param>
/// <param name="Stride">Pixels from one output position to the next.</param>
/// <param name="Dilation">Pixels from one place of the kernel to the next.</param>
/// <param name="Deformation">How it is deformable; null is plain.</param>
internal sealed record ResNetConvolution(int InputChannels, int OutputChannels, int Kernel, int Stride, int Dilation = 1, DeformableConvolution? Deformation = null)
{
    /// <summary>
    /// The convolution, its weights normal with variance 2 / (k²·OutputChannels), so that gradients of what is rectified keep their size (He et al. 2015, arXiv 1502.01852).
    /// </summary>
    public nn.Module<Tensor, Tensor> Build()
    {
        var padding = Dilation * (Kernel / 2);

        // TorchSharp's initialisation of a convolution leaves a view of its weight behind; the scope takes it.
        using var scope = torch.NewDisposeScope();
        if (Deformation is { } how)
        {
            var deformable = new DeformConv2dPack(
                InputChannels, OutputChannels, (Kernel, Kernel), (Stride, Stride), (padding, padding), (Dilation, Dilation),
                deformGroups: how.Groups, isModulated: how.IsModulated, hasBias: false);
            Initialise(deformable.Weight);
            return deformable;
        }

        var convolution = nn.Conv2d(InputChannels, OutputChannels, Kernel, Stride, padding, Dilation, bias: false);
        Initialise(convolution.weight);
        convolution.OwnWeights();
        return convolution;
    }

    private void Initialise(Tensor weight) => nn.init.normal_(weight, 0, Math.Sqrt(2.0 / ((long)Kernel * Kernel * OutputChannels)));
}
