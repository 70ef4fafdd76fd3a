using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Microsoft.ML.Spatial.Functional.Kernels;

/// <summary>The sixteen pixels around each point of a run, weighed by the cubic kernel.</summary>
/// <param name="horizontal">The input's x axis.</param>
/// <param name="vertical">The input's y axis.</param>
#pragma warning disable CA1001 // the rule takes no struct for disposable
internal readonly unsafe struct CubicTaps(Axis horizontal, Axis vertical) : IRunTaps
#pragma warning restore CA1001
{
    private readonly CubicReads _columns = new();
    private readonly CubicReads _rows = new();

    public float* X => _columns.Points;

    public float* Y => _rows.Points;

    public void Locate(int count)
    {
        _columns.Locate(count, horizontal, 1);
        _rows.Locate(count, vertical, horizontal.Side);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector256<float> Value(float* plane, int i)
    {
        var sum = Vector256<float>.Zero;
        for (var row = 0; row < CubicReads.Taps; row++)
        {
            var (along, _) = Row(plane, row, i);
            sum = Vector256.FusedMultiplyAdd(along, Vector256.Load(_rows.Weight(row) + i), sum);
        }

        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public (Vector256<float> AlongX, Vector256<float> AlongY) Slopes(float* plane, int i)
    {
        var (x, y) = (Vector256<float>.Zero, Vector256<float>.Zero);
        for (var row = 0; row < CubicReads.Taps; row++)
        {
            var (along, slope) = Row(plane, row, i);
            x = Vector256.FusedMultiplyAdd(slope, Vector256.Load(_rows.Weight(row) + i), x);
            y = Vector256.FusedMultiplyAdd(along, Vector256.Load(_rows.Slope(row) + i), y);
        }

        return (x, y);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Scatter(float* gradients, int count, float* gradPlane)
    {
        // Fields would be read anew after each addition.
        var (columns, rows) = (_columns, _rows);
        for (var i = 0; i < count; i++)
        {
            for (var row = 0; row < CubicReads.Taps; row++)
            {
                if (rows.IsIn(row)[i] == 0)
                    continue;
                var gradient = gradients[i] * rows.Weight(row)[i];
                var line = gradPlane + rows.Place(row)[i];
                for (var column = 0; column < CubicReads.Taps; column++)
                {
                    if (columns.IsIn(column)[i] != 0)
                        line[columns.Place(column)[i]] += gradient * columns.Weight(column)[i];
                }
            }
        }
    }

    public void Dispose()
    {
        _columns.Dispose();
        _rows.Dispose();
    }

    /// <summary>The sum along one row of places, and its derivative by x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private (Vector256<float> Along, Vector256<float> Slope) Row(float* plane, int row, int i)
    {
        var (along, slope) = (Vector256<float>.Zero, Vector256<float>.Zero);
        var (start, isIn) = (Vector256.Load(_rows.Place(row) + i), Vector256.Load(_rows.IsIn(row) + i));
        for (var column = 0; column < CubicReads.Taps; column++)
        {
            var value = Lanes.Gather(plane, start + Vector256.Load(_columns.Place(column) + i)) & (isIn & Vector256.Load(_columns.IsIn(column) + i)).AsSingle();
            along = Vector256.FusedMultiplyAdd(value, Vector256.Load(_columns.Weight(column) + i), along);
            slope = Vector256.FusedMultiplyAdd(value, Vector256.Load(_columns.Slope(column) + i), slope);
        }

        return (along, slope);
    }
}
