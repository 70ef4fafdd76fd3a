using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Microsoft.ML.Spatial.Functional.Kernels;

/// <summary>
/// Maxima over the bins of RoIs, with the layout and division of work of <see cref="BinMeanKernel{TBlock}"/>. Which pixel was the greatest is not kept, but found
/// again in the backward pass.
/// </summary>
/// <param name="shape">The sizes, without groups or classes.</param>
/// <param name="rois">The RoIs.</param>
/// <param name="newBins">Makes a thread's bins, given the floats from a pixel to the next.</param>
internal sealed unsafe class BinMaxKernel(RoIShape shape, RoIList rois, Func<nint, RoIBins> newBins) : IRoIKernel
{
    /// <summary>What a bin without any greater value gives.</summary>
    public const float Least = float.MinValue;

    private readonly int _width = ChannelSlots<SixteenChannels>.WidthOf(shape);

    public void Forward(float* input, float* output, int threads)
    {
        using var pixels = new ChannelSlots<SixteenChannels>(shape);
        pixels.ReadEach(input, rois, threads, here => ForkJoin.Run(here.Length, threads, (from, to) =>
        {
            using var bins = newBins(_width);
            using var greatest = new FloatBuffer((nint)shape.Bins * _width);
            foreach (var roi in here.Span[from..to])
            {
                bins.Begin(roi);
                for (var bin = 0; bin < shape.Bins; bin++)
                {
                    bins.Place(0, bin / shape.PooledWidth, bin % shape.PooledWidth);
                    for (var channel = 0; channel < _width; channel += Lanes.Count)
                        Find(pixels.Slot(0) + channel, bins, out _).Store(greatest.Start + ((nint)bin * _width) + channel);
                }

                PixelOrder.ToPlanes(greatest.Start, _width, shape.Channels, shape.Bins, output + ((nint)roi * shape.Channels * shape.Bins), shape.Bins);
            }
        }));
    }

    public void Backward(float* input, float* gradOutput, float* gradInput, bool gradOffsets, int threads)
    {
        using var pixels = new ChannelSlots<SixteenChannels>(shape);
        using var gradient = new ChannelSlots<SixteenChannels>(shape);
        gradient.WriteEach(gradInput, rois, threads, (picture, here) =>
        {
            pixels.Read(input + picture, threads);
            ForkJoin.Run(_width / Lanes.Count, threads, (first, last) =>
            {
                using var bins = newBins(_width);
                foreach (var roi in here.Span)
                    Scatter(roi, first * Lanes.Count, Math.Min(last * Lanes.Count, shape.Channels), pixels.Slot(0), gradient.Slot(0), bins, gradOutput);
            });
        });
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Scatter(int roi, int first, int last, float* pixels, float* gradient, RoIBins bins, float* gradOutput)
    {
        bins.Begin(roi);
        var greatest = stackalloc int[Lanes.Count];
        for (var bin = 0; bin < shape.Bins; bin++)
        {
            bins.Place(0, bin / shape.PooledWidth, bin % shape.PooledWidth);
            for (var channel = first; channel < last; channel += Lanes.Count)
            {
                Find(pixels + channel, bins, out var places);
                places.Store(greatest);
                var from = gradOutput + ((((nint)roi * shape.Channels) + channel) * shape.Bins) + bin;
                for (var lane = 0; lane < Math.Min(Lanes.Count, last - channel); lane++)
                {
                    if (greatest[lane] >= 0)
                        gradient[((nint)greatest[lane] * _width) + channel + lane] += from[(nint)lane * shape.Bins];
                }
            }
        }
    }

    /// <summary>The greatest values of eight channels in a bin, 0 where it is empty, and the first pixels that have them, −1 where none does.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private Vector256<float> Find(float* pixels, RoIBins bins, out Vector256<int> places)
    {
        var (rows, columns) = (bins.Rows, bins.Columns);
        var greatest = Vector256.Create(rows.Count > 0 && columns.Count > 0 ? Least : 0);
        places = Vector256.Create(-1);
        if (columns.Count == 0)
            return greatest;
        for (var r = 0; r < rows.Count; r++)
        {
            // A bin's columns are side by side.
            var first = rows.Places[r] + columns.Places[0];
            var place = Vector256.Create((int)(first / _width));
            for (var c = 0; c < columns.Count; c++)
            {
                var value = Vector256.Load(pixels + first + ((nint)c * _width));
                var isGreater = Vector256.GreaterThan(value, greatest);
                greatest = Vector256.ConditionalSelect(isGreater, value, greatest);
                places = Vector256.ConditionalSelect(isGreater.AsInt32(), place, places);
                place += Vector256<int>.One;
            }
        }

        return greatest;
    }
}
