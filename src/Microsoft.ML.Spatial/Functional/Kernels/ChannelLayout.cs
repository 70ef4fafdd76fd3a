using System.Runtime.CompilerServices;

namespace Microsoft.ML.Spatial.Functional.Kernels;

/// <summary>Turns planes of channels into pixels whose channels lie side by side, and back.</summary>
/// <typeparam name="TBlock">The block of channels that a pixel's length is a multiple of.</typeparam>
internal static unsafe class ChannelLayout<TBlock>
    where TBlock : struct, IChannelBlock<TBlock>
{
    /// <summary>Blocks that a number of channels makes.</summary>
    public static int Blocks(int channels) => (channels + TBlock.Count - 1) / TBlock.Count;

    /// <summary>Planes <c>[channels, count]</c> to pixels <c>[count, blocks of channels]</c>, zeros for the channels that are not there.</summary>
    /// <param name="planes">The first channel.</param>
    /// <param name="stride">Floats from a channel to the next.</param>
    /// <param name="count">Pixels.</param>
    /// <param name="channels">Channels.</param>
    /// <param name="pixels">Receives the first pixel.</param>
    /// <param name="width">Floats from a pixel to the next.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void ToPixels(float* planes, nint stride, int count, int channels, float* pixels, nint width)
    {
        var whole = count / TBlock.Tile * TBlock.Tile;
        var some = stackalloc float[TBlock.Tile * TBlock.Tile];
        var room = Blocks(channels) * TBlock.Count;
        for (var tile = 0; tile < room; tile += TBlock.Tile)
        {
            var here = Math.Clamp(channels - tile, 0, TBlock.Tile);
            if (here == TBlock.Tile)
            {
                for (var i = 0; i < whole; i += TBlock.Tile)
                    TBlock.Transpose(planes + (tile * stride) + i, stride, pixels + (i * width) + tile, width);
            }
            else if (here > 0)
            {
                new Span<float>(some, TBlock.Tile * TBlock.Tile).Clear();
                for (var i = 0; i < whole; i += TBlock.Tile)
                {
                    for (var channel = 0; channel < here; channel++)
                        Copy(planes + ((tile + channel) * stride) + i, some + (channel * TBlock.Tile));
                    TBlock.Transpose(some, TBlock.Tile, pixels + (i * width) + tile, width);
                }
            }

            for (var i = here > 0 ? whole : 0; i < count; i++)
            {
                for (var channel = 0; channel < TBlock.Tile; channel++)
                    pixels[(i * width) + tile + channel] = channel < here ? planes[((tile + channel) * stride) + i] : 0;
            }
        }
    }

    /// <summary>Pixels <c>[count, width]</c> to planes <c>[channels, count]</c>.</summary>
    /// <param name="pixels">The first pixel.</param>
    /// <param name="width">Floats from a pixel to the next.</param>
    /// <param name="count">Pixels.</param>
    /// <param name="channels">Channels.</param>
    /// <param name="planes">Receives the first channel.</param>
    /// <param name="stride">Floats from a channel to the next.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void ToPlanes(float* pixels, nint width, int count, int channels, float* planes, nint stride)
    {
        var whole = count / TBlock.Tile * TBlock.Tile;
        var some = stackalloc float[TBlock.Tile * TBlock.Tile];
        for (var tile = 0; tile < channels; tile += TBlock.Tile)
        {
            var here = Math.Min(TBlock.Tile, channels - tile);
            for (var i = 0; i < whole; i += TBlock.Tile)
            {
                var from = pixels + (i * width) + tile;
                if (here == TBlock.Tile)
                {
                    TBlock.Transpose(from, width, planes + (tile * stride) + i, stride);
                    continue;
                }

                TBlock.Transpose(from, width, some, TBlock.Tile);
                for (var channel = 0; channel < here; channel++)
                    Copy(some + (channel * TBlock.Tile), planes + ((tile + channel) * stride) + i);
            }

            for (var i = whole; i < count; i++)
            {
                for (var channel = 0; channel < here; channel++)
                    planes[((tile + channel) * stride) + i] = pixels[(i * width) + tile + channel];
            }
        }
    }

    /// <summary>Copies as many floats as a tile is wide.</summary>
    private static void Copy(float* from, float* to) => new ReadOnlySpan<float>(from, TBlock.Tile).CopyTo(new Span<float>(to, TBlock.Tile));
}
