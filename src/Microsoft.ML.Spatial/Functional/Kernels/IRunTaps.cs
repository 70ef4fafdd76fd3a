using System.Runtime.Intrinsics;

namespace Microsoft.ML.Spatial.Functional.Kernels;

/// <summary>What the points of a run read of a plane, and how it weighs. Scratch memory of one thread.</summary>
internal unsafe interface IRunTaps : IDisposable
{
    /// <summary>Source points in pixels.</summary>
    float* X { get; }

    float* Y { get; }

    /// <summary>Finds what the points that stand in <see cref="X"/> and <see cref="Y"/> read.</summary>
    void Locate(int count);

    /// <summary>The values at eight points.</summary>
    /// <param name="plane">One channel of a picture.</param>
    /// <param name="i">The first of the points.</param>
    Vector256<float> Value(float* plane, int i);

    /// <summary>Their derivatives by the source points.</summary>
    (Vector256<float> AlongX, Vector256<float> AlongY) Slopes(float* plane, int i);

    /// <summary>Adds the gradients of the values to what they read, one by one in the order of the points: several may read the same pixel.</summary>
    /// <param name="gradients">The gradients.</param>
    /// <param name="count">Points in the run.</param>
    /// <param name="gradPlane">The gradient of one channel of a picture.</param>
    void Scatter(float* gradients, int count, float* gradPlane);
}
