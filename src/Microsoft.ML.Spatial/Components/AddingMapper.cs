using Microsoft.ML.Data;

namespace Microsoft.ML.Spatial.Components;

/// <summary>Maps rows of one input schema to rows with columns added behind them.</summary>
internal abstract class AddingMapper : IRowToRowMapper
{
    /// <param name="input">The schema of the rows that come in.</param>
    /// <param name="added">The columns that are added, in their order.</param>
    /// <param name="sources">The columns of the input from which each of them is made.</param>
    protected AddingMapper(DataViewSchema input, IEnumerable<DataViewSchema.DetachedColumn> added, IReadOnlyList<DataViewSchema.Column> sources)
    {
        InputSchema = input;
        Sources = sources;
        var builder = new DataViewSchema.Builder();
        builder.AddColumns(input);
        builder.AddColumns(added);
        OutputSchema = builder.ToSchema();
    }

    public DataViewSchema InputSchema { get; }

    public DataViewSchema OutputSchema { get; }

    /// <summary>The columns of the input from which the added ones are made.</summary>
    protected IReadOnlyList<DataViewSchema.Column> Sources { get; }

    public IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns)
    {
        var needed = new bool[InputSchema.Count];
        foreach (var column in dependingColumns)
        {
            if (column.Index < InputSchema.Count)
            {
                needed[column.Index] = true;
                continue;
            }

            foreach (var source in Sources)
            {
                needed[source.Index] = true;
            }
        }

        return InputSchema.Where(column => needed[column.Index]).ToArray();
    }

    public DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns)
    {
        var active = new ActiveColumns(this, activeColumns);
        return new MappedRow(this, input, active, active.Added.Count > 0 ? ValuesOf(input, active) : null);
    }

    /// <summary>The added values of a row object, of which at least one column is active.</summary>
    protected abstract AddedValues ValuesOf(DataViewRow row, ActiveColumns active);

    /// <summary>What makes cursors with the added columns of cursors over the input. Called once for each cursor, or set of cursors, in which at least one added column is active.</summary>
    internal abstract Converter<DataViewRowCursor, DataViewRowCursor> CursorWrapper(ActiveColumns active);
}
