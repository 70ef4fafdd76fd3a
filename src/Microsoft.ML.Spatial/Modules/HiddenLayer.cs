using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.Spatial.Modules;

/// <summary>A fully connected layer followed by ReLU.</summary>
internal static class HiddenLayer
{
    internal static Tensor Apply(Linear layer, Tensor input)
    {
        using var scope = torch.NewDisposeScope();
        var values = layer.call(input);
        values.relu_();
        return values.MoveToOuterDisposeScope();
    }
}
