namespace Microsoft.ML.Spatial.Training;

/// <summary>The header of a checkpoint: all but the tensors.</summary>
/// <param name="Seed">The seed of the training.</param>
/// <param name="Fingerprint">What decides the training (<see cref="TrainingFingerprint"/>).</param>
/// <param name="State">How far the training has come.</param>
/// <param name="Optimizer">How far the optimiser has come.</param>
internal sealed record TrainingCheckpoint(int Seed, SortedDictionary<string, string> Fingerprint, TrainingState State, OptimizerProgress Optimizer);
