using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Spatial.Functional;

/// <summary>Tensors as the kernels see them: single precision in the memory of the CPU.</summary>
internal static class TensorMemory
{
    /// <summary>Whether the kernels take a tensor: single precision on the CPU, within what a span reaches.</summary>
    internal static bool IsTaken(Tensor tensor) =>
        tensor.device_type == DeviceType.CPU && tensor.dtype == ScalarType.Float32 && Fits(tensor.NumberOfElements);

    /// <summary>Whether a tensor of so many elements is within what a span reaches.</summary>
    internal static bool Fits(long elements) => elements <= int.MaxValue / sizeof(float);

    /// <summary>The first element of a contiguous tensor, which the caller keeps alive.</summary>
    internal static unsafe float* Address(Tensor tensor)
    {
        // Memory of a tensor is native: it does not move.
        fixed (byte* address = tensor.bytes)
            return (float*)address;
    }

    /// <summary>
    /// The gradient where none can be computed, since the graph was freed, or a tensor written to since: what is not a number spreads, and is seen, where zeros would
    /// pass for a gradient.
    /// </summary>
    /// <param name="shape">The shape of the gradient; none where none is wanted.</param>
    internal static Tensor? NotANumber(long[] shape) => shape.Length == 0 ? null : TensorFactory.Zeros(shape, ScalarType.Float32, CPU).add(double.NaN);
}
