using System.Collections.Concurrent;
using Microsoft.ML.Spatial.Training;

namespace Microsoft.ML.Spatial.Data;

/// <summary>Images [Count, C, H, W] as floats, with their class indices from 0. Full buffers go back to a pool.</summary>
internal sealed class ImageBatch(float[] pixels, long[] labels, ConcurrentBag<float[]>? pool) : IBatch
{
    public float[] Pixels => pixels;

    public long[] Labels => labels;

    public int Count => labels.Length;

    public void Dispose() => pool?.Add(pixels);
}
