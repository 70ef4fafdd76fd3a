namespace Microsoft.ML.Spatial.Functional.Kernels;

/// <summary>
/// How what one output position reads stands in memory, for a range of input channels: weight group after weight group, in each tap after tap, in each channel after
/// channel. So a group's part is a row of a matrix, and what one read fills lies side by side.
/// </summary>
internal sealed class ColumnLayout
{
    /// <summary>The part of a weight group.</summary>
    /// <param name="Group">The weight group.</param>
    /// <param name="First">Its first channel, counted in the weight group.</param>
    /// <param name="Channels">How many channels.</param>
    /// <param name="Column">The first place in the row.</param>
    public readonly record struct Segment(int Group, int First, int Channels, int Column);

    /// <summary>Channels that one read fills: of one weight group and one deformable group.</summary>
    /// <param name="DeformGroup">The deformable group.</param>
    /// <param name="Channel">The first channel, counted in the range.</param>
    /// <param name="Channels">How many channels.</param>
    /// <param name="Column">The place of the first tap in the row.</param>
    /// <param name="TapStride">From one tap to the next.</param>
    public readonly record struct Run(int DeformGroup, int Channel, int Channels, int Column, int TapStride);

    /// <param name="shape">The sizes.</param>
    /// <param name="first">The first channel of the range.</param>
    /// <param name="count">Channels of the range.</param>
    public ColumnLayout(DeformShape shape, int first, int count)
    {
        (FirstChannel, Channels) = (first, count);
        var deformChannels = shape.Channels / shape.DeformGroups;
        List<Segment> segments = [];
        List<Run> runs = [];
        for (var channel = first; channel < first + count;)
        {
            var group = channel / shape.GroupChannels;
            var end = Math.Min(first + count, (group + 1) * shape.GroupChannels);
            var segment = new Segment(group, channel % shape.GroupChannels, end - channel, shape.Taps * (channel - first));
            segments.Add(segment);
            for (var from = channel; from < end;)
            {
                var deformGroup = from / deformChannels;
                var to = Math.Min(end, (deformGroup + 1) * deformChannels);
                runs.Add(new Run(deformGroup, from - first, to - from, segment.Column + from - channel, segment.Channels));
                from = to;
            }

            channel = end;
        }

        Segments = [.. segments];
        Groups = [.. runs.GroupBy(run => run.DeformGroup).Select(group => (group.Key, group.ToArray()))];

        // An odd number of cache lines: the rows of a block spread over all sets of the cache. Whole panels can be read from where any segment begins.
        RowStride = (segments.Max(segment => segment.Column + MatrixProduct.RoundUp(shape.Taps * segment.Channels)) + MatrixProduct.PanelColumns - 1) / MatrixProduct.PanelColumns | 1;
        RowStride *= MatrixProduct.PanelColumns;
    }

    /// <summary>The first channel of the range.</summary>
    public int FirstChannel { get; }

    /// <summary>Channels of the range.</summary>
    public int Channels { get; }

    /// <summary>The parts, in the order of the channels.</summary>
    public Segment[] Segments { get; }

    /// <summary>The reads of each deformable group.</summary>
    public (int Group, Run[] Runs)[] Groups { get; }

    /// <summary>Floats from one row to the next.</summary>
    public int RowStride { get; }
}
