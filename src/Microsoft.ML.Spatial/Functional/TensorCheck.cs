using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Spatial.Functional;

/// <summary>Arguments checked before libtorch sees them, so that the error names the argument and prints both numbers.</summary>
internal static class TensorCheck
{
    internal static string Describe(long[] shape) => $"[{string.Join(", ", shape)}]";

    /// <summary>The elements of a tensor that a check looks at, row major.</summary>
    internal static double[] Elements(Tensor tensor)
    {
        using var scope = torch.NewDisposeScope();
        var copy = tensor.detach().cpu().to_type(ScalarType.Float64).contiguous();
        return copy.NumberOfElements == 0 ? [] : MemoryMarshal.Cast<byte, double>(copy.bytes).ToArray();
    }

    internal static void Positive(long value, string argument)
    {
        if (value <= 0)
            throw new ArgumentOutOfRangeException(argument, value, $"{argument} is {value}; it must be at least 1.");
    }

    /// <summary>Refuses a tensor of another type or on another device than the one it works with.</summary>
    internal static void Alike(Tensor tensor, string argument, Tensor other, string otherArgument)
    {
        if (tensor.dtype != other.dtype)
            throw new ArgumentException($"{argument} has elements of type {tensor.dtype} and {otherArgument} of type {other.dtype}; both need the same type.", argument);
        if (tensor.device_type != other.device_type || tensor.device_index != other.device_index)
            throw new ArgumentException($"{argument} is on {tensor.device} and {otherArgument} on {other.device}; both need the same device.", argument);
    }

    /// <summary>Refuses a feature map that a module of so many input channels cannot take.</summary>
    internal static void FeatureMap(Tensor map, string argument, long channels, Tensor weight)
    {
        ArgumentNullException.ThrowIfNull(map, argument);
        if (map.shape is not [_, var found, > 0, > 0])
            throw new ArgumentException($"{argument} has shape {Describe(map.shape)}; [N, {channels}, H, W] with H and W at least 1 is needed.", argument);
        if (found != channels)
            throw new ArgumentException($"{argument} has {found} channels; the module was built for {channels}.", argument);
        Alike(map, argument, weight, "the module's weight");
    }

    internal static bool AllFinite(ReadOnlySpan<double> values)
    {
        foreach (var value in values)
        {
            if (!double.IsFinite(value))
                return false;
        }

        return true;
    }

    /// <summary>Whether a sum of terms is told from zero in a type: it exceeds the rounding of its terms, and the type's least normal number.</summary>
    internal static bool IsDistinct(double sum, double terms, ScalarType type)
    {
        var (rounding, least) = type switch
        {
            ScalarType.Float64 => (Math.ScaleB(1, -50), Math.ScaleB(1, -1022)),
            ScalarType.Float32 => (Math.ScaleB(1, -21), Math.ScaleB(1, -126)),
            ScalarType.BFloat16 => (Math.ScaleB(1, -6), Math.ScaleB(1, -126)),
            _ => (Math.ScaleB(1, -9), Math.ScaleB(1, -14)),
        };
        return Math.Abs(sum) > rounding * terms && Math.Abs(sum) >= least;
    }

    internal static void FloatingPoint(Tensor tensor, string argument)
    {
        if (tensor.dtype is not (ScalarType.Float16 or ScalarType.BFloat16 or ScalarType.Float32 or ScalarType.Float64))
            throw new ArgumentException($"{argument} has elements of type {tensor.dtype}; a floating-point type is needed.", argument);
    }
}
