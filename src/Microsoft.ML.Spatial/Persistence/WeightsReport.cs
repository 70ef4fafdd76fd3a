namespace Microsoft.ML.Spatial.Persistence;

/// <summary>What became of the tensors of a file that a backbone started from; each list is sorted by name.</summary>
/// <param name="Loaded">Tensors of the backbone that were taken from the file.</param>
/// <param name="StartAnew">Tensors of the backbone that such a file does not hold: the branches of deformable convolutions, which start at zero, and, of older files, counts of batches.</param>
/// <param name="NotOfTheBackbone">
/// Tensors of the file that a backbone has no use for: the classifier (<c>fc.weight</c>, <c>fc.bias</c>) and, where normalisation is frozen, counts of batches.
/// </param>
internal sealed record WeightsReport(IReadOnlyList<string> Loaded, IReadOnlyList<string> StartAnew, IReadOnlyList<string> NotOfTheBackbone);
