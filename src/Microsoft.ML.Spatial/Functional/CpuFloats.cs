using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Spatial.Functional;

/// <summary>The memory of float32 tensors on the CPU, which kernels read and write.</summary>
internal static class CpuFloats
{
    /// <summary>Whether a tensor of so many elements is within what a span of its bytes reaches.</summary>
    internal static bool Reaches(long elements) => elements <= int.MaxValue / sizeof(float);

    /// <summary>A copy of a float32 tensor's elements, row major, from any device.</summary>
    internal static float[] Copy(Tensor tensor)
    {
        using var scope = torch.NewDisposeScope();
        var floats = tensor.detach().cpu().contiguous();
        return floats.NumberOfElements == 0 ? [] : MemoryMarshal.Cast<byte, float>(floats.bytes).ToArray();
    }

    /// <summary>The first element of a contiguous tensor, which the caller keeps alive.</summary>
    internal static unsafe float* Address(Tensor tensor)
    {
        // Memory of a tensor is native: it does not move.
        fixed (byte* address = tensor.bytes)
            return (float*)address;
    }
}
