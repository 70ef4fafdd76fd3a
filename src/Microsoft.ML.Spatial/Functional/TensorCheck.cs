using static TorchSharp.torch;

namespace Microsoft.ML.Spatial.Functional;

/// <summary>Arguments checked before libtorch sees them, so that the error names the argument and prints both numbers.</summary>
internal static class TensorCheck
{
    internal static string Describe(long[] shape) => $"[{string.Join(", ", shape)}]";

    internal static void Positive(long value, string argument)
    {
        if (value <= 0)
            throw new ArgumentOutOfRangeException(argument, value, $"{argument} is {value}; it must be at least 1.");
    }

    internal static void FloatingPoint(Tensor tensor, string argument)
    {
        if (tensor.dtype is not (ScalarType.Float16 or ScalarType.BFloat16 or ScalarType.Float32 or ScalarType.Float64))
            throw new ArgumentException($"{argument} has elements of type {tensor.dtype}; a floating-point type is needed.", argument);
    }
}
