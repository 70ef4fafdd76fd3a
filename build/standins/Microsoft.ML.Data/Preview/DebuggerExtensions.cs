using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>Looks at the first rows of what a pipeline makes.</summary>
public static class DebuggerExtensions
{
    public static DataDebuggerPreview Preview(this IDataView data, int maxRows = 100) => new(data, maxRows);

    public static DataDebuggerPreview Preview(this IEstimator<ITransformer> estimator, IDataView data, int maxRows = 100, int maxTrainingRows = 100)
    {
        ArgumentNullException.ThrowIfNull(estimator);
        return estimator.Fit(new RangeView(data, 0, maxTrainingRows)).Preview(data, maxRows);
    }

    public static DataDebuggerPreview Preview(this ITransformer transformer, IDataView data, int maxRows = 100)
    {
        ArgumentNullException.ThrowIfNull(transformer);
        return new DataDebuggerPreview(transformer.Transform(data), maxRows);
    }

    public static DataDebuggerPreview Preview<TSource>(this IDataLoader<TSource> loader, TSource source, int maxRows = 100)
    {
        ArgumentNullException.ThrowIfNull(loader);
        return new DataDebuggerPreview(loader.Load(source), maxRows);
    }
}
