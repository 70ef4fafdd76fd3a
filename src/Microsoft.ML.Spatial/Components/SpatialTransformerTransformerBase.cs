using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Spatial.Modules;
using Microsoft.ML.Spatial.Persistence;
using Microsoft.ML.Spatial.Training;

namespace Microsoft.ML.Spatial.Components;

/// <summary>What the transformers of a trained spatial transformer network share: lazy, batched scoring, saving and disposal.</summary>
/// <remarks>
/// <para>A model may be used from several threads, cursors and prediction engines at once. Dispose it when it is no longer needed: it holds native memory.
/// A <c>PredictionEngine</c> disposes it with itself unless <c>PredictionEngineOptions.OwnsTransformer</c> is false.</para>
/// <para>A view made by <see cref="Transform"/> reads nothing before a cursor asks, runs the network only where one of its columns is active, and then a batch at a time.
/// A row whose image cannot be read fails when one of the model's columns is asked for at that row, with an <see cref="InvalidDataException"/> that names it.
/// (A transform of ML.NET behind it may read ahead on threads of its own; the error then ends its cursor.)</para>
/// </remarks>
public abstract class SpatialTransformerTransformerBase : ITransformer, IDisposable
{
    private readonly ModelVersion _version;

    private protected SpatialTransformerTransformerBase(IHostEnvironment environment, SpatialTransformerModel model, ModelVersion version)
    {
        ArgumentNullException.ThrowIfNull(environment);
        Model = model;
        _version = version;
    }

    /// <inheritdoc/>
    public bool IsRowToRowMapper => true;

    /// <summary>Number of values that training learns.</summary>
    public long ParameterCount => Model.Network.ParameterCount;

    /// <summary>The shape of the network: architecture, transformation, number of transformers and sizes; what it takes to read theta.</summary>
    public SpatialNetworkSpec NetworkSpec => Model.Settings.ToNetworkSpec();

    /// <summary>What each finished epoch of the training came to.</summary>
    public IReadOnlyList<TrainingEpoch> Epochs => Model.Settings.Epochs;

    internal SpatialTransformerModel Model { get; }

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
    void ICanSaveModel.Save(ModelSaveContext ctx) => Model.Save(ctx, _version);

    /// <summary>Frees the network.</summary>
    public void Dispose()
    {
        Model.Dispose();
        GC.SuppressFinalize(this);
    }

    private ScoringMapper Mapper(DataViewSchema schema)
    {
        ArgumentNullException.ThrowIfNull(schema);
        return new ScoringMapper(Model, schema, GetType().Name);
    }
}
