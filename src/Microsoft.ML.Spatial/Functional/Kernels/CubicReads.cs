using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Microsoft.ML.Spatial.Functional.Kernels;

/// <summary>Which four places of one axis each point of a run reads with a cubic kernel, and with what weights. Scratch memory of one thread.</summary>
internal sealed unsafe class CubicReads : IDisposable
{
    /// <summary>Places that a point reads along an axis.</summary>
    public const int Taps = 4;

    // The cubic convolution kernel of Keys 1981, with the coefficient that PyTorch and OpenCV use.
    private const float A = -0.75f;

    private const int Room = Reads.Capacity + Lanes.Count;

    private readonly FloatBuffer _memory = new(((4 * Taps) + 1) * Room);

    private readonly float* _start;

    public CubicReads()
    {
        _memory.Clear();
        _start = _memory.Start;
    }

    /// <summary>Source points in pixels.</summary>
    public float* Points => _start + (4 * Taps * Room);

    /// <summary>The weights of the k-th place.</summary>
    public float* Weight(int k) => _start + (k * Room);

    /// <summary>Their derivatives by the source point.</summary>
    public float* Slope(int k) => _start + ((Taps + k) * Room);

    /// <summary>The k-th place, times the step between places; of one outside, some place inside.</summary>
    public int* Place(int k) => (int*)(_start + (((2 * Taps) + k) * Room));

    /// <summary>All bits where the k-th place lies inside, else none.</summary>
    public int* IsIn(int k) => (int*)(_start + (((3 * Taps) + k) * Room));

    /// <summary>Finds the places of a run whose points stand in <see cref="Points"/>.</summary>
    /// <param name="count">Points in the run.</param>
    /// <param name="axis">The axis.</param>
    /// <param name="step">Floats from one place of the axis to the next.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Locate(int count, in Axis axis, int step)
    {
        for (var i = 0; i < count; i += Lanes.Count)
        {
            var point = axis.Tame(Vector256.Load(Points + i), out var isNumber);
            var place = Vector256.Floor(point);
            var right = point - place;
            var left = Vector256<float>.One - right;
            Store(0, i, Far(right), FarSlope(right) & isNumber);
            Store(1, i, Near(right), NearSlope(right) & isNumber);
            Store(2, i, Near(left), -NearSlope(left) & isNumber);
            Store(3, i, Far(left), -FarSlope(left) & isNumber);
            for (var k = 0; k < Taps; k++)
            {
                // Each place is brought inside by itself.
                var tap = Vector256.ConvertToInt32Native(axis.Locate(place + Vector256.Create(k - 1f), out _));
                var inside = Vector256.Min(Vector256.Max(tap, Vector256<int>.Zero), Vector256.Create(axis.Side - 1));
                (inside * step).Store(Place(k) + i);
                Vector256.Equals(tap, inside).Store(IsIn(k) + i);
            }
        }
    }

    public void Dispose() => _memory.Dispose();

    /// <summary>The kernel at a distance t of [0, 1].</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Near(Vector256<float> t) => ((((A + 2) * t) - Vector256.Create(A + 3)) * t * t) + Vector256<float>.One;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> NearSlope(Vector256<float> t) => ((3 * (A + 2) * t) - Vector256.Create(2 * (A + 3))) * t;

    /// <summary>The kernel at a distance 1 + t of [1, 2]: A·t·(t − 1)².</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Far(Vector256<float> t)
    {
        var back = t - Vector256<float>.One;
        return A * t * back * back;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> FarSlope(Vector256<float> t)
    {
        var back = t - Vector256<float>.One;
        return A * back * ((3 * t) - Vector256<float>.One);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Store(int k, int i, Vector256<float> weight, Vector256<float> slope)
    {
        weight.Store(Weight(k) + i);
        slope.Store(Slope(k) + i);
    }
}
