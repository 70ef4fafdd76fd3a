using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    // Shapes.
    public static Tensor cat(IList<Tensor> tensors, long dim = 0) => Aten.Call("cat", tensors.ToArray(), dim);
}
