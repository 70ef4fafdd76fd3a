using System.Text;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>Saves and loads models, and makes engines that predict one row at a time.</summary>
public sealed class ModelOperationsCatalog : IInternalCatalog
{
    private const string TransformerDirectory = "TransformerChain";
    private const string SchemaEntry = "Schema";

    private readonly IHostEnvironment _env;

    internal ModelOperationsCatalog(IHostEnvironment env)
    {
        ArgumentNullException.ThrowIfNull(env);
        _env = env;
    }

    IHostEnvironment IInternalCatalog.Environment => _env;

    public void Save(ITransformer model, DataViewSchema inputSchema, Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        using RepositoryWriter repository = RepositoryWriter.CreateNew(stream);
        ModelSaveContext.SaveModel(repository, model, TransformerDirectory);
        if (inputSchema == null)
        {
            return;
        }

        using IChannel channel = _env.Start("Saving Schema");
        var content = new MemoryStream();
        using (var writer = new BinaryWriter(content, Encoding.UTF8, leaveOpen: true))
        {
            SchemaCodec.Write(writer, inputSchema, channel);
        }

        repository.AddEntry(null, SchemaEntry, content);
    }

    /// <summary>The file is truncated before anything is written: a save that fails leaves no model behind.</summary>
    public void Save(ITransformer model, DataViewSchema inputSchema, string filePath)
    {
        ArgumentException.ThrowIfNullOrEmpty(filePath);
        using FileStream stream = File.Create(filePath);
        Save(model, inputSchema, stream);
    }

    public void Save<TSource>(ITransformer model, IDataLoader<TSource> loader, Stream stream) => throw NoDataLoaders();

    public void Save<TSource>(ITransformer model, IDataLoader<TSource> loader, string filePath) => throw NoDataLoaders();

    public ITransformer Load(Stream stream, out DataViewSchema inputSchema)
    {
        ArgumentNullException.ThrowIfNull(stream);
        using RepositoryReader repository = RepositoryReader.Open(stream);
        inputSchema = LoadSchemaOrNull(repository);
        ModelLoadContext.LoadModel<ITransformer, SignatureLoadModel>(_env, out ITransformer model, repository, TransformerDirectory);
        return model;
    }

    public ITransformer Load(string filePath, out DataViewSchema inputSchema)
    {
        ArgumentException.ThrowIfNullOrEmpty(filePath);
        using FileStream stream = File.OpenRead(filePath);
        return Load(stream, out inputSchema);
    }

    public PredictionEngine<TSrc, TDst> CreatePredictionEngine<TSrc, TDst>(ITransformer transformer, bool ignoreMissingColumns = true,
        SchemaDefinition inputSchemaDefinition = null, SchemaDefinition outputSchemaDefinition = null)
        where TSrc : class
        where TDst : class, new()
        => new(_env, transformer, ignoreMissingColumns, inputSchemaDefinition, outputSchemaDefinition);

    public PredictionEngine<TSrc, TDst> CreatePredictionEngine<TSrc, TDst>(ITransformer transformer, DataViewSchema inputSchema)
        where TSrc : class
        where TDst : class, new()
        => new(_env, transformer, false, DataViewConstructionUtils.GetSchemaDefinition<TSrc>(_env, inputSchema));

    public PredictionEngine<TSrc, TDst> CreatePredictionEngine<TSrc, TDst>(ITransformer transformer, PredictionEngineOptions options)
        where TSrc : class
        where TDst : class, new()
        => new(_env, transformer, options);

    private static DataViewSchema LoadSchemaOrNull(RepositoryReader repository)
    {
        MemoryStream content = repository.OpenEntryOrNull(null, SchemaEntry);
        if (content == null)
        {
            return null;
        }

        try
        {
            using var reader = new BinaryReader(content, Encoding.UTF8);
            return SchemaCodec.Read(reader);
        }
        catch (EndOfStreamException ex)
        {
            throw ModelError.Decode("The model file is damaged: its input schema is cut off.", ex);
        }
    }

    private static NotSupportedException NoDataLoaders() =>
        new("There are no data loaders here to save with a model; save the model with a schema.");
}
