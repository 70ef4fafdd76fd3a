namespace Microsoft.ML;

/// <summary>Learns a transformer from a data view.</summary>
public interface IEstimator<out TTransformer>
    where TTransformer : ITransformer
{
    TTransformer Fit(IDataView input);

    /// <summary>Promises, before any fit, what the transformer will do to a schema; throws where the input does not suit.</summary>
    SchemaShape GetOutputSchema(SchemaShape inputSchema);
}
