using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Microsoft.ML.Spatial.Functional.Kernels;

/// <summary>
/// Deformable convolution a block of output positions at a time: the pixels that the taps read are brought into rows, and one matrix product makes the block's outputs
/// of them. Backwards the rows are made again rather than kept. Work is divided by pictures and channels in ways that do not depend on the number of threads,
/// every part of a gradient has one owner at a time, and shared sums are taken in one order: results are the same for any number of threads.
/// </summary>
/// <param name="shape">The sizes.</param>
/// <param name="input">All pictures.</param>
/// <param name="offsets">All offsets.</param>
/// <param name="mask">All masks, or null.</param>
/// <param name="weight">The weights.</param>
internal sealed unsafe class DeformKernel(DeformShape shape, float* input, float* offsets, float* mask, float* weight)
{
    // The rows of a block stay in the second cache.
    private const int ForwardBytes = 384 << 10, BackwardBytes = 288 << 10;

    private const int FewestPositions = 4 * MatrixProduct.TileRows;

    // Rows of about so many floats are the quickest to take gradients through.
    private const int RowFloats = 576;

    // Parts of a weight gradient are added up at the end: so many at most, of so many bytes in all.
    private const int MostParts = 16, PartsBytes = 32 << 20;

    // With fewer pictures than this, their channels are divided too.
    private const int EnoughPictures = 4;

    private const int FewestChannels = 16;

    private delegate void PackSegment(ColumnLayout.Segment segment, float* packed);

    /// <summary>Where the gradients go; null where one is not wanted.</summary>
    public readonly struct Gradients
    {
        public float* Input { get; init; }

        public float* Offsets { get; init; }

        public float* Mask { get; init; }

        public float* Weight { get; init; }
    }

    private DeformShape Shape => shape;

    private float* Input => input;

    private float* Offsets => offsets;

    private float* Mask => mask;

    /// <summary>Convolves.</summary>
    /// <param name="bias">One number an output channel, or null.</param>
    /// <param name="output">Receives all outputs.</param>
    /// <param name="threads">Most threads to use, at least 1.</param>
    public void Forward(float* bias, float* output, int threads)
    {
        var ranges = Ranges(ChannelsOfARow);
        var (panels, starts) = Pack(ranges, PackedOutputs, PackOutputs, threads);
        using var packed = panels;

        // Results do not depend on who does what here, so the cut may depend on the number of threads: few pictures are cut into blocks.
        var byPicture = shape.Pictures >= 4 * threads;
        var inner = byPicture ? 1 : threads;
        var positions = Positions(ForwardBytes, ranges, inner);
        var blocks = (shape.OutputArea + positions - 1) / positions;
        ForkJoin.Run(shape.Pictures, byPicture ? threads : 1, (from, to) =>
        {
            using var pixels = new FloatBuffer((nint)(shape.Area + 1) * shape.Channels);
            for (var picture = from; picture < to; picture++)
            {
                var planes = input + ((nint)picture * shape.Channels * shape.Area);
                ForkJoin.Run(shape.Height, inner, (firstRow, endRow) => PixelOrder.FromPlanes(
                    planes + (firstRow * shape.Width), shape.Area, shape.Channels, (endRow - firstRow) * shape.Width, pixels.Start + ((nint)firstRow * shape.Width * shape.Channels), shape.Channels, shape.Channels));
                new Span<float>(pixels.Start + ((nint)shape.Area * shape.Channels), shape.Channels).Clear();
                var results = output + ((nint)picture * shape.OutputChannels * shape.OutputArea);
                ForkJoin.Run(blocks, inner, (firstBlock, endBlock) =>
                {
                    using var reader = new TapReader(shape, shape.Channels, offsets, mask);
                    using var rows = new FloatBuffer((nint)positions * ranges.Max(range => range.RowStride));
                    using var outputs = new FloatBuffer((nint)positions * shape.OutputChannels);
                    for (var block = firstBlock; block < endBlock; block++)
                    {
                        var first = block * positions;
                        var count = Math.Min(positions, shape.OutputArea - first);
                        ForwardBlock(ranges, starts, reader, picture, first, count, pixels.Start, packed.Start, bias, rows.Start, outputs.Start);
                        PixelOrder.ToPlanes(outputs.Start, shape.OutputChannels, shape.OutputChannels, count, results + first, shape.OutputArea);
                    }
                });
            }
        });
    }

    /// <summary>Takes the gradient of the output to whatever wants one.</summary>
    /// <param name="gradOutput">The gradient of all outputs.</param>
    /// <param name="gradients">Where the gradients go.</param>
    /// <param name="threads">Most threads to use, at least 1.</param>
    public void Backward(float* gradOutput, Gradients gradients, int threads)
    {
        var weights = (nint)shape.OutputChannels * shape.GroupChannels * shape.Taps;
        var ranges = Ranges(shape.Pictures < EnoughPictures ? Math.Min(ChannelsOfARow, Math.Max(FewestChannels, shape.Channels * shape.Pictures / EnoughPictures)) : ChannelsOfARow);
        var parts = Math.Clamp((int)(PartsBytes / (sizeof(float) * weights)), 1, Math.Min(MostParts, shape.Pictures));

        // Parts of their own for ranges of channels mean gradients of offsets and masks in parts too.
        var byRange = parts < EnoughPictures && ranges.Length > 1;
        var geometry = (nint)shape.DeformGroups * shape.Taps * shape.OutputArea;
        if (gradients.Offsets is not null)
            NativeMemory.Clear(gradients.Offsets, (nuint)(shape.Pictures * 2 * geometry) * sizeof(float));
        if (gradients.Mask is not null)
            NativeMemory.Clear(gradients.Mask, (nuint)(shape.Pictures * geometry) * sizeof(float));
        var (panels, starts) = Pack(ranges, PackedInputs, PackInputs, threads);
        using var packed = panels;
        using var weightParts = new FloatBuffer(gradients.Weight is null ? 0 : parts * weights);
        using var offsetParts = new FloatBuffer(byRange && gradients.Offsets is not null ? ranges.Length * shape.Pictures * 2 * geometry : 0);
        using var maskParts = new FloatBuffer(byRange && gradients.Mask is not null ? ranges.Length * shape.Pictures * geometry : 0);
        weightParts.Clear();
        offsetParts.Clear();
        maskParts.Clear();
        ForkJoin.Run(byRange ? parts * ranges.Length : parts, threads, (from, to) =>
        {
            for (var item = from; item < to; item++)
            {
                var part = byRange ? item / ranges.Length : item;
                var (firstPicture, endPicture) = ((int)((long)shape.Pictures * part / parts), (int)((long)shape.Pictures * (part + 1) / parts));
                for (var range = byRange ? item % ranges.Length : 0; range < ranges.Length; range = byRange ? ranges.Length : range + 1)
                {
                    using var pass = new BackwardPass(this, ranges[range], packed.Start + starts[range], gradOutput, gradients.Weight is null ? null : weightParts.Start + (part * weights));
                    for (var picture = firstPicture; picture < endPicture; picture++)
                    {
                        var place = byRange ? ((nint)range * shape.Pictures) + picture : picture;
                        pass.Run(
                            picture, gradients.Input,
                            gradients.Offsets is null ? null : (byRange ? offsetParts.Start : gradients.Offsets) + (place * 2 * geometry),
                            gradients.Mask is null ? null : (byRange ? maskParts.Start : gradients.Mask) + (place * geometry));
                    }
                }
            }
        });

        if (gradients.Weight is not null)
            AddParts(ranges, weightParts.Start, parts, gradients.Weight, threads);
        if (byRange)
        {
            AddRanges(offsetParts.Start, ranges.Length, gradients.Offsets is null ? 0 : 2 * geometry, gradients.Offsets, threads);
            AddRanges(maskParts.Start, ranges.Length, gradients.Mask is null ? 0 : geometry, gradients.Mask, threads);
        }
    }

    /// <summary>Takes the gradient of the output to the bias.</summary>
    /// <param name="shape">The sizes.</param>
    /// <param name="gradOutput">The gradient of all outputs.</param>
    /// <param name="gradBias">Receives one number an output channel.</param>
    public static void BackwardBias(DeformShape shape, float* gradOutput, float* gradBias)
    {
        for (var output = 0; output < shape.OutputChannels; output++)
        {
            var sum = 0.0;
            for (var picture = 0; picture < shape.Pictures; picture++)
            {
                var plane = gradOutput + ((((nint)picture * shape.OutputChannels) + output) * shape.OutputArea);
                var lanes = Vector256<float>.Zero;
                for (var i = 0; i < shape.OutputArea; i += Lanes.Count)
                    lanes += Lanes.Load(plane + i, shape.OutputArea - i);
                sum += Vector256.Sum(lanes);
            }

            gradBias[output] = (float)sum;
        }
    }

    /// <summary>Parts of ranges, one after the other, are summed.</summary>
    private void AddRanges(float* parts, int ranges, nint ofPicture, float* sums, int threads) => ForkJoin.Run(shape.Pictures, threads, (from, to) =>
    {
        for (var i = from * ofPicture; i < to * ofPicture; i++)
        {
            for (var range = 0; range < ranges; range++)
                sums[i] += parts[(range * shape.Pictures * ofPicture) + i];
        }
    });

    private void ForwardBlock(
        ColumnLayout[] ranges, nint[] starts, TapReader reader, int picture, int first, int count, float* pixels, float* packed, float* bias, float* rows, float* outputs)
    {
        for (var i = 0; i < count; i++)
        {
            var sums = new Span<float>(outputs + (i * shape.OutputChannels), shape.OutputChannels);
            if (bias is null)
                sums.Clear();
            else
                new ReadOnlySpan<float>(bias, shape.OutputChannels).CopyTo(sums);
        }

        for (var i = 0; i < ranges.Length; i++)
        {
            var range = ranges[i];
            var weights = packed + starts[i];
            Read(range, reader, picture, first, count, pixels + range.FirstChannel, rows);
            foreach (var segment in range.Segments)
            {
                // y(p0) = Σ w(p_n)·x(p0 + p_n + Δp_n)·Δm_n (Zhu et al. 2019, equation 1).
                var depth = shape.Taps * segment.Channels;
                MatrixProduct.Add(
                    count, shape.GroupOutputs, depth,
                    new MatrixProduct.Left((nint)(rows + segment.Column), range.RowStride, 1),
                    MatrixProduct.Right.Packed(weights, depth),
                    outputs + (segment.Group * shape.GroupOutputs), shape.OutputChannels);
                weights += PackedOutputs(segment);
            }
        }
    }

    /// <summary>Reads all taps of a block into rows.</summary>
    private void Read(ColumnLayout layout, TapReader reader, int picture, int first, int count, float* pixels, float* rows)
    {
        foreach (var (group, runs) in layout.Groups)
        {
            for (var tap = 0; tap < shape.Taps; tap++)
            {
                reader.Locate(picture, group, tap, first, count);
                foreach (var run in runs)
                    reader.Read(count, pixels + run.Channel, run.Channels, rows + run.Column + (tap * run.TapStride), layout.RowStride);
            }
        }
    }

    /// <summary>Positions of a block: as many as the cache holds, and such that threads have equally many blocks.</summary>
    private int Positions(int bytes, ColumnLayout[] ranges, int threads)
    {
        var fitting = Math.Clamp(bytes / (sizeof(float) * ranges.Max(range => range.RowStride)), FewestPositions, TapReader.Capacity);
        var rounds = (shape.OutputArea + (fitting * threads) - 1) / (fitting * threads);
        var share = (shape.OutputArea + (rounds * threads) - 1) / (rounds * threads);
        return Math.Clamp((share + MatrixProduct.TileRows - 1) / MatrixProduct.TileRows * MatrixProduct.TileRows, FewestPositions, TapReader.Capacity);
    }

    /// <summary>Channels that make rows of a good length.</summary>
    private int ChannelsOfARow => Math.Max(FewestChannels, RowFloats / shape.Taps);

    /// <summary>All channels in ranges, which are worked through one after the other.</summary>
    private ColumnLayout[] Ranges(int most)
    {
        var step = (most + Lanes.Count - 1) / Lanes.Count * Lanes.Count;
        return [.. Enumerable.Range(0, (shape.Channels + step - 1) / step).Select(i => new ColumnLayout(shape, i * step, Math.Min(step, shape.Channels - (i * step))))];
    }

    /// <summary>The weights in panels, segment after segment of every range.</summary>
    /// <returns>The panels, and where those of each range begin.</returns>
    private static (FloatBuffer Panels, nint[] Starts) Pack(ColumnLayout[] ranges, Func<ColumnLayout.Segment, nint> sizeOf, PackSegment pack, int threads)
    {
        nint size = 0;
        var starts = new nint[ranges.Length];
        for (var range = 0; range < ranges.Length; range++)
        {
            starts[range] = size;
            foreach (var segment in ranges[range].Segments)
                size += sizeOf(segment);
        }

        var panels = new FloatBuffer(size);
        panels.Clear();
        ForkJoin.Run(ranges.Length, threads, (from, to) =>
        {
            for (var range = from; range < to; range++)
            {
                var at = panels.Start + starts[range];
                foreach (var segment in ranges[range].Segments)
                {
                    pack(segment, at);
                    at += sizeOf(segment);
                }
            }
        });
        return (panels, starts);
    }

    /// <summary>Floats of a segment in panels of output channels.</summary>
    private nint PackedOutputs(ColumnLayout.Segment segment) => (nint)shape.Taps * segment.Channels * MatrixProduct.RoundUp(shape.GroupOutputs);

    /// <summary>Floats of a segment in panels of places in a row.</summary>
    private nint PackedInputs(ColumnLayout.Segment segment) => (nint)shape.GroupOutputs * MatrixProduct.RoundUp(shape.Taps * segment.Channels);

    /// <summary>The first weight of a segment for one output channel of its group.</summary>
    private float* Kernel(ColumnLayout.Segment segment, int output) =>
        weight + ((((((nint)segment.Group * shape.GroupOutputs) + output) * shape.GroupChannels) + segment.First) * shape.Taps);

    private void PackOutputs(ColumnLayout.Segment segment, float* packed)
    {
        var panelSize = (nint)shape.Taps * segment.Channels * MatrixProduct.PanelColumns;
        for (var output = 0; output < shape.GroupOutputs; output++)
        {
            var kernel = Kernel(segment, output);
            var to = packed + (output / MatrixProduct.PanelColumns * panelSize) + (output % MatrixProduct.PanelColumns);
            for (var tap = 0; tap < shape.Taps; tap++)
            {
                for (var channel = 0; channel < segment.Channels; channel++)
                    to[((tap * segment.Channels) + channel) * MatrixProduct.PanelColumns] = kernel[(channel * shape.Taps) + tap];
            }
        }
    }

    private void PackInputs(ColumnLayout.Segment segment, float* packed)
    {
        for (var output = 0; output < shape.GroupOutputs; output++)
        {
            var kernel = Kernel(segment, output);
            for (var tap = 0; tap < shape.Taps; tap++)
            {
                for (var channel = 0; channel < segment.Channels; channel++)
                {
                    var (panel, column) = Math.DivRem((tap * segment.Channels) + channel, MatrixProduct.PanelColumns);
                    packed[((((nint)panel * shape.GroupOutputs) + output) * MatrixProduct.PanelColumns) + column] = kernel[(channel * shape.Taps) + tap];
                }
            }
        }
    }

    /// <summary>Adds up the parts of the weight's gradient, and brings it from the order of rows to its own.</summary>
    private void AddParts(ColumnLayout[] ranges, float* weightParts, int parts, float* gradWeight, int threads)
    {
        var (depth, weights) = (shape.GroupChannels * shape.Taps, (nint)shape.OutputChannels * shape.GroupChannels * shape.Taps);
        ForkJoin.Run(shape.GroupOutputs, threads, (from, to) =>
        {
            foreach (var segment in ranges.SelectMany(range => range.Segments))
            {
                for (var output = from; output < to; output++)
                {
                    var at = ((((nint)segment.Group * shape.GroupOutputs) + output) * depth) + (segment.First * shape.Taps);
                    for (var channel = 0; channel < segment.Channels; channel++)
                    {
                        for (var tap = 0; tap < shape.Taps; tap++)
                        {
                            var sum = 0f;
                            for (var part = 0; part < parts; part++)
                                sum += weightParts[(part * weights) + at + (tap * segment.Channels) + channel];
                            gradWeight[at + (channel * shape.Taps) + tap] = sum;
                        }
                    }
                }
            }
        });
    }

    /// <summary>Gradients through a range of channels, picture after picture. Scratch memory of one thread.</summary>
    private sealed class BackwardPass : IDisposable
    {
        private readonly DeformKernel _kernel;
        private readonly DeformShape _shape;
        private readonly ColumnLayout _layout;
        private readonly float* _packed;
        private readonly float* _gradOutput;
        private readonly float* _gradWeight;
        private readonly int _positions;
        private readonly TapReader _reader;
        private readonly FloatBuffer _pixels;
        private readonly FloatBuffer _gradPixels;
        private readonly FloatBuffer _rows;
        private readonly FloatBuffer _gradRows;
        private readonly FloatBuffer _outputs;

        /// <param name="kernel">The convolution.</param>
        /// <param name="layout">The range.</param>
        /// <param name="packed">The range's weights in panels.</param>
        /// <param name="gradOutput">The gradient of all outputs.</param>
        /// <param name="gradWeight">A part of the weight's gradient, in the order of rows, which is added to; null where it is not wanted.</param>
        public BackwardPass(DeformKernel kernel, ColumnLayout layout, float* packed, float* gradOutput, float* gradWeight)
        {
            (_kernel, _shape, _layout) = (kernel, kernel.Shape, layout);
            _packed = packed;
            _gradOutput = gradOutput;
            _gradWeight = gradWeight;
            _positions = kernel.Positions(BackwardBytes, [layout], 1);
            _reader = new TapReader(_shape, layout.Channels, kernel.Offsets, kernel.Mask);
            var map = (nint)(_shape.Area + 1) * layout.Channels;
            (_pixels, _gradPixels) = (new FloatBuffer(map), new FloatBuffer(map));
            var block = (nint)_positions * layout.RowStride;
            (_rows, _gradRows) = (new FloatBuffer(block), new FloatBuffer(block));
            _outputs = new FloatBuffer((nint)_positions * _shape.OutputChannels);
        }

        /// <summary>Does a picture.</summary>
        /// <param name="picture">The picture.</param>
        /// <param name="gradInput">The gradient of all pictures; null where it is not wanted.</param>
        /// <param name="gradOffsets">This picture's gradient of the offsets, which is added to; null where it is not wanted.</param>
        /// <param name="gradMask">This picture's gradient of the mask, which is added to; null where it is not wanted.</param>
        public void Run(int picture, float* gradInput, float* gradOffsets, float* gradMask)
        {
            var at = (((nint)picture * _shape.Channels) + _layout.FirstChannel) * _shape.Area;
            PixelOrder.FromPlanes(_kernel.Input + at, _shape.Area, _layout.Channels, _shape.Area, _pixels.Start, _layout.Channels, _layout.Channels);
            new Span<float>(_pixels.Start + ((nint)_shape.Area * _layout.Channels), _layout.Channels).Clear();
            _gradPixels.Clear();
            var isWeightOnly = gradInput is null && gradOffsets is null && gradMask is null;
            for (var first = 0; first < _shape.OutputArea; first += _positions)
            {
                var count = Math.Min(_positions, _shape.OutputArea - first);
                PixelOrder.FromPlanes(
                    _gradOutput + ((nint)picture * _shape.OutputChannels * _shape.OutputArea) + first, _shape.OutputArea, _shape.OutputChannels, count, _outputs.Start, _shape.OutputChannels, _shape.OutputChannels);
                if (isWeightOnly)
                    _kernel.Read(_layout, _reader, picture, first, count, _pixels.Start, _rows.Start);
                else
                    ReadBack(picture, first, count, gradOffsets, gradMask);
                if (_gradWeight is not null)
                    AddWeight(count);
            }

            if (gradInput is not null)
                PixelOrder.ToPlanes(_gradPixels.Start, _layout.Channels, _layout.Channels, _shape.Area, gradInput + at, _shape.Area);
        }

        public void Dispose()
        {
            _reader.Dispose();
            _pixels.Dispose();
            _gradPixels.Dispose();
            _rows.Dispose();
            _gradRows.Dispose();
            _outputs.Dispose();
        }

        /// <summary>Takes a block's gradient of the rows, and that to the pixels, offsets and mask; makes the rows again.</summary>
        private void ReadBack(int picture, int first, int count, float* gradOffsets, float* gradMask)
        {
            NativeMemory.Clear(_gradRows.Start, (nuint)count * (nuint)_layout.RowStride * sizeof(float));
            var packed = _packed;
            foreach (var segment in _layout.Segments)
            {
                MatrixProduct.Add(
                    count, _shape.Taps * segment.Channels, _shape.GroupOutputs,
                    new MatrixProduct.Left((nint)(_outputs.Start + (segment.Group * _shape.GroupOutputs)), _shape.OutputChannels, 1),
                    MatrixProduct.Right.Packed(packed, _shape.GroupOutputs),
                    _gradRows.Start + segment.Column, _layout.RowStride);
                packed += _kernel.PackedInputs(segment);
            }

            foreach (var (group, runs) in _layout.Groups)
            {
                for (var tap = 0; tap < _shape.Taps; tap++)
                {
                    _reader.Locate(picture, group, tap, first, count);
                    _reader.BeginGradients(count);
                    foreach (var run in runs)
                    {
                        var column = run.Column + (tap * run.TapStride);
                        _reader.Backward(
                            count, _pixels.Start + run.Channel, _gradPixels.Start + run.Channel, run.Channels, _gradRows.Start + column, _rows.Start + column, _layout.RowStride);
                    }

                    _reader.EndGradients(group, tap, first, count, gradOffsets, gradMask);
                }
            }
        }

        private void AddWeight(int count)
        {
            var depth = _shape.GroupChannels * _shape.Taps;
            foreach (var segment in _layout.Segments)
            {
                var output = segment.Group * _shape.GroupOutputs;
                MatrixProduct.Add(
                    _shape.GroupOutputs, _shape.Taps * segment.Channels, count,
                    new MatrixProduct.Left((nint)(_outputs.Start + output), 1, _shape.OutputChannels),
                    MatrixProduct.Right.Rows(_rows.Start + segment.Column, _layout.RowStride),
                    _gradWeight + ((nint)output * depth) + (segment.First * _shape.Taps), depth);
            }
        }
    }
}
