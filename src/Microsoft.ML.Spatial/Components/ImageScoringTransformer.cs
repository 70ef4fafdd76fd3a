using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Spatial.Components;

/// <summary>What the transformers of trained networks share: lazy, batched scoring of images, saving and disposal.</summary>
/// <remarks>
/// <para>A model may be used from several threads, cursors and prediction engines at once. Dispose it when it is no longer needed: it holds native memory.
/// A <c>PredictionEngine</c> disposes it with itself unless <c>PredictionEngineOptions.OwnsTransformer</c> is false.</para>
/// <para>A view made by <see cref="Transform"/> reads nothing before a cursor asks, runs the network only where one of its columns is active, and then a batch at a time.
/// A row whose image cannot be read fails when one of the model's columns is asked for at that row, with an <see cref="InvalidDataException"/> that names it.
/// (A transform of ML.NET behind it may read ahead on threads of its own; the error then ends its cursor.)</para>
/// </remarks>
public abstract class ImageScoringTransformer : ITransformer, IDisposable
{
    private readonly ScoringModel _model;

    private protected ImageScoringTransformer(IHostEnvironment environment, ScoringModel model)
    {
        ArgumentNullException.ThrowIfNull(environment);
        _model = model;
    }

    /// <inheritdoc/>
    public bool IsRowToRowMapper => true;

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">The schema has no column of images that this model can read.</exception>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => Mapper(inputSchema).OutputSchema;

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">The schema has no column of images that this model can read.</exception>
    public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema) => Mapper(inputSchema);

    /// <summary>A view with the model's columns behind those of the input.</summary>
    /// <param name="input">Rows with the image column; no label is needed.</param>
    /// <exception cref="ArgumentOutOfRangeException">The view has no column of images that this model can read.</exception>
    public IDataView Transform(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return new MappedDataView(input, Mapper(input.Schema));
    }

    /// <summary>Writes the model into ML.NET's save context: the version, and one stream of settings and weights.</summary>
    void ICanSaveModel.Save(ModelSaveContext ctx) => Save(ctx);

    /// <summary>Frees the network.</summary>
    public void Dispose()
    {
        _model.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected abstract void Save(ModelSaveContext context);

    private ScoringMapper Mapper(DataViewSchema schema)
    {
        ArgumentNullException.ThrowIfNull(schema);
        return new ScoringMapper(_model, schema, GetType().Name);
    }
}
