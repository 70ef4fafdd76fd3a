using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Microsoft.ML.Spatial.Functional.Kernels;

/// <summary>
/// Samples channel by channel, eight points at a time: the way for one channel. Reads gather; gradients of the input, which may meet in one pixel,
/// are added one by one in the order of the points.
/// </summary>
internal sealed unsafe class PlanarSampler(WarpShape shape, SourcePoints points, Axis horizontal, Axis vertical, bool nearest) : RunSampler
{
    private readonly Reads _reads = new();
    private readonly FloatBuffer _products = new(4 * Reads.Capacity);
    private readonly FloatBuffer _gradients = new(2 * Reads.Capacity);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Forward(int picture, int first, int count, float* input, float* output)
    {
        points.Fill(picture, first, count, _reads.X, _reads.Y);
        _reads.Locate(count, horizontal, vertical, nearest);
        for (var channel = 0; channel < shape.Channels; channel++)
        {
            var plane = input + (((nint)picture * shape.Channels) + channel) * shape.Area;
            var to = output + ((((nint)picture * shape.Channels) + channel) * shape.OutputArea) + first;
            for (var i = 0; i < count; i += Lanes.Count)
            {
                var corners = new Corners(_reads, plane, i);
                Lanes.Store(corners.Value, to + i, count - i);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Backward(int picture, int first, int count, float* input, float* gradOutput, float* gradInput, bool gradPoints)
    {
        points.Fill(picture, first, count, _reads.X, _reads.Y);
        _reads.Locate(count, horizontal, vertical, nearest);
        var sumX = _gradients.Start;
        var sumY = sumX + Reads.Capacity;
        _gradients.Clear();
        for (var channel = 0; channel < shape.Channels; channel++)
        {
            var at = ((nint)picture * shape.Channels) + channel;
            var from = gradOutput + (at * shape.OutputArea) + first;
            if (gradPoints)
            {
                var plane = input + (at * shape.Area);
                for (var i = 0; i < count; i += Lanes.Count)
                {
                    var corners = new Corners(_reads, plane, i);
                    var gradient = Lanes.Load(from + i, count - i);
                    Vector256.FusedMultiplyAdd(gradient, corners.AlongX, Vector256.Load(sumX + i)).Store(sumX + i);
                    Vector256.FusedMultiplyAdd(gradient, corners.AlongY, Vector256.Load(sumY + i)).Store(sumY + i);
                }
            }

            if (gradInput is not null)
                Scatter(from, count, gradInput + (at * shape.Area));
        }

        if (gradPoints)
        {
            for (var i = 0; i < count; i += Lanes.Count)
            {
                (Lanes.Load(sumX + i, count - i) * Vector256.Load(_reads.SlopeX + i)).Store(sumX + i);
                (Lanes.Load(sumY + i, count - i) * Vector256.Load(_reads.SlopeY + i)).Store(sumY + i);
            }

            points.Backward(picture, first, count, sumX, sumY);
        }
    }

    public override void Dispose()
    {
        _reads.Dispose();
        _products.Dispose();
        _gradients.Dispose();
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Scatter(float* from, int count, float* plane)
    {
        var upperLeft = _products.Start;
        var upperRight = upperLeft + Reads.Capacity;
        var lowerLeft = upperRight + Reads.Capacity;
        var lowerRight = lowerLeft + Reads.Capacity;
        for (var i = 0; i < count; i += Lanes.Count)
        {
            var gradient = Lanes.Load(from + i, count - i);
            var (right, lower) = (Vector256.Load(_reads.FractionX + i), Vector256.Load(_reads.FractionY + i));
            var (left, below) = (Vector256<float>.One - right, gradient * lower);
            var above = gradient - below;
            (above * left & Vector256.Load(_reads.InUpperLeft + i).AsSingle()).Store(upperLeft + i);
            (above * right & Vector256.Load(_reads.InUpperRight + i).AsSingle()).Store(upperRight + i);
            (below * left & Vector256.Load(_reads.InLowerLeft + i).AsSingle()).Store(lowerLeft + i);
            (below * right & Vector256.Load(_reads.InLowerRight + i).AsSingle()).Store(lowerRight + i);
        }

        for (var i = 0; i < count; i++)
        {
            plane[_reads.UpperLeft[i]] += upperLeft[i];
            plane[_reads.UpperRight[i]] += upperRight[i];
            plane[_reads.LowerLeft[i]] += lowerLeft[i];
            plane[_reads.LowerRight[i]] += lowerRight[i];
        }
    }

    /// <summary>The four pixels around eight points, zero where outside.</summary>
    private readonly ref struct Corners
    {
        private readonly Vector256<float> _upperLeft;
        private readonly Vector256<float> _lowerLeft;
        private readonly Vector256<float> _alongUpper;
        private readonly Vector256<float> _alongLower;
        private readonly Vector256<float> _fractionX;
        private readonly Vector256<float> _fractionY;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Corners(Reads reads, float* plane, int i)
        {
            _upperLeft = Lanes.Gather(plane, Vector256.Load(reads.UpperLeft + i)) & Vector256.Load(reads.InUpperLeft + i).AsSingle();
            _lowerLeft = Lanes.Gather(plane, Vector256.Load(reads.LowerLeft + i)) & Vector256.Load(reads.InLowerLeft + i).AsSingle();
            _alongUpper = (Lanes.Gather(plane, Vector256.Load(reads.UpperRight + i)) & Vector256.Load(reads.InUpperRight + i).AsSingle()) - _upperLeft;
            _alongLower = (Lanes.Gather(plane, Vector256.Load(reads.LowerRight + i)) & Vector256.Load(reads.InLowerRight + i).AsSingle()) - _lowerLeft;
            _fractionX = Vector256.Load(reads.FractionX + i);
            _fractionY = Vector256.Load(reads.FractionY + i);
        }

        /// <summary>The bilinear value (Jaderberg et al. 2015, equation 5).</summary>
        public Vector256<float> Value
        {
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            get
            {
                var upper = Vector256.FusedMultiplyAdd(_alongUpper, _fractionX, _upperLeft);
                var lower = Vector256.FusedMultiplyAdd(_alongLower, _fractionX, _lowerLeft);
                return Vector256.FusedMultiplyAdd(lower - upper, _fractionY, upper);
            }
        }

        /// <summary>Its derivative by x (equation 7).</summary>
        public Vector256<float> AlongX => Vector256.FusedMultiplyAdd(_alongLower - _alongUpper, _fractionY, _alongUpper);

        /// <summary>Its derivative by y.</summary>
        public Vector256<float> AlongY => Vector256.FusedMultiplyAdd(_alongLower - _alongUpper, _fractionX, _lowerLeft - _upperLeft);
    }
}
