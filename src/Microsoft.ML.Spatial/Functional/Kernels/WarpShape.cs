namespace Microsoft.ML.Spatial.Functional.Kernels;

/// <summary>Sizes of a warp: pictures <c>[Pictures, Channels, Height, Width]</c> to <c>[Pictures, Channels, OutputHeight, OutputWidth]</c>, contiguous.</summary>
internal readonly record struct WarpShape(int Pictures, int Channels, int Height, int Width, int OutputHeight, int OutputWidth)
{
    /// <summary>Pixels of a channel of the input.</summary>
    public int Area => Height * Width;

    /// <summary>Pixels of a channel of the output.</summary>
    public int OutputArea => OutputHeight * OutputWidth;
}
