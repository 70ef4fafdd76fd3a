using System.Runtime.Intrinsics;

namespace Microsoft.ML.Spatial.Functional.Kernels;

/// <summary>The source points of thin plate splines.</summary>
/// <param name="theta"><c>[N, K, 2]</c>: normalised source points (x, y) of the control points.</param>
/// <param name="planes"><c>[K, output pixels]</c>: what each control point weighs at each pixel.</param>
/// <param name="controlPoints">How many control points there are.</param>
/// <param name="horizontal">The input's x axis.</param>
/// <param name="vertical">The input's y axis.</param>
internal sealed unsafe class SplinePoints(float[] theta, float[] planes, int controlPoints, Axis horizontal, Axis vertical) : SourcePoints
{
    private readonly int _area = planes.Length / controlPoints;

    /// <summary>Gradients of theta, <c>[N, K, 2]</c>.</summary>
    public double[] Gradient { get; } = new double[theta.Length];

    public override void Fill(int picture, int first, int count, float* x, float* y)
    {
        var points = theta.AsSpan(2 * controlPoints * picture, 2 * controlPoints);
        var (startX, startY) = (Vector256.Create((float)(horizontal.Scale + horizontal.Origin)), Vector256.Create((float)(vertical.Scale + vertical.Origin)));
        var (scaleX, scaleY) = ((float)horizontal.Scale, (float)vertical.Scale);
        fixed (float* weights = planes)
        {
            for (var i = 0; i < count; i += Lanes.Count)
            {
                var (sumX, sumY) = (startX, startY);
                for (var k = 0; k < controlPoints; k++)
                {
                    var weight = Lanes.Load(weights + (k * (nint)_area) + first + i, count - i);
                    sumX = Vector256.FusedMultiplyAdd(weight, Vector256.Create(points[2 * k] * scaleX), sumX);
                    sumY = Vector256.FusedMultiplyAdd(weight, Vector256.Create(points[(2 * k) + 1] * scaleY), sumY);
                }

                sumX.Store(x + i);
                sumY.Store(y + i);
            }
        }
    }

    public override void Backward(int picture, int first, int count, float* x, float* y)
    {
        var gradient = Gradient.AsSpan(2 * controlPoints * picture, 2 * controlPoints);
        fixed (float* weights = planes)
        {
            for (var k = 0; k < controlPoints; k++)
            {
                var plane = weights + (k * (nint)_area) + first;
                var (sumX, sumY) = (Vector256<float>.Zero, Vector256<float>.Zero);
                for (var i = 0; i < count; i += Lanes.Count)
                {
                    var weight = Lanes.Load(plane + i, count - i);
                    sumX = Vector256.FusedMultiplyAdd(weight, Vector256.Load(x + i), sumX);
                    sumY = Vector256.FusedMultiplyAdd(weight, Vector256.Load(y + i), sumY);
                }

                gradient[2 * k] += Vector256.Sum(sumX) * horizontal.Scale;
                gradient[(2 * k) + 1] += Vector256.Sum(sumY) * vertical.Scale;
            }
        }
    }
}
