using System.Runtime.CompilerServices;

namespace Microsoft.ML.Spatial.Functional.Kernels;

/// <summary>
/// Weighted means over the bins of RoIs. One picture at a time is laid out with the channels that a bin reads side by side, so that a read is a vector. RoIs of the
/// output, and of the gradient of the offsets, each belong to one thread; so do blocks of channels of the gradient of the input, which take the RoIs in order:
/// results are the same for any number of threads.
/// </summary>
/// <param name="shape">The sizes.</param>
/// <param name="rois">The RoIs.</param>
/// <param name="newBins">Makes a thread's bins, given the floats from a pixel to the next.</param>
internal sealed unsafe class BinMeanKernel<TBlock>(RoIShape shape, RoIList rois, Func<nint, RoIBins> newBins) : IRoIKernel
    where TBlock : struct, IChannelBlock<TBlock>
{
    private readonly int _width = ChannelSlots<TBlock>.WidthOf(shape);

    private int BlocksOfSlot => _width / TBlock.Count;

    public void Forward(float* input, float* output, int threads)
    {
        using var pixels = new ChannelSlots<TBlock>(shape);
        pixels.ReadEach(input, rois, threads, here => ForkJoin.Run(here.Length, threads, (from, to) =>
        {
            using var bins = newBins(_width);
            using var means = new FloatBuffer((nint)shape.Bins * _width);
            foreach (var roi in here.Span[from..to])
                Forward(roi, pixels, bins, means.Start, output);
        }));
    }

    public void Backward(float* input, float* gradOutput, float* gradInput, bool gradOffsets, int threads)
    {
        if (gradInput is not null)
            BackwardInput(gradOutput, gradInput, threads);
        if (gradOffsets)
            BackwardOffsets(input, gradOutput, threads);
    }

    private void BackwardInput(float* gradOutput, float* gradInput, int threads)
    {
        using var gradient = new ChannelSlots<TBlock>(shape);
        gradient.WriteEach(gradInput, rois, threads, (_, here) => ForkJoin.Run(shape.Classes * shape.Groups * BlocksOfSlot, threads, (first, last) =>
        {
            using var bins = newBins(_width);
            using var own = new FloatBuffer((nint)shape.Bins * _width);
            foreach (var roi in here.Span)
                Scatter(roi, first, last, gradient, bins, own.Start, gradOutput);
        }));
    }

    private void BackwardOffsets(float* input, float* gradOutput, int threads)
    {
        using var pixels = new ChannelSlots<TBlock>(shape);
        pixels.ReadEach(input, rois, threads, here => ForkJoin.Run(here.Length, threads, (from, to) =>
        {
            using var bins = (LatticeBins)newBins(_width);
            using var own = new FloatBuffer((nint)shape.Bins * _width);
            foreach (var roi in here.Span[from..to])
                Slopes(roi, pixels, bins, own.Start, gradOutput);
        }));
    }

    /// <summary>The first value of a class of an RoI's output.</summary>
    private nint OutputOf(int roi, int @class) => (((nint)roi * shape.OutputChannels) + ((nint)@class * shape.ChannelsOfClass)) * shape.Bins;

    private void Forward(int roi, ChannelSlots<TBlock> pixels, RoIBins bins, float* means, float* output)
    {
        bins.Begin(roi);
        for (var @class = 0; @class < shape.Classes; @class++)
        {
            for (var bin = 0; bin < shape.Bins; bin++)
            {
                var (row, column) = (bin / shape.PooledWidth, bin % shape.PooledWidth);
                bins.Place(@class, row, column);
                Mean(pixels.Slot((@class * shape.Groups) + shape.GroupOf(row, column)), bins, means + ((nint)bin * _width));
            }

            PixelOrder.ToPlanes(means, _width, shape.ChannelsOfClass, shape.Bins, output + OutputOf(roi, @class), shape.Bins);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Mean(float* pixels, RoIBins bins, float* to)
    {
        var rows = new Reading(bins.Rows);
        var columns = new Reading(bins.Columns);
        var scale = TBlock.Create(bins.Scale);
        for (var channel = 0; channel < _width; channel += TBlock.Count)
        {
            var sum = TBlock.Create(0);
            for (var r = 0; r < rows.Count; r++)
            {
                var from = pixels + rows.Places[r] + channel;
                var along = TBlock.Create(0);
                for (var c = 0; c < columns.Count; c++)
                    along = TBlock.MultiplyAdd(TBlock.Load(from + columns.Places[c]), TBlock.Create(columns.Weights[c]), along);
                sum = TBlock.MultiplyAdd(along, TBlock.Create(rows.Weights[r]), sum);
            }

            (sum * scale).Store(to + channel);
        }
    }

    /// <summary>Adds the gradient of an RoI's output to that of some blocks of the picture's channels, counted over all slots.</summary>
    private void Scatter(int roi, int first, int last, ChannelSlots<TBlock> gradient, RoIBins bins, float* own, float* gradOutput)
    {
        bins.Begin(roi);
        for (var @class = 0; @class < shape.Classes; @class++)
        {
            var slots = @class * shape.Groups;
            if ((slots + shape.Groups) * BlocksOfSlot <= first || slots * BlocksOfSlot >= last)
                continue;

            // With several groups every block is wanted by some bin.
            var (from, to) = shape.Groups == 1 ? Blocks(slots, first, last) : (0, BlocksOfSlot);
            PixelOrder.FromPlanes(
                gradOutput + OutputOf(roi, @class) + ((nint)from * TBlock.Count * shape.Bins), shape.Bins, Math.Min(to * TBlock.Count, shape.ChannelsOfClass) - (from * TBlock.Count), shape.Bins,
                own + (from * TBlock.Count), _width, (to - from) * TBlock.Count);
            for (var bin = 0; bin < shape.Bins; bin++)
            {
                var (row, column) = (bin / shape.PooledWidth, bin % shape.PooledWidth);
                var slot = slots + shape.GroupOf(row, column);
                (from, to) = Blocks(slot, first, last);
                if (from >= to)
                    continue;
                bins.Place(@class, row, column);
                Add(own + ((nint)bin * _width), bins, gradient.Slot(slot), from * TBlock.Count, to * TBlock.Count);
            }
        }
    }

    /// <summary>The blocks of a slot that are among some of all slots'.</summary>
    private (int From, int To) Blocks(int slot, int first, int last) =>
        (Math.Max(first - (slot * BlocksOfSlot), 0), Math.Min(last - (slot * BlocksOfSlot), BlocksOfSlot));

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Add(float* gradient, RoIBins bins, float* pixels, int first, int last)
    {
        var rows = new Reading(bins.Rows);
        var columns = new Reading(bins.Columns);
        for (var channel = first; channel < last; channel += TBlock.Count)
        {
            var whole = TBlock.Load(gradient + channel) * TBlock.Create(bins.Scale);
            for (var r = 0; r < rows.Count; r++)
            {
                var to = pixels + rows.Places[r] + channel;
                var along = whole * TBlock.Create(rows.Weights[r]);
                for (var c = 0; c < columns.Count; c++)
                    TBlock.MultiplyAdd(along, TBlock.Create(columns.Weights[c]), TBlock.Load(to + columns.Places[c])).Store(to + columns.Places[c]);
            }
        }
    }

    private void Slopes(int roi, ChannelSlots<TBlock> pixels, LatticeBins bins, float* own, float* gradOutput)
    {
        bins.Begin(roi);
        for (var @class = 0; @class < shape.Classes; @class++)
        {
            PixelOrder.FromPlanes(gradOutput + OutputOf(roi, @class), shape.Bins, shape.ChannelsOfClass, shape.Bins, own, _width, _width);
            for (var bin = 0; bin < shape.Bins; bin++)
            {
                var (row, column) = (bin / shape.PooledWidth, bin % shape.PooledWidth);
                bins.Place(@class, row, column);
                var (alongX, alongY) = Slopes(own + ((nint)bin * _width), bins, pixels.Slot((@class * shape.Groups) + shape.GroupOf(row, column)));
                bins.AddGradient(@class, row, column, alongX, alongY);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private (float AlongX, float AlongY) Slopes(float* gradient, RoIBins bins, float* pixels)
    {
        var rows = new Reading(bins.Rows);
        var columns = new Reading(bins.Columns);
        var (sumX, sumY) = (TBlock.Create(0), TBlock.Create(0));
        for (var channel = 0; channel < _width; channel += TBlock.Count)
        {
            var (x, y) = (TBlock.Create(0), TBlock.Create(0));
            for (var r = 0; r < rows.Count; r++)
            {
                var from = pixels + rows.Places[r] + channel;
                var (along, across) = (TBlock.Create(0), TBlock.Create(0));
                for (var c = 0; c < columns.Count; c++)
                {
                    var value = TBlock.Load(from + columns.Places[c]);
                    along = TBlock.MultiplyAdd(value, TBlock.Create(columns.Weights[c]), along);
                    across = TBlock.MultiplyAdd(value, TBlock.Create(columns.Slopes[c]), across);
                }

                x = TBlock.MultiplyAdd(across, TBlock.Create(rows.Weights[r]), x);
                y = TBlock.MultiplyAdd(along, TBlock.Create(rows.Slopes[r]), y);
            }

            var own = TBlock.Load(gradient + channel);
            sumX = TBlock.MultiplyAdd(own, x, sumX);
            sumY = TBlock.MultiplyAdd(own, y, sumY);
        }

        var sums = TBlock.Sums(sumX, sumY, sumX, sumY);
        return (sums[0] * bins.Scale, sums[1] * bins.Scale);
    }

    /// <summary>What an axis of a bin reads, at hand for an inner loop.</summary>
    private readonly ref struct Reading(BinAxis axis)
    {
        public readonly int Count = axis.Count;
        public readonly nint* Places = axis.Places;
        public readonly float* Weights = axis.Weights;
        public readonly float* Slopes = axis.Slopes;
    }
}
