using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms;

[assembly: LoadableClass(typeof(ColumnSelectingTransformer), typeof(ColumnSelectingTransformer), null, typeof(SignatureLoadModel), "Select Columns",
    ColumnSelectingTransformer.LoaderSignature)]

namespace Microsoft.ML.Transforms;

/// <summary>Keeps some columns, in the order named, or drops some.</summary>
public sealed class ColumnSelectingTransformer : ITransformer
{
    internal const string LoaderSignature = "SelectColumns";

    internal ColumnSelectingTransformer(string[] columns, bool drops, bool keepsHidden)
    {
        ArgumentNullException.ThrowIfNull(columns);
        foreach (string column in columns)
        {
            ArgumentException.ThrowIfNullOrEmpty(column);
        }

        Columns = columns;
        Drops = drops;
        KeepsHidden = keepsHidden;
    }

    internal string[] Columns { get; }

    internal bool Drops { get; }

    internal bool KeepsHidden { get; }

    bool ITransformer.IsRowToRowMapper => true;

    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => Bind(inputSchema).OutputSchema;

    public IDataView Transform(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return new MappedView(input, Bind(input.Schema));
    }

    IRowToRowMapper ITransformer.GetRowToRowMapper(DataViewSchema inputSchema) => Bind(inputSchema);

    void ICanSaveModel.Save(ModelSaveContext ctx)
    {
        ArgumentNullException.ThrowIfNull(ctx);
        ctx.SetVersionInfo(Version());
        ctx.Writer.Write(Drops);
        ctx.Writer.Write(KeepsHidden);
        ctx.Writer.Write(Columns.Length);
        foreach (string column in Columns)
        {
            ctx.Writer.Write(column);
        }
    }

    private static ColumnSelectingTransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        ctx.CheckAtModel(Version());
        bool drops = ctx.Reader.ReadBoolean();
        bool keepsHidden = ctx.Reader.ReadBoolean();
        int count = ctx.Reader.ReadInt32();
        return new ColumnSelectingTransformer(Enumerable.Range(0, count).Select(_ => ctx.Reader.ReadString()).ToArray(), drops, keepsHidden);
    }

    private static VersionInfo Version() =>
        new("SELCOLSS", 0x00010001, 0x00010001, 0x00010001, typeof(ColumnSelectingTransformer).Assembly.FullName, LoaderSignature);

    private RowMapping Bind(DataViewSchema schema)
    {
        ArgumentNullException.ThrowIfNull(schema);
        foreach (string column in Columns)
        {
            SchemaMismatch.Find(schema, "inputSchema", "input", column);
        }

        IEnumerable<DataViewSchema.Column> kept = Drops
            ? schema.Where(column => !Columns.Contains(column.Name))
            : Columns.SelectMany(name => schema.Where(column => column.Name == name));
        return RowMapping.Select(schema, kept.Where(column => KeepsHidden || !column.IsHidden).Select(column => column.Index).ToArray());
    }
}
