using System.Collections.Concurrent;
using Microsoft.ML.Spatial.Training;

namespace Microsoft.ML.Spatial.Data;

/// <summary>Images [Count, C, H, W] as floats, with what is known of each. Full buffers go back to a pool.</summary>
/// <typeparam name="T">What is known of an image: its class index from 0, or its objects.</typeparam>
internal sealed class ImageBatch<T>(float[] pixels, T[] labels, ImageSize[] sizes, ConcurrentBag<float[]>? pool) : IBatch
{
    public float[] Pixels => pixels;

    public T[] Labels => labels;

    /// <summary>The sizes that the images had before they were resized.</summary>
    public ImageSize[] Sizes => sizes;

    public int Count => labels.Length;

    public void Dispose() => pool?.Add(pixels);
}
