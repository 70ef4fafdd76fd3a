namespace Microsoft.ML.Data;

/// <summary>Objects of a row class as a data view, read as they come: it cannot shuffle, not even a list.</summary>
internal sealed class TypedDataView<TRow> : IDataView
    where TRow : class
{
    private readonly IEnumerable<TRow> _rows;
    private readonly MemberReader<TRow>[] _readers;

    public TypedDataView(IEnumerable<TRow> rows, SchemaDefinition definition)
    {
        RowMember[] members = RowMember.Of(typeof(TRow), definition, SchemaDefinition.Direction.Read);
        Schema = RowMember.SchemaOf(members);
        _readers = members.Select(MemberReader<TRow>.Create).ToArray();
        _rows = rows;
    }

    public bool CanShuffle => false;

    public DataViewSchema Schema { get; }

    public long? GetRowCount() => (_rows as ICollection<TRow>)?.Count;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null)
    {
        return new Cursor(this, ActiveColumns.Of(Schema, columnsNeeded));
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];

    private sealed class Cursor : RootCursor
    {
        private readonly IEnumerator<TRow> _enumerator;
        private readonly Delegate[] _getters;
        private TRow _current;

        public Cursor(TypedDataView<TRow> view, bool[] active)
            : base(view.Schema, active)
        {
            _enumerator = view._rows.GetEnumerator();
            _getters = view._readers.Select((reader, index) => active[index] ? reader.CreateGetter(GetCurrent) : null).ToArray();
        }

        protected override ulong RowNumber => (ulong)Position;

        protected override Delegate GetGetter(int index) => _getters[index];

        protected override bool MoveNextCore()
        {
            bool moved = _enumerator.MoveNext();
            _current = moved ? _enumerator.Current : null;
            return !moved || _current != null ? moved : throw new InvalidOperationException($"Row {Position + 1} of the data is null.");
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                _enumerator.Dispose();
            }

            base.Dispose(disposing);
        }

        private TRow GetCurrent() => _current ?? throw new InvalidOperationException("A value can only be read while the cursor is on a row.");
    }
}
