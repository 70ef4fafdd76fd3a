using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Microsoft.ML.Spatial.Functional.Kernels;

/// <summary>Samples a run of output pixels, channel by channel, eight points at a time. Belongs to one thread.</summary>
internal sealed unsafe class RunSampler<TTaps>(WarpShape shape, SourcePoints points, TTaps taps) : IDisposable
    where TTaps : struct, IRunTaps
{
    private readonly TTaps _taps = taps;
    private readonly FloatBuffer _gradients = new(2 * Reads.Capacity);

    /// <summary>Samples a run of a picture's output pixels.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="first">The first pixel of the run.</param>
    /// <param name="count">Pixels in the run.</param>
    /// <param name="input">The whole input.</param>
    /// <param name="output">The whole output.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Forward(int picture, int first, int count, float* input, float* output)
    {
        var taps = Locate(picture, first, count);
        for (var channel = 0; channel < shape.Channels; channel++)
        {
            var at = ((nint)picture * shape.Channels) + channel;
            var plane = input + (at * shape.Area);
            var to = output + (at * shape.OutputArea) + first;
            for (var i = 0; i < count; i += Lanes.Count)
                Lanes.Store(taps.Value(plane, i), to + i, count - i);
        }
    }

    /// <summary>Takes the gradients of a run of a picture's output pixels.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="first">The first pixel of the run; the runs of a picture come in their order.</param>
    /// <param name="count">Pixels in the run.</param>
    /// <param name="input">The whole input.</param>
    /// <param name="gradOutput">The whole gradient of the output.</param>
    /// <param name="gradInput">The whole gradient of the input, added to; null where it is not wanted.</param>
    /// <param name="gradPoints">Whether the source points want theirs.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Backward(int picture, int first, int count, float* input, float* gradOutput, float* gradInput, bool gradPoints)
    {
        var taps = Locate(picture, first, count);
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
                    var (alongX, alongY) = taps.Slopes(plane, i);
                    var gradient = Lanes.Load(from + i, count - i);
                    Vector256.FusedMultiplyAdd(gradient, alongX, Vector256.Load(sumX + i)).Store(sumX + i);
                    Vector256.FusedMultiplyAdd(gradient, alongY, Vector256.Load(sumY + i)).Store(sumY + i);
                }
            }

            if (gradInput is not null)
                taps.Scatter(from, count, gradInput + (at * shape.Area));
        }

        if (gradPoints)
        {
            for (var i = count; i % Lanes.Count != 0; i++)
                (sumX[i], sumY[i]) = (0, 0);
            points.Backward(picture, first, count, sumX, sumY);
        }
    }

    public void Dispose()
    {
        _taps.Dispose();
        _gradients.Dispose();
    }

    private TTaps Locate(int picture, int first, int count)
    {
        points.Fill(picture, first, count, _taps.X, _taps.Y);
        _taps.Locate(count);
        return _taps;
    }
}
