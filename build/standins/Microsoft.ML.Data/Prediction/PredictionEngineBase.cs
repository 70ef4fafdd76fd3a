using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>Applies a transformer to one object at a time. Not to be used by several threads at once.</summary>
public abstract class PredictionEngineBase<TSrc, TDst> : IDisposable
    where TSrc : class
    where TDst : class, new()
{
    private readonly InputRow<TSrc> _input;
    private readonly DataViewRow _output;
    private readonly Action<TDst> _fill;
    private readonly IDisposable _owned;
    private bool _disposed;

    private protected PredictionEngineBase(IHostEnvironment environment, ITransformer transformer, PredictionEngineOptions options)
    {
        ArgumentNullException.ThrowIfNull(environment);
        ArgumentNullException.ThrowIfNull(transformer);
        ArgumentNullException.ThrowIfNull(options);
        if (!transformer.IsRowToRowMapper)
        {
            throw new ArgumentOutOfRangeException(nameof(transformer), "Must be a row to row mapper");
        }

        _input = new InputRow<TSrc>(options.InputSchemaDefinition);
        IRowToRowMapper mapper = transformer.GetRowToRowMapper(_input.Schema);
        var filler = new RowFiller<TDst>(mapper.OutputSchema, options.OutputSchemaDefinition, options.IgnoreMissingColumns);
        _output = mapper.GetRow(_input, mapper.OutputSchema);
        _fill = filler.Bind(_output);
        _owned = options.OwnsTransformer ? transformer as IDisposable : null;
    }

    public TDst Predict(TSrc example)
    {
        var prediction = new TDst();
        Predict(example, ref prediction);
        return prediction;
    }

    public abstract void Predict(TSrc example, ref TDst prediction);

    public void Dispose()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        _output.Dispose();
        _input.Dispose();
        _owned?.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected void Run(TSrc example, TDst prediction)
    {
        _input.MoveTo(example);
        _fill(prediction);
    }
}
