using System.Runtime.InteropServices;

namespace Microsoft.ML.Spatial.Functional.Kernels;

/// <summary>
/// Grid and sampling in one pass over the output, a run of pixels at a time, so that no grid stands in memory. Each picture of a gradient belongs to one
/// thread and is worked through in one order, so results are the same for any number of threads.
/// </summary>
/// <param name="shape">The sizes.</param>
/// <param name="points">Where the output's pixels read the input.</param>
/// <param name="horizontal">The input's x axis.</param>
/// <param name="vertical">The input's y axis.</param>
/// <param name="interpolation">How the value between pixels is read.</param>
internal sealed unsafe class WarpKernel(WarpShape shape, SourcePoints points, Axis horizontal, Axis vertical, Interpolation interpolation)
{
    // Up to so many channels two blocks of four are less work than one of sixteen.
    private const int MostFourfold = 8;

    private bool IsNearest => interpolation == Interpolation.Nearest;

    private int Runs => (shape.OutputArea + Reads.Capacity - 1) / Reads.Capacity;

    /// <summary>Samples.</summary>
    /// <param name="input">All pictures.</param>
    /// <param name="output">Receives all outputs.</param>
    /// <param name="threads">Most threads to use, at least 1.</param>
    public void Forward(float* input, float* output, int threads)
    {
        if (interpolation == Interpolation.Cubic)
            ForwardRuns(NewCubicTaps, input, output, threads);
        else if (shape.Channels == 1)
            ForwardRuns(NewPlanarTaps, input, output, threads);
        else if (shape.Channels > MostFourfold)
            ForwardBlocked<SixteenChannels>(input, output, threads);
        else
            ForwardBlocked<FourChannels>(input, output, threads);
    }

    /// <summary>Takes the gradient of the output to the input and to the source points.</summary>
    /// <param name="input">All pictures.</param>
    /// <param name="gradOutput">The gradient of all outputs.</param>
    /// <param name="gradInput">Receives the gradient of all pictures; null where it is not wanted.</param>
    /// <param name="gradPoints">Whether the source points want theirs.</param>
    /// <param name="threads">Most threads to use, at least 1.</param>
    public void Backward(float* input, float* gradOutput, float* gradInput, bool gradPoints, int threads)
    {
        if (interpolation == Interpolation.Cubic)
            BackwardRuns(NewCubicTaps, input, gradOutput, gradInput, gradPoints, threads);
        else if (shape.Channels == 1)
            BackwardRuns(NewPlanarTaps, input, gradOutput, gradInput, gradPoints, threads);
        else if (shape.Channels > MostFourfold)
            BackwardBlocked<SixteenChannels>(input, gradOutput, gradInput, gradPoints, threads);
        else
            BackwardBlocked<FourChannels>(input, gradOutput, gradInput, gradPoints, threads);
    }

    private void ForwardBlocked<TBlock>(float* input, float* output, int threads)
        where TBlock : struct, IChannelBlock<TBlock>
    {
        var blocks = BlockedSampler<TBlock>.Blocks(shape.Channels);
        ForkJoin.Run(shape.Pictures * blocks, threads, (from, to) =>
        {
            using var sampler = new BlockedSampler<TBlock>(shape, points, horizontal, vertical, IsNearest, backward: false);
            for (var item = from; item < to; item++)
                sampler.Forward(item / blocks, item % blocks, input, output);
        });
    }

    private void ForwardRuns<TTaps>(Func<TTaps> newTaps, float* input, float* output, int threads)
        where TTaps : struct, IRunTaps
    {
        var runs = Runs;
        ForkJoin.Run(shape.Pictures * runs, threads, (from, to) =>
        {
            using var sampler = new RunSampler<TTaps>(shape, points, newTaps());
            for (var item = from; item < to; item++)
            {
                var first = item % runs * Reads.Capacity;
                sampler.Forward(item / runs, first, Math.Min(Reads.Capacity, shape.OutputArea - first), input, output);
            }
        });
    }

    private void BackwardBlocked<TBlock>(float* input, float* gradOutput, float* gradInput, bool gradPoints, int threads)
        where TBlock : struct, IChannelBlock<TBlock> => ForkJoin.Run(shape.Pictures, threads, (from, to) =>
        {
            using var sampler = new BlockedSampler<TBlock>(shape, points, horizontal, vertical, IsNearest, backward: true);
            for (var picture = from; picture < to; picture++)
                sampler.Backward(picture, input, gradOutput, gradInput, gradPoints);
        });

    private void BackwardRuns<TTaps>(Func<TTaps> newTaps, float* input, float* gradOutput, float* gradInput, bool gradPoints, int threads)
        where TTaps : struct, IRunTaps => ForkJoin.Run(shape.Pictures, threads, (from, to) =>
    {
        using var sampler = new RunSampler<TTaps>(shape, points, newTaps());
        for (var picture = from; picture < to; picture++)
        {
            if (gradInput is not null)
            {
                var floats = (nint)shape.Channels * shape.Area;
                NativeMemory.Clear(gradInput + (picture * floats), (nuint)floats * sizeof(float));
            }

            for (var first = 0; first < shape.OutputArea; first += Reads.Capacity)
                sampler.Backward(picture, first, Math.Min(Reads.Capacity, shape.OutputArea - first), input, gradOutput, gradInput, gradPoints);
        }
    });

    // One channel is not brought side by side with others.
    private PlanarTaps NewPlanarTaps() => new(horizontal, vertical, IsNearest);

    private CubicTaps NewCubicTaps() => new(horizontal, vertical);
}
