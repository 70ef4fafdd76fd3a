namespace Microsoft.ML.Spatial.Functional.Kernels;

/// <summary>The sizes of a pooling of RoIs. An output channel's class decides how its bins are moved; its bin, from which group of channels it is read.</summary>
/// <param name="Pictures">Pictures.</param>
/// <param name="Channels">Channels of a picture: <paramref name="OutputChannels"/> times the groups, the groups of an output channel side by side.</param>
/// <param name="Height">Height of a picture.</param>
/// <param name="Width">Width of a picture.</param>
/// <param name="OutputChannels">Channels of the output: a multiple of the classes.</param>
/// <param name="PooledHeight">Rows of bins.</param>
/// <param name="PooledWidth">Columns of bins.</param>
internal sealed record RoIShape(int Pictures, int Channels, int Height, int Width, int OutputChannels, int PooledHeight, int PooledWidth)
{
    /// <summary>Rows of groups of channels.</summary>
    public int GroupRows { get; init; } = 1;

    /// <summary>Columns of groups of channels.</summary>
    public int GroupColumns { get; init; } = 1;

    /// <summary>Classes with offsets of their own.</summary>
    public int Classes { get; init; } = 1;

    /// <summary>Rows of offsets.</summary>
    public int PartRows { get; init; } = PooledHeight;

    /// <summary>Columns of offsets.</summary>
    public int PartColumns { get; init; } = PooledWidth;

    public int Area => Height * Width;

    public int Bins => PooledHeight * PooledWidth;

    public int Groups => GroupRows * GroupColumns;

    public int Parts => PartRows * PartColumns;

    public int ChannelsOfClass => OutputChannels / Classes;

    /// <summary>The group of channels that a bin reads.</summary>
    public int GroupOf(int row, int column) => Of(row, column, GroupRows, GroupColumns);

    /// <summary>The part whose offsets move a bin.</summary>
    public int PartOf(int row, int column) => Of(row, column, PartRows, PartColumns);

    private int Of(int row, int column, int rows, int columns) =>
        ((int)((long)row * rows / PooledHeight) * columns) + (int)((long)column * columns / PooledWidth);
}
