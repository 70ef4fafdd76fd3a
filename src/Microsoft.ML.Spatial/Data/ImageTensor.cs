using Microsoft.ML.Spatial.Functional;
using static TorchSharp.torch;

namespace Microsoft.ML.Spatial.Data;

/// <summary>Images as a network takes them.</summary>
internal static class ImageTensor
{
    /// <summary>The first images of a buffer, <c>[count, C, H, W]</c>.</summary>
    /// <param name="pixels">Images [at least count, C, H, W].</param>
    /// <param name="count">How many.</param>
    /// <param name="shape">Their shape.</param>
    /// <param name="device">Where the tensor goes.</param>
    public static Tensor Of(float[] pixels, int count, ImageShape shape, Device device) =>
        TensorFactory.FromArray<float>(pixels.AsSpan(0, count * shape.Length), [count, shape.Channels, shape.Height, shape.Width], device);
}
