namespace Microsoft.ML.Spatial.Functional.Kernels;

/// <summary>
/// One picture with the channels that a bin reads side by side: for each class and group of channels a map of pixels.
/// </summary>
internal sealed unsafe class ChannelSlots<TBlock> : IDisposable
    where TBlock : struct, IChannelBlock<TBlock>
{
    // Pixels turned at a time: with 256 channels they fit the second cache.
    private const int Together = 128;

    private readonly RoIShape _shape;
    private readonly FloatBuffer _memory;

    public ChannelSlots(RoIShape shape)
    {
        _shape = shape;
        Width = WidthOf(shape);
        _memory = new FloatBuffer((nint)Count * shape.Area * Width);
    }

    /// <summary>Floats of a pixel: the channels of a class, filled up with zeros.</summary>
    public int Width { get; }

    private int Count => _shape.Classes * _shape.Groups;

    private int Pieces => (_shape.Area + Together - 1) / Together;

    /// <summary>Floats of a pixel.</summary>
    public static int WidthOf(RoIShape shape) => (shape.ChannelsOfClass + TBlock.Count - 1) / TBlock.Count * TBlock.Count;

    /// <summary>The map of a class and group.</summary>
    public float* Slot(int slot) => _memory.Start + ((nint)slot * _shape.Area * Width);

    /// <summary>Takes a picture <c>[classes, channels, groups, area]</c>.</summary>
    public void Read(float* picture, int threads) => ForkJoin.Run(Count * Pieces, threads, (from, to) =>
    {
        for (var item = from; item < to; item++)
        {
            var (slot, first) = (item / Pieces, item % Pieces * Together);
            PixelOrder.FromPlanes(
                picture + Plane(slot) + first, PlaneStride, _shape.ChannelsOfClass, Math.Min(Together, _shape.Area - first), Slot(slot) + ((nint)first * Width), Width, Width);
        }
    });

    /// <summary>Writes a picture.</summary>
    public void Write(float* picture, int threads) => ForkJoin.Run(Count * Pieces, threads, (from, to) =>
    {
        for (var item = from; item < to; item++)
        {
            var (slot, first) = (item / Pieces, item % Pieces * Together);
            PixelOrder.ToPlanes(
                Slot(slot) + ((nint)first * Width), Width, _shape.ChannelsOfClass, Math.Min(Together, _shape.Area - first), picture + Plane(slot) + first, PlaneStride);
        }
    });

    public void Clear() => _memory.Clear();

    public void Dispose() => _memory.Dispose();

    private nint PlaneStride => (nint)_shape.Groups * _shape.Area;

    /// <summary>The first plane of a slot in a picture.</summary>
    private nint Plane(int slot) => (((nint)(slot / _shape.Groups) * _shape.ChannelsOfClass * _shape.Groups) + (slot % _shape.Groups)) * _shape.Area;
}
