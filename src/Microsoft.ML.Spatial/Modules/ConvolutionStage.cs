using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.Spatial.Modules;

/// <summary>The step every convolutional network here is made of: convolution, ReLU, max pooling.</summary>
internal static class ConvolutionStage
{
    /// <summary>
    /// Applies the step; pools of 1 leave the pooling out. ReLU grows with its argument, so it commutes with the maximum: pooling first gives
    /// the same values and gradients, and leaves a quarter of the values (and no second copy of the large map) to ReLU.
    /// </summary>
    internal static Tensor Apply(Conv2d convolution, Tensor input, long poolHeight, long poolWidth)
    {
        using var scope = torch.NewDisposeScope();
        var features = convolution.call(input);
        if (poolHeight > 1 || poolWidth > 1)
            features = nn.functional.max_pool2d(features, new[] { poolHeight, poolWidth });
        features.relu_();
        return features.MoveToOuterDisposeScope();
    }
}
