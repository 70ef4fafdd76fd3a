using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Microsoft.ML.Spatial.Functional.Kernels;

/// <summary>Samples with the cubic kernel, channel by channel, eight points at a time.</summary>
internal sealed unsafe class CubicSampler(WarpShape shape, SourcePoints points, Axis horizontal, Axis vertical) : RunSampler
{
    private readonly CubicReads _columns = new();
    private readonly CubicReads _rows = new();
    private readonly FloatBuffer _gradients = new(2 * Reads.Capacity);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Forward(int picture, int first, int count, float* input, float* output)
    {
        Locate(picture, first, count);
        for (var channel = 0; channel < shape.Channels; channel++)
        {
            var at = ((nint)picture * shape.Channels) + channel;
            var plane = input + (at * shape.Area);
            var to = output + (at * shape.OutputArea) + first;
            for (var i = 0; i < count; i += Lanes.Count)
            {
                var sum = Vector256<float>.Zero;
                for (var row = 0; row < CubicReads.Taps; row++)
                {
                    var (along, _) = Row(plane, row, i);
                    sum = Vector256.FusedMultiplyAdd(along, Vector256.Load(_rows.Weight(row) + i), sum);
                }

                Lanes.Store(sum, to + i, count - i);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Backward(int picture, int first, int count, float* input, float* gradOutput, float* gradInput, bool gradPoints)
    {
        Locate(picture, first, count);
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
                    var (x, y) = (Vector256<float>.Zero, Vector256<float>.Zero);
                    for (var row = 0; row < CubicReads.Taps; row++)
                    {
                        var (along, slope) = Row(plane, row, i);
                        x = Vector256.FusedMultiplyAdd(slope, Vector256.Load(_rows.Weight(row) + i), x);
                        y = Vector256.FusedMultiplyAdd(along, Vector256.Load(_rows.Slope(row) + i), y);
                    }

                    var gradient = Lanes.Load(from + i, count - i);
                    Vector256.FusedMultiplyAdd(gradient, x, Vector256.Load(sumX + i)).Store(sumX + i);
                    Vector256.FusedMultiplyAdd(gradient, y, Vector256.Load(sumY + i)).Store(sumY + i);
                }
            }

            if (gradInput is not null)
                Scatter(from, count, gradInput + (at * shape.Area));
        }

        if (gradPoints)
        {
            for (var i = count; i % Lanes.Count != 0; i++)
                (sumX[i], sumY[i]) = (0, 0);
            points.Backward(picture, first, count, sumX, sumY);
        }
    }

    public override void Dispose()
    {
        _columns.Dispose();
        _rows.Dispose();
        _gradients.Dispose();
    }

    private void Locate(int picture, int first, int count)
    {
        points.Fill(picture, first, count, _columns.Points, _rows.Points);
        _columns.Locate(count, horizontal, 1);
        _rows.Locate(count, vertical, shape.Width);
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

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Scatter(float* from, int count, float* plane)
    {
        for (var i = 0; i < count; i++)
        {
            for (var row = 0; row < CubicReads.Taps; row++)
            {
                if (_rows.IsIn(row)[i] == 0)
                    continue;
                var gradient = from[i] * _rows.Weight(row)[i];
                var line = plane + _rows.Place(row)[i];
                for (var column = 0; column < CubicReads.Taps; column++)
                {
                    if (_columns.IsIn(column)[i] != 0)
                        line[_columns.Place(column)[i]] += gradient * _columns.Weight(column)[i];
                }
            }
        }
    }
}
