using System.Runtime.InteropServices;

namespace Microsoft.ML.Spatial.Functional.Kernels;

/// <summary>Native memory for floats, aligned to a cache line; its values are unspecified at first.</summary>
internal sealed unsafe class FloatBuffer(nint floats) : IDisposable
{
    /// <summary>The first float.</summary>
    public float* Start { get; } = (float*)NativeMemory.AlignedAlloc((nuint)Math.Max(1, floats) * sizeof(float), 64);

    /// <summary>Makes all floats zero.</summary>
    public void Clear() => NativeMemory.Clear(Start, (nuint)floats * sizeof(float));

    public void Dispose() => NativeMemory.AlignedFree(Start);
}
