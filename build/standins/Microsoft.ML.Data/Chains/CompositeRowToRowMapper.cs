namespace Microsoft.ML.Data;

/// <summary>The mappers of a chain of transformers as one.</summary>
internal sealed class CompositeRowToRowMapper : IRowToRowMapper
{
    private readonly IRowToRowMapper[] _mappers;

    public CompositeRowToRowMapper(DataViewSchema inputSchema, IRowToRowMapper[] mappers)
    {
        InputSchema = inputSchema;
        OutputSchema = mappers.Length > 0 ? mappers[^1].OutputSchema : inputSchema;
        _mappers = mappers;
    }

    public DataViewSchema InputSchema { get; }

    public DataViewSchema OutputSchema { get; }

    public IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns)
    {
        IEnumerable<DataViewSchema.Column> columns = dependingColumns.ToArray();
        for (int i = _mappers.Length - 1; i >= 0; i--)
        {
            columns = _mappers[i].GetDependencies(columns).ToArray();
        }

        return columns;
    }

    public DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(activeColumns);
        if (input.Schema != InputSchema)
        {
            throw new ArgumentException("The row has another schema than the mapper was made for.", nameof(input));
        }

        // What each mapper must compute is known from the last one backwards.
        var active = new DataViewSchema.Column[_mappers.Length][];
        DataViewSchema.Column[] needed = activeColumns.ToArray();
        for (int i = _mappers.Length - 1; i >= 0; i--)
        {
            active[i] = needed;
            needed = _mappers[i].GetDependencies(needed).ToArray();
        }

        DataViewRow row = input;
        for (int i = 0; i < _mappers.Length; i++)
        {
            row = _mappers[i].GetRow(row, active[i]);
        }

        return row;
    }
}
