using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Microsoft.ML.Spatial.Functional.Kernels;

/// <summary>Which four pixels each point of a run reads, and how far between them it lies. Scratch memory of one thread.</summary>
internal sealed unsafe class Reads : IDisposable
{
    /// <summary>Most points of a run; a multiple of every vector's length, small enough for the nearest cache.</summary>
    public const int Capacity = 256;

    private const int Arrays = 14;

    // A vector may be written that begins at the last point.
    private const int Room = Capacity + Lanes.Count;

    private readonly FloatBuffer _memory = new(Arrays * Room);

    public Reads()
    {
        _memory.Clear();
        float* Next(int i) => _memory.Start + (i * Room);
        X = Next(0);
        Y = Next(1);
        FractionX = Next(2);
        FractionY = Next(3);
        SlopeX = Next(4);
        SlopeY = Next(5);
        UpperLeft = (int*)Next(6);
        UpperRight = (int*)Next(7);
        LowerLeft = (int*)Next(8);
        LowerRight = (int*)Next(9);
        InUpperLeft = (int*)Next(10);
        InUpperRight = (int*)Next(11);
        InLowerLeft = (int*)Next(12);
        InLowerRight = (int*)Next(13);
    }

    /// <summary>Source points in pixels.</summary>
    public float* X { get; }

    public float* Y { get; }

    /// <summary>Distance of the point from its left pixels, in [0, 1).</summary>
    public float* FractionX { get; }

    /// <summary>Distance of the point from its upper pixels, in [0, 1).</summary>
    public float* FractionY { get; }

    /// <summary>Derivative of where is read by the source point.</summary>
    public float* SlopeX { get; }

    public float* SlopeY { get; }

    /// <summary>Places of the four pixels in a channel; of one outside, some place inside.</summary>
    public int* UpperLeft { get; }

    public int* UpperRight { get; }

    public int* LowerLeft { get; }

    public int* LowerRight { get; }

    /// <summary>All bits where the pixel lies inside, else none.</summary>
    public int* InUpperLeft { get; }

    public int* InUpperRight { get; }

    public int* InLowerLeft { get; }

    public int* InLowerRight { get; }

    /// <summary>Finds the pixels of a run whose points stand in <see cref="X"/> and <see cref="Y"/>.</summary>
    /// <param name="count">Points in the run.</param>
    /// <param name="horizontal">The input's x axis.</param>
    /// <param name="vertical">The input's y axis.</param>
    /// <param name="nearest">Read only the nearest pixel, ⌊x + 0.5⌋ and ⌊y + 0.5⌋ (Jaderberg et al. 2015, equation 4).</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Locate(int count, in Axis horizontal, in Axis vertical, bool nearest)
    {
        for (var i = 0; i < count; i += Vector256<float>.Count)
        {
            var x = Vector256.Load(X + i);
            var y = Vector256.Load(Y + i);
            if (nearest)
            {
                x = Vector256.Floor(horizontal.Tame(x, out _) + Vector256.Create(0.5f));
                y = Vector256.Floor(vertical.Tame(y, out _) + Vector256.Create(0.5f));
            }

            x = horizontal.Locate(x, out var slopeX);
            y = vertical.Locate(y, out var slopeY);
            var left = Vector256.Floor(x);
            var upper = Vector256.Floor(y);
            if (nearest)
            {
                // So far out that mirroring was not exact, a whole coordinate may have become a broken one.
                x = left;
                y = upper;
            }

            (x - left).Store(FractionX + i);
            (y - upper).Store(FractionY + i);
            slopeX.Store(SlopeX + i);
            slopeY.Store(SlopeY + i);

            var (x0, x1, in0, in1) = Neighbours(left, horizontal.Side, nearest);
            var (y0, y1, inUpper, inLower) = Neighbours(upper, vertical.Side, nearest);
            y0 *= horizontal.Side;
            y1 *= horizontal.Side;
            (y0 + x0).Store(UpperLeft + i);
            (y0 + x1).Store(UpperRight + i);
            (y1 + x0).Store(LowerLeft + i);
            (y1 + x1).Store(LowerRight + i);
            (inUpper & in0).Store(InUpperLeft + i);
            (inUpper & in1).Store(InUpperRight + i);
            (inLower & in0).Store(InLowerLeft + i);
            (inLower & in1).Store(InLowerRight + i);
        }
    }

    public void Dispose() => _memory.Dispose();

    /// <summary>Turns the places into addresses of pixels whose channels are side by side, so that <c>InUpperLeft</c> and the others need no more be asked.</summary>
    /// <param name="count">Points in the run.</param>
    /// <param name="outside">The place of a pixel of zeros, which stands for those outside.</param>
    /// <param name="floatsPerPixel">Floats from a pixel to the next.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void ToAddresses(int count, int outside, int floatsPerPixel)
    {
        var zeros = Vector256.Create(outside);
        for (var i = 0; i < count; i += Lanes.Count)
        {
            Turn(UpperLeft + i, InUpperLeft + i);
            Turn(UpperRight + i, InUpperRight + i);
            Turn(LowerLeft + i, InLowerLeft + i);
            Turn(LowerRight + i, InLowerRight + i);
        }

        void Turn(int* pixel, int* isIn) =>
            (Vector256.ConditionalSelect(Vector256.Load(isIn), Vector256.Load(pixel), zeros) * floatsPerPixel).Store(pixel);
    }

    /// <summary>A pixel and the next of an axis, each clamped to it, and whether they lie on it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector256<int> First, Vector256<int> Second, Vector256<int> InFirst, Vector256<int> InSecond) Neighbours(Vector256<float> pixel, int side, bool nearest)
    {
        var first = Vector256.ConvertToInt32Native(pixel);
        var second = first + Vector256<int>.One;
        var last = Vector256.Create(side - 1);
        var clampedFirst = Vector256.Min(Vector256.Max(first, Vector256<int>.Zero), last);
        var clampedSecond = Vector256.Min(Vector256.Max(second, Vector256<int>.Zero), last);
        var inSecond = nearest ? Vector256<int>.Zero : Vector256.Equals(second, clampedSecond);
        return (clampedFirst, clampedSecond, Vector256.Equals(first, clampedFirst), inSecond);
    }
}
