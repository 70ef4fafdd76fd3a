using static TorchSharp.torch;

namespace Microsoft.ML.Spatial.Modules;

/// <summary>What a <see cref="FcosNetwork"/> says of each of its L locations, level by level, row by row.</summary>
/// <param name="Logits"><c>[N, L, Classes]</c>: each class's score before the logistic function.</param>
/// <param name="Distances"><c>[N, L, 4]</c>: to the left, upper, right and lower side of the object, in pixels, above 0.</param>
/// <param name="Centerness"><c>[N, L]</c>: before the logistic function; near 1 after it at the object's centre, near 0 at its sides.</param>
internal readonly record struct FcosOutput(Tensor Logits, Tensor Distances, Tensor Centerness);
