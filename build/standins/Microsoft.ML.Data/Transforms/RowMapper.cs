namespace Microsoft.ML.Data;

/// <summary>What a transformer adds to the rows of one schema.</summary>
internal abstract class RowMapper
{
    protected RowMapper(DataViewSchema inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        InputSchema = inputSchema;
    }

    public DataViewSchema InputSchema { get; }

    public abstract DataViewSchema.DetachedColumn[] GetOutputColumns();

    /// <summary>The indices of the input columns that an added column is computed from.</summary>
    public abstract IEnumerable<int> GetDependencies(int output);

    /// <summary>The getters of the added columns, null for those that are not active.</summary>
    public abstract Delegate[] MakeGetters(DataViewRow input, Func<int, bool> isActive, out Action disposer);
}
