using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Microsoft.ML.Spatial.Functional.Kernels;

/// <summary>The source points of affine transformations.</summary>
/// <param name="theta"><c>[N, 6]</c>, matrices row by row in normalised coordinates.</param>
/// <param name="centres">Where the output's pixels lie.</param>
/// <param name="horizontal">The input's x axis.</param>
/// <param name="vertical">The input's y axis.</param>
internal sealed unsafe class AffinePoints(float[] theta, PixelCentres centres, Axis horizontal, Axis vertical) : SourcePoints
{
    private const int Parameters = 6;

    /// <summary>Gradients of theta, <c>[N, 6]</c>.</summary>
    public override double[] Gradient { get; } = new double[theta.Length];

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Fill(int picture, int first, int count, float* x, float* y)
    {
        var a = theta.AsSpan(Parameters * picture, Parameters);
        var (ax, ay) = (Vector256.Create((float)(a[0] * horizontal.Scale)), Vector256.Create((float)(a[3] * vertical.Scale)));
        foreach (var (row, column, at, length) in centres.Rows(first, count))
        {
            // What is the same along a row is summed in double precision.
            var startX = Vector256.Create((float)((((double)a[1] * centres.Y[row]) + a[2] + 1) * horizontal.Scale + horizontal.Origin));
            var startY = Vector256.Create((float)((((double)a[4] * centres.Y[row]) + a[5] + 1) * vertical.Scale + vertical.Origin));
            for (var i = 0; i < length; i += Lanes.Count)
            {
                var centre = Vector256.Load(centres.X + column + i);
                Vector256.FusedMultiplyAdd(ax, centre, startX).Store(x + at + i);
                Vector256.FusedMultiplyAdd(ay, centre, startY).Store(y + at + i);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Backward(int picture, int first, int count, float* x, float* y)
    {
        var gradient = Gradient.AsSpan(Parameters * picture, Parameters);
        foreach (var (row, column, at, length) in centres.Rows(first, count))
        {
            var (sumX, sumXX, sumY, sumYX) = (Vector256<float>.Zero, Vector256<float>.Zero, Vector256<float>.Zero, Vector256<float>.Zero);
            for (var i = 0; i < length; i += Lanes.Count)
            {
                var centre = Vector256.Load(centres.X + column + i);
                var (gx, gy) = (Lanes.Load(x + at + i, length - i), Lanes.Load(y + at + i, length - i));
                (sumX, sumY) = (sumX + gx, sumY + gy);
                sumXX = Vector256.FusedMultiplyAdd(gx, centre, sumXX);
                sumYX = Vector256.FusedMultiplyAdd(gy, centre, sumYX);
            }

            var (alongX, alongY) = (Vector256.Sum(sumX) * horizontal.Scale, Vector256.Sum(sumY) * vertical.Scale);
            gradient[0] += Vector256.Sum(sumXX) * horizontal.Scale;
            gradient[1] += alongX * centres.Y[row];
            gradient[2] += alongX;
            gradient[3] += Vector256.Sum(sumYX) * vertical.Scale;
            gradient[4] += alongY * centres.Y[row];
            gradient[5] += alongY;
        }
    }
}
