namespace Microsoft.ML.Data;

/// <summary>A mapper bound to a schema: which columns come through, which are added, and the rows that have both.</summary>
internal sealed class RowMapping : IRowToRowMapper
{
    /// <summary>Null where columns only come through.</summary>
    private readonly RowMapper _mapper;

    /// <summary>Of each output column the index of the input column it is, or the complement of the index of the added one.</summary>
    private readonly int[] _sources;

    private RowMapping(DataViewSchema inputSchema, RowMapper mapper, DataViewSchema.DetachedColumn[] added, int[] sources)
    {
        InputSchema = inputSchema;
        _mapper = mapper;
        _sources = sources;

        var builder = new DataViewSchema.Builder();
        builder.AddColumns(sources.Select(source => source >= 0 ? new DataViewSchema.DetachedColumn(inputSchema[source]) : added[~source]));
        OutputSchema = builder.ToSchema();
    }

    public DataViewSchema InputSchema { get; }

    public DataViewSchema OutputSchema { get; }

    /// <summary>All input columns and the added ones; an added one that hides an input column comes right after it.</summary>
    public static RowMapping Add(RowMapper mapper)
    {
        DataViewSchema input = mapper.InputSchema;
        DataViewSchema.DetachedColumn[] added = mapper.GetOutputColumns();
        var sources = Enumerable.Range(0, input.Count).ToList();
        for (int i = 0; i < added.Length; i++)
        {
            int hidden = sources.FindLastIndex(source => (source >= 0 ? input[source].Name : added[~source].Name) == added[i].Name);
            sources.Insert(hidden < 0 ? sources.Count : hidden + 1, ~i);
        }

        return new RowMapping(input, mapper, added, sources.ToArray());
    }

    /// <summary>Some of the input columns.</summary>
    public static RowMapping Select(DataViewSchema inputSchema, int[] columns) => new(inputSchema, null, [], columns);

    public IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns)
    {
        var needed = new bool[InputSchema.Count];
        foreach (DataViewSchema.Column column in dependingColumns)
        {
            int source = _sources[column.Index];
            if (source >= 0)
            {
                needed[source] = true;
                continue;
            }

            foreach (int dependency in _mapper.GetDependencies(~source))
            {
                needed[dependency] = true;
            }
        }

        return InputSchema.Where(column => needed[column.Index]).ToArray();
    }

    public DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(activeColumns);
        if (input.Schema != InputSchema)
        {
            throw new ArgumentException("The row has another schema than the one the mapper is bound to.", nameof(input));
        }

        return new MappedRow(input, new RowState(this, input, activeColumns));
    }

    public DataViewRowCursor GetCursor(DataViewRowCursor input, IEnumerable<DataViewSchema.Column> activeColumns) =>
        new MappedCursor(input, new RowState(this, input, activeColumns));

    /// <summary>What a row and a cursor have in common.</summary>
    private sealed class RowState
    {
        private readonly RowMapping _mapping;
        private readonly DataViewRow _input;
        private readonly bool[] _active;
        private readonly Delegate[] _added;
        private readonly Action _disposer;

        public RowState(RowMapping mapping, DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns)
        {
            _mapping = mapping;
            _input = input;
            _active = new bool[mapping.OutputSchema.Count];
            foreach (DataViewSchema.Column column in activeColumns)
            {
                _active[column.Index] = true;
            }

            _added = mapping._mapper?.MakeGetters(input, added => _active[Array.IndexOf(mapping._sources, ~added)], out _disposer);
        }

        public DataViewSchema Schema => _mapping.OutputSchema;

        public bool IsActive(DataViewSchema.Column column) => column.Index < _active.Length && _active[column.Index];

        public ValueGetter<T> GetGetter<T>(DataViewSchema.Column column)
        {
            if (!IsActive(column))
            {
                throw new InvalidOperationException($"The column '{column.Name}' is not active in this cursor: ask for it when opening the cursor.");
            }

            int source = _mapping._sources[column.Index];
            if (source >= 0)
            {
                return _input.GetGetter<T>(_input.Schema[source]);
            }

            return _added[~source] as ValueGetter<T>
                ?? throw new InvalidOperationException($"Invalid TValue in GetGetter: '{typeof(T)}', expected type: '{Schema[column.Index].Type.RawType}'.");
        }

        public void Dispose() => _disposer?.Invoke();
    }

    private sealed class MappedRow(DataViewRow input, RowState state) : DataViewRow
    {
        private bool _disposed;

        public override DataViewSchema Schema => state.Schema;

        public override long Position => input.Position;

        public override long Batch => input.Batch;

        public override bool IsColumnActive(DataViewSchema.Column column) => state.IsActive(column);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => state.GetGetter<TValue>(column);

        public override ValueGetter<DataViewRowId> GetIdGetter() => input.GetIdGetter();

        protected override void Dispose(bool disposing)
        {
            if (disposing && !_disposed)
            {
                _disposed = true;
                state.Dispose();
                input.Dispose();
            }

            base.Dispose(disposing);
        }
    }

    private sealed class MappedCursor(DataViewRowCursor input, RowState state) : DataViewRowCursor
    {
        private bool _disposed;

        public override DataViewSchema Schema => state.Schema;

        public override long Position => input.Position;

        public override long Batch => input.Batch;

        public override bool MoveNext() => input.MoveNext();

        public override bool IsColumnActive(DataViewSchema.Column column) => state.IsActive(column);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => state.GetGetter<TValue>(column);

        public override ValueGetter<DataViewRowId> GetIdGetter() => input.GetIdGetter();

        protected override void Dispose(bool disposing)
        {
            if (disposing && !_disposed)
            {
                _disposed = true;
                state.Dispose();
                input.Dispose();
            }

            base.Dispose(disposing);
        }
    }
}
