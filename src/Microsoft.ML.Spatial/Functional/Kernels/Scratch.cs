using System.Runtime.InteropServices;

namespace Microsoft.ML.Spatial.Functional.Kernels;

/// <summary>Zeroed native memory for floats, at the start of a line of the cache.</summary>
internal sealed unsafe class Scratch : IDisposable
{
    private readonly nuint _bytes;

    /// <param name="floats">How many floats.</param>
    public Scratch(nint floats)
    {
        _bytes = (nuint)Math.Max(floats, 1) * sizeof(float);
        Floats = (float*)NativeMemory.AlignedAlloc(_bytes, 64);
        Clear();
    }

    public float* Floats { get; private set; }

    public void Clear() => NativeMemory.Clear(Floats, _bytes);

    public void Dispose()
    {
        NativeMemory.AlignedFree(Floats);
        Floats = null;
    }
}
