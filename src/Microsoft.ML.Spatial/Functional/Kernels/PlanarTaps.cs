using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Microsoft.ML.Spatial.Functional.Kernels;

/// <summary>The four pixels around each point of a run, or the nearest.</summary>
/// <param name="horizontal">The input's x axis.</param>
/// <param name="vertical">The input's y axis.</param>
/// <param name="nearest">Read only the nearest pixel.</param>
#pragma warning disable CA1001 // the rule takes no struct for disposable
internal readonly unsafe struct PlanarTaps(Axis horizontal, Axis vertical, bool nearest) : IRunTaps
#pragma warning restore CA1001
{
    private readonly Reads _reads = new();
    private readonly FloatBuffer _products = new(4 * Reads.Capacity);

    public float* X => _reads.X;

    public float* Y => _reads.Y;

    public void Locate(int count) => _reads.Locate(count, horizontal, vertical, nearest);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector256<float> Value(float* plane, int i) => new Corners(_reads, plane, i).Value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public (Vector256<float> AlongX, Vector256<float> AlongY) Slopes(float* plane, int i)
    {
        var corners = new Corners(_reads, plane, i);
        return (corners.AlongX * Vector256.Load(_reads.SlopeX + i), corners.AlongY * Vector256.Load(_reads.SlopeY + i));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Scatter(float* gradients, int count, float* gradPlane)
    {
        var upperLeft = _products.Start;
        var upperRight = upperLeft + Reads.Capacity;
        var lowerLeft = upperRight + Reads.Capacity;
        var lowerRight = lowerLeft + Reads.Capacity;
        for (var i = 0; i < count; i += Lanes.Count)
        {
            var gradient = Lanes.Load(gradients + i, count - i);
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
            gradPlane[_reads.UpperLeft[i]] += upperLeft[i];
            gradPlane[_reads.UpperRight[i]] += upperRight[i];
            gradPlane[_reads.LowerLeft[i]] += lowerLeft[i];
            gradPlane[_reads.LowerRight[i]] += lowerRight[i];
        }
    }

    public void Dispose()
    {
        _reads.Dispose();
        _products.Dispose();
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
