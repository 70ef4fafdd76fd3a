using Microsoft.ML.Spatial.Functional;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.Spatial.Modules;

/// <summary>The last layer of a localisation network.</summary>
internal static class ThetaLayer
{
    /// <summary>A layer with zero weights and <paramref name="identityTheta"/> as its bias: the transformer begins by leaving pictures as they are.</summary>
    internal static Linear Create(long features, float[] identityTheta)
    {
        var layer = nn.Linear(features, identityTheta.Length);

        // Opened only now, so that the layer's own weights are not disposed with it.
        using var scope = torch.NewDisposeScope();
        using var noGradient = torch.no_grad();
        layer.weight.zero_();
        layer.bias!.copy_(TensorFactory.FromArray<float>(identityTheta, [identityTheta.Length], CPU));
        return layer;
    }

    internal static void Check(float[] identityTheta)
    {
        ArgumentNullException.ThrowIfNull(identityTheta);
        if (identityTheta.Length == 0)
            throw new ArgumentException("identityTheta has 0 numbers; a transformation has at least 1.", nameof(identityTheta));
    }
}
