namespace Microsoft.ML.Data;

/// <summary>The mapper of a transformer that makes each output column of one input column.</summary>
internal abstract class OneToOneMapper : RowMapper
{
    private readonly int[] _inputs;
    private readonly OneToOneTransformerBase _parent;

    protected OneToOneMapper(OneToOneTransformerBase parent, DataViewSchema inputSchema)
        : base(inputSchema)
    {
        _parent = parent;
        _inputs = Enumerable.Range(0, parent.ColumnPairs.Length).Select(pair => parent.FindInput(inputSchema, pair)).ToArray();
    }

    public sealed override DataViewSchema.DetachedColumn[] GetOutputColumns() =>
        _parent.ColumnPairs.Select((pair, i) => MakeColumn(pair.OutputColumnName, i, InputColumn(i))).ToArray();

    public sealed override IEnumerable<int> GetDependencies(int output) => [_inputs[output]];

    public sealed override Delegate[] MakeGetters(DataViewRow input, Func<int, bool> isActive, out Action disposer)
    {
        var getters = new Delegate[_inputs.Length];
        disposer = null;
        for (int i = 0; i < getters.Length; i++)
        {
            if (isActive(i))
            {
                getters[i] = MakeGetter(input, i, InputColumn(i), out Action more);
                disposer += more;
            }
        }

        return getters;
    }

    protected abstract DataViewSchema.DetachedColumn MakeColumn(string name, int pair, DataViewSchema.Column source);

    protected abstract Delegate MakeGetter(DataViewRow input, int pair, DataViewSchema.Column source, out Action disposer);

    protected DataViewSchema.Column InputColumn(int pair) => InputSchema[_inputs[pair]];
}
