using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Microsoft.ML.Spatial.Functional.Kernels;

/// <summary>
/// Samples sixteen channels at a time, point by point: the way for many channels. The channels of a block are first brought side by side, so that a
/// read is a load and an addition to a gradient a load and a store; pixels outside are a pixel of zeros behind the last.
/// </summary>
internal sealed unsafe class BlockedSampler : IDisposable
{
    /// <summary>Channels of a block.</summary>
    public const int Block = 2 * Lanes.Count;

    private readonly WarpShape _shape;
    private readonly SourcePoints _points;
    private readonly Axis _horizontal;
    private readonly Axis _vertical;
    private readonly bool _nearest;
    private readonly Reads _reads = new();

    // Room for the block's pixels, the one of zeros, and what the last transposition writes beyond.
    private readonly float* _input;
    private readonly float* _gradInput;
    private readonly float* _run;
    private readonly float* _gradPoints;
    private readonly nuint _blockBytes;

    /// <param name="shape">The sizes.</param>
    /// <param name="points">The source points.</param>
    /// <param name="horizontal">The input's x axis.</param>
    /// <param name="vertical">The input's y axis.</param>
    /// <param name="nearest">Read the nearest pixel.</param>
    /// <param name="backward">Whether there will be backward passes.</param>
    public BlockedSampler(WarpShape shape, SourcePoints points, Axis horizontal, Axis vertical, bool nearest, bool backward)
    {
        (_shape, _points, _horizontal, _vertical, _nearest) = (shape, points, horizontal, vertical, nearest);
        _blockBytes = (nuint)(shape.Area + Lanes.Count) * Block * sizeof(float);
        _input = Allocate(_blockBytes);
        _run = Allocate((Reads.Capacity + Lanes.Count) * Block * sizeof(float));
        if (backward)
        {
            _gradInput = Allocate(_blockBytes);
            _gradPoints = Allocate((nuint)(2 * (shape.OutputArea + Lanes.Count)) * sizeof(float));
        }
    }

    /// <summary>Blocks that a number of channels makes.</summary>
    public static int Blocks(int channels) => (channels + Block - 1) / Block;

    /// <summary>Samples one block of channels of a picture.</summary>
    public void Forward(int picture, int block, float* input, float* output)
    {
        var (first, channels) = Channels(block);
        ToPixels(input + (((nint)picture * _shape.Channels) + first) * _shape.Area, channels);
        var to = output + (((nint)picture * _shape.Channels) + first) * _shape.OutputArea;
        for (var run = 0; run < _shape.OutputArea; run += Reads.Capacity)
        {
            var count = Locate(picture, run);
            for (var i = 0; i < count; i++)
            {
                var read = new Read(_reads, i);
                read.Blend(_input).Store(_run + (i * Block));
                read.Blend(_input + Lanes.Count).Store(_run + (i * Block) + Lanes.Count);
            }

            FromPixels(_run, count, channels, to + run, _shape.OutputArea);
        }
    }

    /// <summary>Takes the gradients of a picture's whole output.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="input">The whole input.</param>
    /// <param name="gradOutput">The whole gradient of the output.</param>
    /// <param name="gradInput">Receives the picture's part of the gradient of the input; null where it is not wanted.</param>
    /// <param name="gradPoints">Whether the source points want theirs.</param>
    public void Backward(int picture, float* input, float* gradOutput, float* gradInput, bool gradPoints)
    {
        var sumX = _gradPoints;
        var sumY = sumX + _shape.OutputArea + Lanes.Count;
        NativeMemory.Clear(_gradPoints, (nuint)(2 * (_shape.OutputArea + Lanes.Count)) * sizeof(float));
        for (var block = 0; block < Blocks(_shape.Channels); block++)
        {
            var (first, channels) = Channels(block);
            var at = ((nint)picture * _shape.Channels) + first;
            if (gradPoints)
                ToPixels(input + (at * _shape.Area), channels);
            if (gradInput is not null)
                NativeMemory.Clear(_gradInput, _blockBytes);
            for (var run = 0; run < _shape.OutputArea; run += Reads.Capacity)
            {
                var count = Locate(picture, run);
                ToRun(gradOutput + (at * _shape.OutputArea) + run, _shape.OutputArea, count, channels);
                for (var i = 0; i < count; i++)
                {
                    var read = new Read(_reads, i);
                    var gradient = Vector256.Load(_run + (i * Block));
                    var gradient2 = Vector256.Load(_run + (i * Block) + Lanes.Count);
                    if (gradInput is not null)
                    {
                        read.Add(gradient, _gradInput);
                        read.Add(gradient2, _gradInput + Lanes.Count);
                    }

                    if (gradPoints)
                    {
                        var (alongX, alongY) = read.Slopes(_input);
                        var (alongX2, alongY2) = read.Slopes(_input + Lanes.Count);
                        sumX[run + i] += Vector256.Sum(Vector256.FusedMultiplyAdd(gradient2, alongX2, gradient * alongX));
                        sumY[run + i] += Vector256.Sum(Vector256.FusedMultiplyAdd(gradient2, alongY2, gradient * alongY));
                    }
                }
            }

            if (gradInput is not null)
                FromPixels(_gradInput, _shape.Area, channels, gradInput + (at * _shape.Area), _shape.Area);
        }

        if (gradPoints)
            GivePoints(picture, sumX, sumY);
    }

    public void Dispose()
    {
        _reads.Dispose();
        NativeMemory.AlignedFree(_input);
        NativeMemory.AlignedFree(_run);
        NativeMemory.AlignedFree(_gradInput);
        NativeMemory.AlignedFree(_gradPoints);
    }

    private static float* Allocate(nuint bytes)
    {
        var memory = (float*)NativeMemory.AlignedAlloc(bytes, 64);
        NativeMemory.Clear(memory, bytes);
        return memory;
    }

    private (int First, int Count) Channels(int block) => (block * Block, Math.Min(Block, _shape.Channels - (block * Block)));

    /// <summary>Finds what the points of a run read; a pixel outside is the one of zeros.</summary>
    private int Locate(int picture, int run)
    {
        var count = Math.Min(Reads.Capacity, _shape.OutputArea - run);
        _points.Fill(picture, run, count, _reads.X, _reads.Y);
        _reads.Locate(count, _horizontal, _vertical, _nearest);
        var outside = Vector256.Create(_shape.Area);
        for (var i = 0; i < count; i += Lanes.Count)
        {
            Place(_reads.UpperLeft + i, _reads.InUpperLeft + i);
            Place(_reads.UpperRight + i, _reads.InUpperRight + i);
            Place(_reads.LowerLeft + i, _reads.InLowerLeft + i);
            Place(_reads.LowerRight + i, _reads.InLowerRight + i);
        }

        return count;

        void Place(int* pixel, int* isIn) =>
            (Vector256.ConditionalSelect(Vector256.Load(isIn), Vector256.Load(pixel), outside) * Block).Store(pixel);
    }

    private void GivePoints(int picture, float* sumX, float* sumY)
    {
        for (var run = 0; run < _shape.OutputArea; run += Reads.Capacity)
        {
            var count = Locate(picture, run);
            for (var i = 0; i < count; i += Lanes.Count)
            {
                (Lanes.Load(sumX + run + i, count - i) * Vector256.Load(_reads.SlopeX + i)).Store(_reads.X + i);
                (Lanes.Load(sumY + run + i, count - i) * Vector256.Load(_reads.SlopeY + i)).Store(_reads.Y + i);
            }

            _points.Backward(picture, run, count, _reads.X, _reads.Y);
        }
    }

    /// <summary>Brings the channels of a block of the input side by side.</summary>
    private void ToPixels(float* planes, int channels)
    {
        Interleave(planes, _shape.Area, _shape.Area, channels, _input);
        NativeMemory.Clear(_input + ((nint)_shape.Area * Block), Block * sizeof(float));
    }

    private void ToRun(float* planes, int stride, int count, int channels) => Interleave(planes, stride, count, channels, _run);

    /// <summary>Planes <c>[channels, count]</c> to pixels <c>[count, Block]</c>, zeros for the channels that are not there.</summary>
    private static void Interleave(float* planes, int stride, int count, int channels, float* pixels)
    {
        var whole = count / Lanes.Count * Lanes.Count;
        for (var half = 0; half < Block; half += Lanes.Count)
        {
            var here = channels - half;
            if (here >= Lanes.Count)
            {
                for (var i = 0; i < whole; i += Lanes.Count)
                    Lanes.Transpose(planes + ((nint)half * stride) + i, stride, pixels + (i * Block) + half, Block);
            }

            for (var i = here >= Lanes.Count ? whole : 0; i < count; i++)
            {
                for (var channel = 0; channel < Lanes.Count; channel++)
                    pixels[((nint)i * Block) + half + channel] = channel < here ? planes[((nint)(half + channel) * stride) + i] : 0;
            }
        }
    }

    /// <summary>Pixels <c>[count, Block]</c> to planes <c>[channels, count]</c>.</summary>
    private static void FromPixels(float* pixels, int count, int channels, float* planes, int stride)
    {
        var whole = count / Lanes.Count * Lanes.Count;
        for (var half = 0; half < channels; half += Lanes.Count)
        {
            var here = Math.Min(Lanes.Count, channels - half);
            if (here == Lanes.Count)
            {
                for (var i = 0; i < whole; i += Lanes.Count)
                    Lanes.Transpose(pixels + ((nint)i * Block) + half, Block, planes + ((nint)half * stride) + i, stride);
            }

            for (var i = here == Lanes.Count ? whole : 0; i < count; i++)
            {
                for (var channel = 0; channel < here; channel++)
                    planes[((nint)(half + channel) * stride) + i] = pixels[((nint)i * Block) + half + channel];
            }
        }
    }

    /// <summary>What one point reads: four pixels and their weights.</summary>
    private readonly ref struct Read
    {
        private readonly int _upperLeft;
        private readonly int _upperRight;
        private readonly int _lowerLeft;
        private readonly int _lowerRight;
        private readonly Vector256<float> _x;
        private readonly Vector256<float> _y;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Read(Reads reads, int i)
        {
            (_upperLeft, _upperRight, _lowerLeft, _lowerRight) = (reads.UpperLeft[i], reads.UpperRight[i], reads.LowerLeft[i], reads.LowerRight[i]);
            _x = Vector256.Create(reads.FractionX[i]);
            _y = Vector256.Create(reads.FractionY[i]);
        }

        /// <summary>The bilinear value of eight channels.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector256<float> Blend(float* pixels)
        {
            var (upper, lower) = (Vector256.Load(pixels + _upperLeft), Vector256.Load(pixels + _lowerLeft));
            upper = Vector256.FusedMultiplyAdd(Vector256.Load(pixels + _upperRight) - upper, _x, upper);
            lower = Vector256.FusedMultiplyAdd(Vector256.Load(pixels + _lowerRight) - lower, _x, lower);
            return Vector256.FusedMultiplyAdd(lower - upper, _y, upper);
        }

        /// <summary>Its derivatives by x and y.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public (Vector256<float> AlongX, Vector256<float> AlongY) Slopes(float* pixels)
        {
            var (upper, lower) = (Vector256.Load(pixels + _upperLeft), Vector256.Load(pixels + _lowerLeft));
            var (alongUpper, alongLower) = (Vector256.Load(pixels + _upperRight) - upper, Vector256.Load(pixels + _lowerRight) - lower);
            var twist = alongLower - alongUpper;
            return (Vector256.FusedMultiplyAdd(twist, _y, alongUpper), Vector256.FusedMultiplyAdd(twist, _x, lower - upper));
        }

        /// <summary>Adds a gradient of eight channels to the four pixels.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Add(Vector256<float> gradient, float* pixels)
        {
            var below = gradient * _y;
            var above = gradient - below;
            var (belowRight, aboveRight) = (below * _x, above * _x);
            Plus(pixels + _upperLeft, above - aboveRight);
            Plus(pixels + _upperRight, aboveRight);
            Plus(pixels + _lowerLeft, below - belowRight);
            Plus(pixels + _lowerRight, belowRight);

            static void Plus(float* to, Vector256<float> value) => (Vector256.Load(to) + value).Store(to);
        }
    }
}
