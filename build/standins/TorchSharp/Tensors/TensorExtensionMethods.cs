using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>Tensors and shapes as something else.</summary>
public static class TensorExtensionMethods
{
    /// <summary>Takes the tensor over: it is empty afterwards.</summary>
    public static Parameter AsParameter(this Tensor tensor) => new(tensor);
}
