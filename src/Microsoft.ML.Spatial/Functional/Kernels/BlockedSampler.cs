using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Microsoft.ML.Spatial.Functional.Kernels;

/// <summary>
/// Samples a block of channels at a time, point by point. The channels of a block are first brought side by side, so that a read is a load and an
/// addition to a gradient a load and a store; pixels outside are a pixel of zeros behind the last.
/// </summary>
internal sealed unsafe class BlockedSampler<TBlock> : IDisposable
    where TBlock : struct, IChannelBlock<TBlock>
{
    private const int Together = 4;

    private readonly WarpShape _shape;
    private readonly SourcePoints _points;
    private readonly Axis _horizontal;
    private readonly Axis _vertical;
    private readonly bool _nearest;
    private readonly Reads _reads = new();

    // Room for the block's pixels and the one of zeros.
    private readonly FloatBuffer _input;
    private readonly FloatBuffer _gradInput;
    private readonly FloatBuffer _run = new(Reads.Capacity * TBlock.Count);
    private readonly FloatBuffer _gradPoints;

    /// <param name="shape">The sizes.</param>
    /// <param name="points">The source points.</param>
    /// <param name="horizontal">The input's x axis.</param>
    /// <param name="vertical">The input's y axis.</param>
    /// <param name="nearest">Read the nearest pixel.</param>
    /// <param name="backward">Whether there will be backward passes.</param>
    public BlockedSampler(WarpShape shape, SourcePoints points, Axis horizontal, Axis vertical, bool nearest, bool backward)
    {
        (_shape, _points, _horizontal, _vertical, _nearest) = (shape, points, horizontal, vertical, nearest);
        var block = (nint)(shape.Area + 1) * TBlock.Count;
        _input = new FloatBuffer(block);
        _gradInput = new FloatBuffer(backward ? block : 0);
        _gradPoints = new FloatBuffer(backward ? 2 * ((nint)shape.OutputArea + Lanes.Count) : 0);
    }

    /// <summary>Blocks that a number of channels makes.</summary>
    public static int Blocks(int channels) => (channels + TBlock.Count - 1) / TBlock.Count;

    /// <summary>Samples one block of channels of a picture.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Forward(int picture, int block, float* input, float* output)
    {
        var (first, channels) = Channels(block);
        ToPixels(input + (((nint)picture * _shape.Channels) + first) * _shape.Area, channels);
        float* pixels = _input.Start, samples = _run.Start;
        var to = output + (((nint)picture * _shape.Channels) + first) * _shape.OutputArea;
        for (var run = 0; run < _shape.OutputArea; run += Reads.Capacity)
        {
            var count = Locate(picture, run);
            for (var i = 0; i < count; i++)
            {
                new Read(_reads, i).Blend(pixels).Store(samples + (i * TBlock.Count));
            }

            PixelOrder.ToPlanes(samples, TBlock.Count, channels, count, to + run, _shape.OutputArea);
        }
    }

    /// <summary>Takes the gradients of a picture's whole output.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="input">The whole input.</param>
    /// <param name="gradOutput">The whole gradient of the output.</param>
    /// <param name="gradInput">Receives the picture's part of the gradient of the input; null where it is not wanted.</param>
    /// <param name="gradPoints">Whether the source points want theirs.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Backward(int picture, float* input, float* gradOutput, float* gradInput, bool gradPoints)
    {
        float* pixels = _input.Start, gradPixels = _gradInput.Start, gradients = _run.Start;
        var sumX = _gradPoints.Start;
        var sumY = sumX + _shape.OutputArea + Lanes.Count;
        _gradPoints.Clear();
        for (var block = 0; block < Blocks(_shape.Channels); block++)
        {
            var (first, channels) = Channels(block);
            var at = ((nint)picture * _shape.Channels) + first;
            if (gradPoints)
                ToPixels(input + (at * _shape.Area), channels);
            if (gradInput is not null)
                _gradInput.Clear();
            for (var run = 0; run < _shape.OutputArea; run += Reads.Capacity)
            {
                var count = Locate(picture, run);
                PixelOrder.FromPlanes(gradOutput + (at * _shape.OutputArea) + run, _shape.OutputArea, channels, count, gradients, TBlock.Count, TBlock.Count);

                // Four points at a time; those behind the last have no gradient.
                new Span<float>(gradients + (count * TBlock.Count), (-count & (Together - 1)) * TBlock.Count).Clear();
                for (var i = 0; i < count; i += Together)
                {
                    var (p0, p1, p2, p3) = (new Read(_reads, i), new Read(_reads, i + 1), new Read(_reads, i + 2), new Read(_reads, i + 3));
                    var gradient = gradients + (i * TBlock.Count);
                    var (g0, g1) = (TBlock.Load(gradient), TBlock.Load(gradient + TBlock.Count));
                    var (g2, g3) = (TBlock.Load(gradient + (2 * TBlock.Count)), TBlock.Load(gradient + (3 * TBlock.Count)));
                    if (gradInput is not null)
                    {
                        p0.Add(g0, gradPixels);
                        p1.Add(g1, gradPixels);
                        p2.Add(g2, gradPixels);
                        p3.Add(g3, gradPixels);
                    }

                    if (gradPoints)
                    {
                        var (x0, y0) = p0.Slopes(g0, pixels);
                        var (x1, y1) = p1.Slopes(g1, pixels);
                        var (x2, y2) = p2.Slopes(g2, pixels);
                        var (x3, y3) = p3.Slopes(g3, pixels);
                        (Vector128.Load(sumX + run + i) + TBlock.Sums(x0, x1, x2, x3)).Store(sumX + run + i);
                        (Vector128.Load(sumY + run + i) + TBlock.Sums(y0, y1, y2, y3)).Store(sumY + run + i);
                    }
                }
            }

            if (gradInput is not null)
                PixelOrder.ToPlanes(gradPixels, TBlock.Count, channels, _shape.Area, gradInput + (at * _shape.Area), _shape.Area);
        }

        if (gradPoints)
            GivePoints(picture, sumX, sumY);
    }

    public void Dispose()
    {
        _reads.Dispose();
        _input.Dispose();
        _run.Dispose();
        _gradInput.Dispose();
        _gradPoints.Dispose();
    }

    private (int First, int Count) Channels(int block) => (block * TBlock.Count, Math.Min(TBlock.Count, _shape.Channels - (block * TBlock.Count)));

    /// <summary>Finds what the points of a run read; a pixel outside is the one of zeros.</summary>
    private int Locate(int picture, int run)
    {
        var count = Math.Min(Reads.Capacity, _shape.OutputArea - run);
        _points.Fill(picture, run, count, _reads.X, _reads.Y);
        _reads.Locate(count, _horizontal, _vertical, _nearest);
        _reads.ToAddresses(count, _shape.Area, TBlock.Count);
        return count;
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
        PixelOrder.FromPlanes(planes, _shape.Area, channels, _shape.Area, _input.Start, TBlock.Count, TBlock.Count);
        new Span<float>(_input.Start + ((nint)_shape.Area * TBlock.Count), TBlock.Count).Clear();
    }

    /// <summary>What one point reads: four pixels and their weights.</summary>
    private readonly struct Read
    {
        private readonly int _upperLeft;
        private readonly int _upperRight;
        private readonly int _lowerLeft;
        private readonly int _lowerRight;
        private readonly TBlock _x;
        private readonly TBlock _y;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Read(Reads reads, int i)
        {
            (_upperLeft, _upperRight, _lowerLeft, _lowerRight) = (reads.UpperLeft[i], reads.UpperRight[i], reads.LowerLeft[i], reads.LowerRight[i]);
            _x = TBlock.Create(reads.FractionX[i]);
            _y = TBlock.Create(reads.FractionY[i]);
        }

        /// <summary>The bilinear values (Jaderberg et al. 2015, equation 5).</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TBlock Blend(float* pixels)
        {
            var (upper, lower) = (TBlock.Load(pixels + _upperLeft), TBlock.Load(pixels + _lowerLeft));
            upper = TBlock.MultiplyAdd(TBlock.Load(pixels + _upperRight) - upper, _x, upper);
            lower = TBlock.MultiplyAdd(TBlock.Load(pixels + _lowerRight) - lower, _x, lower);
            return TBlock.MultiplyAdd(lower - upper, _y, upper);
        }

        /// <summary>The derivatives by x and y, times a gradient (equation 7).</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public (TBlock AlongX, TBlock AlongY) Slopes(TBlock gradient, float* pixels)
        {
            var (upper, lower) = (TBlock.Load(pixels + _upperLeft), TBlock.Load(pixels + _lowerLeft));
            var (alongUpper, alongLower) = (TBlock.Load(pixels + _upperRight) - upper, TBlock.Load(pixels + _lowerRight) - lower);
            var twist = alongLower - alongUpper;
            return (gradient * TBlock.MultiplyAdd(twist, _y, alongUpper), gradient * TBlock.MultiplyAdd(twist, _x, lower - upper));
        }

        /// <summary>Adds a gradient to the four pixels (equation 6).</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Add(TBlock gradient, float* pixels)
        {
            var below = gradient * _y;
            var above = gradient - below;
            var (belowRight, aboveRight) = (below * _x, above * _x);
            (TBlock.Load(pixels + _upperLeft) + (above - aboveRight)).Store(pixels + _upperLeft);
            (TBlock.Load(pixels + _upperRight) + aboveRight).Store(pixels + _upperRight);
            (TBlock.Load(pixels + _lowerLeft) + (below - belowRight)).Store(pixels + _lowerLeft);
            (TBlock.Load(pixels + _lowerRight) + belowRight).Store(pixels + _lowerRight);
        }
    }
}
