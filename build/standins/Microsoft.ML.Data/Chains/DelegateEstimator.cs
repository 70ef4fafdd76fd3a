namespace Microsoft.ML.Data;

/// <summary>An estimator that tells of each transformer it has fitted.</summary>
internal sealed class DelegateEstimator<TTransformer> : IEstimator<TTransformer>
    where TTransformer : class, ITransformer
{
    private readonly IEstimator<TTransformer> _inner;
    private readonly Action<TTransformer> _onFit;

    public DelegateEstimator(IEstimator<TTransformer> inner, Action<TTransformer> onFit)
    {
        _inner = inner;
        _onFit = onFit;
    }

    public TTransformer Fit(IDataView input)
    {
        TTransformer transformer = _inner.Fit(input);
        _onFit(transformer);
        return transformer;
    }

    public SchemaShape GetOutputSchema(SchemaShape inputSchema) => _inner.GetOutputSchema(inputSchema);
}
