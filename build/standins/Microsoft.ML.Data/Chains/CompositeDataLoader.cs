namespace Microsoft.ML.Data;

/// <summary>A loader followed by transformers.</summary>
public sealed class CompositeDataLoader<TSource, TLastTransformer> : IDataLoader<TSource>, ICanSaveModel, IDisposable
    where TLastTransformer : class, ITransformer
{
    public readonly IDataLoader<TSource> Loader;

    public readonly TransformerChain<TLastTransformer> Transformer;

    public CompositeDataLoader(IDataLoader<TSource> loader, TransformerChain<TLastTransformer> transformerChain = null)
    {
        ArgumentNullException.ThrowIfNull(loader);
        Loader = loader;
        Transformer = transformerChain ?? new TransformerChain<TLastTransformer>();
    }

    public IDataView Load(TSource input) => Transformer.Transform(Loader.Load(input));

    public DataViewSchema GetOutputSchema() => Transformer.GetOutputSchema(Loader.GetOutputSchema());

    public CompositeDataLoader<TSource, TNewLast> AppendTransformer<TNewLast>(TNewLast transformer)
        where TNewLast : class, ITransformer => new(Loader, Transformer.Append(transformer));

    void ICanSaveModel.Save(ModelSaveContext ctx) => throw new NotSupportedException("Loaders are not saved into model files; save the transformers.");

    public void Dispose()
    {
        Transformer.Dispose();
        (Loader as IDisposable)?.Dispose();
    }
}
