using System.Runtime.InteropServices;

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

    private nint PictureFloats => (nint)_shape.Channels * _shape.Area;

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

    private void Write(float* picture, int threads) => ForkJoin.Run(Count * Pieces, threads, (from, to) =>
    {
        for (var item = from; item < to; item++)
        {
            var (slot, first) = (item / Pieces, item % Pieces * Together);
            PixelOrder.ToPlanes(
                Slot(slot) + ((nint)first * Width), Width, _shape.ChannelsOfClass, Math.Min(Together, _shape.Area - first), picture + Plane(slot) + first, PlaneStride);
        }
    });

    /// <summary>Takes one picture of a batch after the other, those that have RoIs, and works on each.</summary>
    /// <param name="pictures">The batch.</param>
    /// <param name="rois">The RoIs.</param>
    /// <param name="threads">Most threads that turn pixels.</param>
    /// <param name="work">Told the picture's RoIs.</param>
    public void ReadEach(float* pictures, RoIList rois, int threads, Action<ReadOnlyMemory<int>> work)
    {
        for (var picture = 0; picture < _shape.Pictures; picture++)
        {
            var here = rois.Of(picture);
            if (here.Length == 0)
                continue;
            Read(pictures + (picture * PictureFloats), threads);
            work(here);
        }
    }

    /// <summary>Writes one picture of a batch after the other: what work adds to zeros, and zeros where a picture has no RoIs.</summary>
    /// <param name="pictures">The batch.</param>
    /// <param name="rois">The RoIs.</param>
    /// <param name="threads">Most threads that turn pixels.</param>
    /// <param name="work">Told the first float of the picture in a batch, and its RoIs.</param>
    public void WriteEach(float* pictures, RoIList rois, int threads, Action<nint, ReadOnlyMemory<int>> work)
    {
        for (var picture = 0; picture < _shape.Pictures; picture++)
        {
            var here = rois.Of(picture);
            var first = picture * PictureFloats;
            if (here.Length == 0)
            {
                NativeMemory.Clear(pictures + first, (nuint)PictureFloats * sizeof(float));
                continue;
            }

            _memory.Clear();
            work(first, here);
            Write(pictures + first, threads);
        }
    }

    public void Dispose() => _memory.Dispose();

    private nint PlaneStride => (nint)_shape.Groups * _shape.Area;

    /// <summary>The first plane of a slot in a picture.</summary>
    private nint Plane(int slot) => (((nint)(slot / _shape.Groups) * _shape.ChannelsOfClass * _shape.Groups) + (slot % _shape.Groups)) * _shape.Area;
}
