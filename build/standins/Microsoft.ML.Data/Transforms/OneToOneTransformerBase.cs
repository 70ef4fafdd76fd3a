using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>A transformer that makes each output column of one input column.</summary>
public abstract class OneToOneTransformerBase : RowToRowTransformerBase
{
    private protected OneToOneTransformerBase(IHost host, (string OutputColumnName, string InputColumnName)[] columns)
        : base(host)
    {
        ArgumentNullException.ThrowIfNull(columns);
        if (columns.Length == 0)
        {
            throw new ArgumentException("At least one pair of columns is needed.", nameof(columns));
        }

        var outputs = new HashSet<string>();
        foreach ((string output, string input) in columns)
        {
            ArgumentException.ThrowIfNullOrEmpty(output);
            ArgumentException.ThrowIfNullOrEmpty(input);
            if (!outputs.Add(output))
            {
                throw new ArgumentException($"The output column '{output}' is named more than once.", nameof(columns));
            }
        }

        ColumnPairs = columns;
    }

    private protected OneToOneTransformerBase(IHost host, ModelLoadContext ctx)
        : this(host, LoadColumns(ctx))
    {
    }

    internal (string OutputColumnName, string InputColumnName)[] ColumnPairs { get; }

    /// <summary>The index of the input column of a pair, or an error if the schema has none that suits.</summary>
    internal int FindInput(DataViewSchema schema, int pair)
    {
        DataViewSchema.Column column = SchemaMismatch.Find(schema, "inputSchema", "input", ColumnPairs[pair].InputColumnName);
        CheckInputColumn(column, pair);
        return column.Index;
    }

    private protected virtual void CheckInputColumn(DataViewSchema.Column column, int pair)
    {
    }

    private protected void SaveColumns(ModelSaveContext ctx)
    {
        ctx.Writer.Write(ColumnPairs.Length);
        foreach ((string output, string input) in ColumnPairs)
        {
            ctx.Writer.Write(output);
            ctx.Writer.Write(input);
        }
    }

    private static (string OutputColumnName, string InputColumnName)[] LoadColumns(ModelLoadContext ctx)
    {
        int count = ctx.Reader.ReadInt32();
        if (count <= 0)
        {
            throw ModelError.Decode($"The model is damaged: it says it has {count} columns.");
        }

        var columns = new List<(string, string)>();
        for (int i = 0; i < count; i++)
        {
            columns.Add((ctx.Reader.ReadString(), ctx.Reader.ReadString()));
        }

        return columns.ToArray();
    }
}
