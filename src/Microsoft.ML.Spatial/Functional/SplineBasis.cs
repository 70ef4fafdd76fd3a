using Microsoft.ML.Spatial.Functional.Kernels;

namespace Microsoft.ML.Spatial.Functional;

/// <summary>
/// What each control point of a thin plate spline weighs at each pixel of an output of one size: the source point of pixel p is
/// <c>Σ_k Planes[k, p]·theta_k</c>. It depends on neither theta nor the picture.
/// </summary>
internal sealed class SplineBasis
{
    private readonly (long Height, long Width, bool AlignCorners) _of;
    private readonly Lazy<float[]> _singles;

    /// <param name="points">Control points (x, y), K of them.</param>
    /// <param name="coefficients">Spline coefficients <c>[K + 3, K]</c> of the values at the control points.</param>
    /// <param name="height">Height of the output in pixels.</param>
    /// <param name="width">Width of the output in pixels.</param>
    /// <param name="alignCorners">The meaning of −1 and 1.</param>
    internal SplineBasis(double[] points, double[] coefficients, long height, long width, bool alignCorners)
    {
        _of = (height, width, alignCorners);
        Count = points.Length / 2;
        var area = checked((int)(height * width));
        Planes = new double[checked(Count * area)];
        var terms = new double[Count + 3];
        for (var p = 0; p < area; p++)
        {
            var (x, y) = (PixelCentre.Normalised(p % width, width, alignCorners), PixelCentre.Normalised(p / width, height, alignCorners));
            for (var k = 0; k < Count; k++)
            {
                var (dx, dy) = (x - points[2 * k], y - points[2 * k + 1]);
                terms[k] = ThinPlateSpline.Phi(dx * dx + dy * dy);
            }

            (terms[Count], terms[Count + 1], terms[Count + 2]) = (1, x, y);
            for (var k = 0; k < Count; k++)
            {
                double sum = 0;
                for (var i = 0; i < terms.Length; i++)
                    sum += terms[i] * coefficients[i * Count + k];
                Planes[k * area + p] = sum;
            }
        }

        // The kernels read whole groups of pixels.
        SingleStride = area + SplinePoints.Group;
        _singles = new Lazy<float[]>(() =>
        {
            var singles = new float[checked(Count * SingleStride)];
            for (var i = 0; i < Planes.Length; i++)
                singles[(i / area * SingleStride) + (i % area)] = (float)Planes[i];
            return singles;
        });
    }

    /// <summary>How many control points there are: K.</summary>
    internal int Count { get; }

    /// <summary><c>[K, height·width]</c>.</summary>
    internal double[] Planes { get; }

    /// <summary>Floats from a plane of <see cref="SinglePlanes"/> to the next: more than the output has pixels.</summary>
    internal int SingleStride { get; }

    /// <summary>The same in single precision, with zeros behind each plane.</summary>
    internal float[] SinglePlanes => _singles.Value;

    internal bool IsOf(long height, long width, bool alignCorners) => _of == (height, width, alignCorners);
}
