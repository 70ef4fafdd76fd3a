using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Microsoft.ML.Spatial.Functional.Kernels;

/// <summary>The source points of thin plate splines.</summary>
/// <param name="theta"><c>[N, K, 2]</c>: normalised source points (x, y) of the control points.</param>
/// <param name="planes">K planes, <paramref name="stride"/> apart: what each control point weighs at each pixel; <see cref="Group"/> may be read behind the last.</param>
/// <param name="stride">Floats from a plane to the next.</param>
/// <param name="horizontal">The input's x axis.</param>
/// <param name="vertical">The input's y axis.</param>
internal sealed unsafe class SplinePoints(float[] theta, float[] planes, int stride, Axis horizontal, Axis vertical) : SourcePoints
{
    /// <summary>Pixels whose points are computed together.</summary>
    public const int Group = 4 * Lanes.Count;

    private readonly int _controlPoints = planes.Length / stride;

    /// <summary>Gradients of theta, <c>[N, K, 2]</c>.</summary>
    public override double[] Gradient { get; } = new double[theta.Length];

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Fill(int picture, int first, int count, float* x, float* y)
    {
        var points = theta.AsSpan(2 * _controlPoints * picture, 2 * _controlPoints);
        var (startX, startY) = (Vector256.Create((float)(horizontal.Scale + horizontal.Origin)), Vector256.Create((float)(vertical.Scale + vertical.Origin)));
        var (scaleX, scaleY) = ((float)horizontal.Scale, (float)vertical.Scale);
        fixed (float* weights = planes)
        {
            for (var i = 0; i < count; i += Group)
            {
                var (x0, x1, x2, x3) = (startX, startX, startX, startX);
                var (y0, y1, y2, y3) = (startY, startY, startY, startY);
                var plane = weights + first + i;
                for (var k = 0; k < _controlPoints; k++, plane += stride)
                {
                    var (pointX, pointY) = (Vector256.Create(points[2 * k] * scaleX), Vector256.Create(points[(2 * k) + 1] * scaleY));
                    var (w0, w1) = (Vector256.Load(plane), Vector256.Load(plane + Lanes.Count));
                    var (w2, w3) = (Vector256.Load(plane + (2 * Lanes.Count)), Vector256.Load(plane + (3 * Lanes.Count)));
                    (x0, y0) = (Vector256.FusedMultiplyAdd(w0, pointX, x0), Vector256.FusedMultiplyAdd(w0, pointY, y0));
                    (x1, y1) = (Vector256.FusedMultiplyAdd(w1, pointX, x1), Vector256.FusedMultiplyAdd(w1, pointY, y1));
                    (x2, y2) = (Vector256.FusedMultiplyAdd(w2, pointX, x2), Vector256.FusedMultiplyAdd(w2, pointY, y2));
                    (x3, y3) = (Vector256.FusedMultiplyAdd(w3, pointX, x3), Vector256.FusedMultiplyAdd(w3, pointY, y3));
                }

                Store(x + i, x0, x1, x2, x3);
                Store(y + i, y0, y1, y2, y3);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Backward(int picture, int first, int count, float* x, float* y)
    {
        var gradient = Gradient.AsSpan(2 * _controlPoints * picture, 2 * _controlPoints);
        fixed (float* weights = planes)
        {
            var k = 0;
            for (; k + 4 <= _controlPoints; k += 4)
            {
                var plane = weights + (k * (nint)stride) + first;
                var (x0, x1, x2, x3) = (Vector256<float>.Zero, Vector256<float>.Zero, Vector256<float>.Zero, Vector256<float>.Zero);
                var (y0, y1, y2, y3) = (x0, x0, x0, x0);
                for (var i = 0; i < count; i += Lanes.Count, plane += Lanes.Count)
                {
                    var (gx, gy) = (Vector256.Load(x + i), Vector256.Load(y + i));
                    var (w0, w1) = (Vector256.Load(plane), Vector256.Load(plane + stride));
                    var (w2, w3) = (Vector256.Load(plane + (2 * (nint)stride)), Vector256.Load(plane + (3 * (nint)stride)));
                    (x0, y0) = (Vector256.FusedMultiplyAdd(w0, gx, x0), Vector256.FusedMultiplyAdd(w0, gy, y0));
                    (x1, y1) = (Vector256.FusedMultiplyAdd(w1, gx, x1), Vector256.FusedMultiplyAdd(w1, gy, y1));
                    (x2, y2) = (Vector256.FusedMultiplyAdd(w2, gx, x2), Vector256.FusedMultiplyAdd(w2, gy, y2));
                    (x3, y3) = (Vector256.FusedMultiplyAdd(w3, gx, x3), Vector256.FusedMultiplyAdd(w3, gy, y3));
                }

                Add(gradient, k, x0, y0);
                Add(gradient, k + 1, x1, y1);
                Add(gradient, k + 2, x2, y2);
                Add(gradient, k + 3, x3, y3);
            }

            for (; k < _controlPoints; k++)
            {
                var plane = weights + (k * (nint)stride) + first;
                var (sumX, sumY) = (Vector256<float>.Zero, Vector256<float>.Zero);
                for (var i = 0; i < count; i += Lanes.Count, plane += Lanes.Count)
                {
                    sumX = Vector256.FusedMultiplyAdd(Vector256.Load(plane), Vector256.Load(x + i), sumX);
                    sumY = Vector256.FusedMultiplyAdd(Vector256.Load(plane), Vector256.Load(y + i), sumY);
                }

                Add(gradient, k, sumX, sumY);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(float* to, Vector256<float> first, Vector256<float> second, Vector256<float> third, Vector256<float> fourth)
    {
        first.Store(to);
        second.Store(to + Lanes.Count);
        third.Store(to + (2 * Lanes.Count));
        fourth.Store(to + (3 * Lanes.Count));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Add(Span<double> gradient, int point, Vector256<float> alongX, Vector256<float> alongY)
    {
        gradient[2 * point] += Vector256.Sum(alongX) * horizontal.Scale;
        gradient[(2 * point) + 1] += Vector256.Sum(alongY) * vertical.Scale;
    }
}
