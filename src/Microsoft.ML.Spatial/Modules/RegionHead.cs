using static TorchSharp.torch;

namespace Microsoft.ML.Spatial.Modules;

/// <summary>
/// The second stage of a two-stage detector: of a map <c>[N, channels, h, w]</c> and regions <c>[K, 5]</c> (picture, x0, y0, x1, y1 in pixels of the image) it says
/// <c>[K, Classes + 1 + 4]</c>: each class's score before the softmax, that of no object at all, and four deltas of the box, the same for all classes.
/// </summary>
/// <param name="name">The type's name.</param>
internal abstract class RegionHead(string name) : nn.Module<Tensor, Tensor, Tensor>(name);
