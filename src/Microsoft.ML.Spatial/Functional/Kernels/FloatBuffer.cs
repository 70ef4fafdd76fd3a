using System.Buffers;
using System.Runtime.InteropServices;

namespace Microsoft.ML.Spatial.Functional.Kernels;

/// <summary>
/// Scratch memory for floats, aligned to a cache line; its values are unspecified at first. It comes from the shared pool of arrays: memory that goes back to the system
/// after every call costs page faults at the next one, which can take longer than the work.
/// </summary>
internal sealed unsafe class FloatBuffer : IDisposable
{
    private const int Alignment = 64;

    private readonly nint _floats;
    private readonly float[] _array;
    private GCHandle _pin;

    public FloatBuffer(nint floats)
    {
        _floats = floats;
        _array = ArrayPool<float>.Shared.Rent(checked((int)floats + (Alignment / sizeof(float))));
        _pin = GCHandle.Alloc(_array, GCHandleType.Pinned);
        Start = (float*)((_pin.AddrOfPinnedObject() + Alignment - 1) & -Alignment);
    }

    // Frees the pin alone, which would keep the array for ever: who forgot to dispose of it may still write to it, so that the pool does not get it back.
    ~FloatBuffer()
    {
        if (_pin.IsAllocated)
            _pin.Free();
    }

    /// <summary>The first float.</summary>
    public float* Start { get; }

    /// <summary>Makes all floats zero.</summary>
    public void Clear() => NativeMemory.Clear(Start, (nuint)_floats * sizeof(float));

    public void Dispose()
    {
        GC.SuppressFinalize(this);
        if (!_pin.IsAllocated)
            return;
        _pin.Free();
        ArrayPool<float>.Shared.Return(_array);
    }
}
