namespace Microsoft.ML.Data;

/// <summary>The estimator of a loader that is there already.</summary>
internal sealed class TrivialLoaderEstimator<TSource> : IDataLoaderEstimator<TSource, IDataLoader<TSource>>
{
    private readonly IDataLoader<TSource> _loader;

    public TrivialLoaderEstimator(IDataLoader<TSource> loader) => _loader = loader;

    public IDataLoader<TSource> Fit(TSource input) => _loader;

    public SchemaShape GetOutputSchema() => SchemaShape.Create(_loader.GetOutputSchema());
}
