namespace Microsoft.ML.Data;

/// <summary>An estimator in its place in a chain.</summary>
internal sealed record EstimatorLink(IEstimator<ITransformer> Estimator, TransformerScope Scope, bool CacheAfter);
