using static TorchSharp.torch;

namespace Microsoft.ML.Spatial.Modules;

/// <summary>What a network made of a batch of images.</summary>
/// <param name="Maps"><c>[N, C, h, w]</c> each, the finest first.</param>
/// <param name="Height">Height of the images in pixels.</param>
/// <param name="Width">Width of the images in pixels.</param>
internal readonly record struct ImageMaps(IReadOnlyList<Tensor> Maps, int Height, int Width);
