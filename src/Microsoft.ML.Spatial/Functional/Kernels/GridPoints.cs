using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Microsoft.ML.Spatial.Functional.Kernels;

/// <summary>Source points that a grid lists.</summary>
/// <param name="grid"><c>[N, output pixels, 2]</c>: normalised (x, y).</param>
/// <param name="gradient">Receives the grid's gradient, of the same shape; null where it is not wanted.</param>
/// <param name="area">Pixels of an output.</param>
/// <param name="horizontal">The input's x axis.</param>
/// <param name="vertical">The input's y axis.</param>
internal sealed unsafe class GridPoints(float* grid, float* gradient, int area, Axis horizontal, Axis vertical) : SourcePoints
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Fill(int picture, int first, int count, float* x, float* y)
    {
        var from = grid + (2 * (((nint)picture * area) + first));
        var (scaleX, scaleY) = (Vector256.Create((float)horizontal.Scale), Vector256.Create((float)vertical.Scale));
        var (startX, startY) = (Vector256.Create((float)(horizontal.Scale + horizontal.Origin)), Vector256.Create((float)(vertical.Scale + vertical.Origin)));
        var split = Vector256.Create(0, 2, 4, 6, 1, 3, 5, 7);
        for (var i = 0; i < count; i += Lanes.Count)
        {
            var one = Vector256.Shuffle(Lanes.Load(from + (2 * i), 2 * (count - i)), split);
            var two = Vector256.Shuffle(Lanes.Load(from + (2 * i) + Lanes.Count, Math.Max(0, 2 * (count - i) - Lanes.Count)), split);
            Vector256.FusedMultiplyAdd(Vector256.Create(one.GetLower(), two.GetLower()), scaleX, startX).Store(x + i);
            Vector256.FusedMultiplyAdd(Vector256.Create(one.GetUpper(), two.GetUpper()), scaleY, startY).Store(y + i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Backward(int picture, int first, int count, float* x, float* y)
    {
        var to = gradient + (2 * (((nint)picture * area) + first));
        var (scaleX, scaleY) = ((float)horizontal.Scale, (float)vertical.Scale);
        for (var i = 0; i < count; i++)
        {
            to[2 * i] = x[i] * scaleX;
            to[(2 * i) + 1] = y[i] * scaleY;
        }
    }
}
