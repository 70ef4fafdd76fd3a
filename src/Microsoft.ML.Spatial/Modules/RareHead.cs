using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.Spatial.Modules;

/// <summary>The last convolution of what looks for objects everywhere, most of which are not there.</summary>
/// <remarks>Source: Lin et al. 2017, Focal Loss for Dense Object Detection, arXiv 1708.02002, section 4.1.</remarks>
internal static class RareHead
{
    // A probability of 1 in 100.
    private const double RareLogit = -4.59511985013459;
    private const double Deviation = 0.01;

    /// <summary>A convolution of stride 1 that keeps the size, whose first outputs start as scores of rare objects and the others near zero.</summary>
    /// <param name="channels">Channels that come in.</param>
    /// <param name="scores">How many outputs are scores.</param>
    /// <param name="others">How many are not.</param>
    /// <param name="kernel">The side of the kernel, odd.</param>
    public static Conv2d Create(long channels, long scores, long others, long kernel)
    {
        // TorchSharp's initialisation of a convolution leaves a view of its weight behind; the scope takes it.
        using var scope = torch.NewDisposeScope();
        var head = nn.Conv2d(channels, scores + others, kernel, padding: kernel / 2);
        using var noGradient = no_grad();
        nn.init.normal_(head.weight, 0, Deviation);
        nn.init.constant_(head.bias!, 0);
        nn.init.constant_(head.bias!.narrow(0, 0, scores), RareLogit);
        head.OwnWeights();
        return head;
    }
}
