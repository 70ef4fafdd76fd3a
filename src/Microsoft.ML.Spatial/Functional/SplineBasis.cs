using Microsoft.ML.Spatial.Functional.Kernels;

namespace Microsoft.ML.Spatial.Functional;

/// <summary>
/// What each control point of a thin plate spline weighs at each pixel of an output of one size: the source point of pixel p is
/// <c>Σ_k Planes[k, p]·theta_k</c>. It depends on neither theta nor the picture.
/// </summary>
internal sealed class SplineBasis
{
    private readonly (long Height, long Width, bool AlignCorners) _of;
    private readonly double[] _points;
    private readonly double[] _coefficients;
    private readonly Lazy<double[]> _planes;
    private readonly Lazy<float[]> _singlePlanes;

    /// <param name="points">Control points (x, y), K of them.</param>
    /// <param name="coefficients">Spline coefficients <c>[K + 3, K]</c> of the values at the control points.</param>
    /// <param name="height">Height of the output in pixels.</param>
    /// <param name="width">Width of the output in pixels; K planes of height·width pixels and <see cref="SplinePoints.Group"/> more must be within what an array holds.</param>
    /// <param name="alignCorners">The meaning of −1 and 1.</param>
    internal SplineBasis(double[] points, double[] coefficients, long height, long width, bool alignCorners)
    {
        _of = (height, width, alignCorners);
        (_points, _coefficients) = (points, coefficients);
        Count = points.Length / 2;
        Area = (int)(height * width);

        // The kernels read whole groups of pixels.
        SingleStride = Area + SplinePoints.Group;
        _planes = new Lazy<double[]>(() => Compute(Area, value => value));
        _singlePlanes = new Lazy<float[]>(() => Compute(SingleStride, value => (float)value));
    }

    /// <summary>How many control points there are: K.</summary>
    internal int Count { get; }

    /// <summary>Pixels of the output.</summary>
    internal int Area { get; }

    /// <summary><c>[K, height·width]</c>, computed when first asked for.</summary>
    internal double[] Planes => _planes.Value;

    /// <summary>Floats from a plane of <see cref="SinglePlanes"/> to the next: more than the output has pixels.</summary>
    internal int SingleStride { get; }

    /// <summary>The same in single precision, with zeros behind each plane.</summary>
    internal float[] SinglePlanes => _singlePlanes.Value;

    internal bool IsOf(long height, long width, bool alignCorners) => _of == (height, width, alignCorners);

    private T[] Compute<T>(int stride, Func<double, T> convert)
    {
        var planes = new T[Count * stride];
        var terms = new double[Count + 3];
        for (var p = 0; p < Area; p++)
        {
            var (x, y) = (PixelCentre.Normalised(p % _of.Width, _of.Width, _of.AlignCorners), PixelCentre.Normalised(p / _of.Width, _of.Height, _of.AlignCorners));
            for (var k = 0; k < Count; k++)
            {
                var (dx, dy) = (x - _points[2 * k], y - _points[2 * k + 1]);
                terms[k] = ThinPlateSpline.Phi(dx * dx + dy * dy);
            }

            (terms[Count], terms[Count + 1], terms[Count + 2]) = (1, x, y);
            for (var k = 0; k < Count; k++)
            {
                double sum = 0;
                for (var i = 0; i < terms.Length; i++)
                    sum += terms[i] * _coefficients[i * Count + k];
                planes[k * stride + p] = convert(sum);
            }
        }

        return planes;
    }
}
