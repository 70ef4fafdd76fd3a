using static TorchSharp.torch;

namespace Microsoft.ML.Spatial.Modules;

/// <summary>What a <see cref="SpatialNetwork"/> made of a batch. The caller disposes the tensors.</summary>
/// <param name="Logits"><c>[N, Classes]</c>, unnormalised.</param>
/// <param name="Theta"><c>[N, T·P]</c>: the transformations that the T transformers on the input chose for each picture, in their order; null without a transformer.</param>
/// <param name="Rectified"><c>[N, T·Channels, RectifiedHeight, RectifiedWidth]</c>: what the classifier saw; null without a transformer.</param>
public readonly record struct SpatialNetworkOutput(Tensor Logits, Tensor? Theta, Tensor? Rectified);
