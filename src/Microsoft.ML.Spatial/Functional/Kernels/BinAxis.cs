using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Microsoft.ML.Spatial.Functional.Kernels;

/// <summary>
/// What a bin reads along one axis: the pixels that its samples lie between, each with the sum of its weights. A bin's mean is the sum over rows and columns of
/// both weights' product, since its samples form a lattice: a pixel between several samples is read once.
/// </summary>
internal sealed unsafe class BinAxis : IDisposable
{
    private readonly int _side;
    private readonly nint _stride;
    private readonly FloatBuffer _memory;

    /// <param name="side">Pixels of the axis.</param>
    /// <param name="stride">Floats from a pixel to the next along the axis.</param>
    public BinAxis(int side, nint stride)
    {
        (_side, _stride) = (side, stride);
        _memory = new FloatBuffer(2 * side);
        Weights = _memory.Start;
        Slopes = Weights + side;
        Places = (nint*)NativeMemory.AllocZeroed((nuint)side, (nuint)sizeof(nint));
    }

    /// <summary>Pixels read.</summary>
    public int Count { get; private set; }

    /// <summary>Samples inside.</summary>
    public int Inside { get; private set; }

    /// <summary>Floats from the axis' first pixel to each pixel read, ascending.</summary>
    public nint* Places { get; private set; }

    /// <summary>Weights of the pixels.</summary>
    public float* Weights { get; }

    /// <summary>Derivatives of the weights by a shift of the bin.</summary>
    public float* Slopes { get; }

    /// <summary>Finds what the samples of a bin read.</summary>
    /// <param name="span">The RoI's axis.</param>
    /// <param name="bin">The bin.</param>
    /// <param name="shift">How far it is moved, in pixels; where this is not finite, nothing is read.</param>
    /// <param name="reach">How far outside the picture its outermost pixels are read.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Fill(in RoISpan<float> span, int bin, float shift, float reach)
    {
        (Count, Inside) = (0, 0);
        var (low, high) = (-reach, _side - 1 + reach);
        var (from, to) = span.Within(bin, shift, low, high);
        for (var i = from; i < to; i++)
        {
            // Rising places: what a sample reads is new or among the last two.
            var at = span.Position(bin, span.IsReversed ? to - 1 - i : i, shift);
            if (!(at >= low && at <= high))
                continue;
            Inside++;
            var inside = MathF.Max(at, 0);
            var pixel = (int)inside;
            if (pixel >= _side - 1)
            {
                Add(_side - 1, 1, 0);
                continue;
            }

            var (fraction, slope) = (inside - pixel, at >= 0 ? 1 : 0);
            Add(pixel, 1 - fraction, -slope);
            Add(pixel + 1, fraction, slope);
        }
    }

    /// <summary>Reads a range of pixels, each with weight 1.</summary>
    public void Fill(int from, int to)
    {
        Count = Inside = to - from;
        for (var i = 0; i < Count; i++)
            (Places[i], Weights[i]) = ((from + i) * _stride, 1);
    }

    public void Dispose()
    {
        _memory.Dispose();
        NativeMemory.Free(Places);
        Places = null;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Add(int pixel, float weight, float slope)
    {
        var place = pixel * _stride;
        for (var i = Count - 1; i >= Math.Max(Count - 2, 0); i--)
        {
            if (Places[i] == place)
            {
                Weights[i] += weight;
                Slopes[i] += slope;
                return;
            }
        }

        (Places[Count], Weights[Count], Slopes[Count]) = (place, weight, slope);
        Count++;
    }
}
