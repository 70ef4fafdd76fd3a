namespace Microsoft.ML.Spatial.Components;

/// <summary>What a network made of some images.</summary>
internal abstract record ScoredBatch;
