using static TorchSharp.torch;

namespace Microsoft.ML.Spatial.Modules;

/// <summary>A part of what a training goes down.</summary>
/// <param name="Name">What it is called in progress and log.</param>
/// <param name="Value">A scalar.</param>
internal readonly record struct NamedLoss(string Name, Tensor Value);
