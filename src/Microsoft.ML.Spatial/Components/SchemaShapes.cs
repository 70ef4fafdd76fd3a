using Microsoft.ML.Data;

namespace Microsoft.ML.Spatial.Components;

/// <summary>Makes <see cref="SchemaShape"/> columns by public means: <c>SchemaShape.Column</c> has no public constructor, but an estimator chain shows its members the shape of a view's schema.</summary>
internal static class SchemaShapes
{
    /// <summary>The shape of a schema, annotations included.</summary>
    public static SchemaShape Of(DataViewSchema schema)
    {
        var capture = new Capture();
        new EstimatorChain<ITransformer>().Append(capture).Fit(new SchemaOnlyView(schema));
        return capture.Seen!;
    }

    /// <summary>A shape with the columns of a schema added; columns of the same name give way to them.</summary>
    public static SchemaShape Add(SchemaShape input, DataViewSchema added)
    {
        var columns = input.ToDictionary(column => column.Name);
        foreach (var column in Of(added))
        {
            columns[column.Name] = column;
        }

        return new SchemaShape(columns.Values);
    }

    private sealed class Capture : IEstimator<ITransformer>
    {
        public SchemaShape? Seen { get; private set; }

        public SchemaShape GetOutputSchema(SchemaShape inputSchema) => Seen = inputSchema;

        public ITransformer Fit(IDataView input) => new TransformerChain<ITransformer>();
    }

    private sealed class SchemaOnlyView(DataViewSchema schema) : IDataView
    {
        public DataViewSchema Schema => schema;

        public bool CanShuffle => false;

        public long? GetRowCount() => 0;

        public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) => throw new NotSupportedException("This view has a schema and no rows.");

        public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) => throw new NotSupportedException("This view has a schema and no rows.");
    }
}
