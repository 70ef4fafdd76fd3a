using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

/// <summary>Keeps some columns, in the order named, or drops some.</summary>
public sealed class ColumnSelectingEstimator : TrivialEstimator<ColumnSelectingTransformer>
{
    internal ColumnSelectingEstimator(IHostEnvironment env, string[] columns, bool drops, bool keepsHidden)
        : base(env.Register(nameof(ColumnSelectingEstimator)), new ColumnSelectingTransformer(columns, drops, keepsHidden))
    {
    }

    public override SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        SchemaShape.Column[] named = Transformer.Columns.Select(column => SchemaMismatch.Find(inputSchema, column)).ToArray();
        return new SchemaShape(Transformer.Drops ? inputSchema.Where(column => !Transformer.Columns.Contains(column.Name)) : named);
    }
}
