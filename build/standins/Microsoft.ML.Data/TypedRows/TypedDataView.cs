namespace Microsoft.ML.Data;

/// <summary>Objects of a row class as a data view. Those in a list can be read in any order, others only as they come.</summary>
internal sealed class TypedDataView<TRow> : IDataView
    where TRow : class
{
    private readonly IEnumerable<TRow> _rows;
    private readonly IList<TRow> _list;
    private readonly MemberReader<TRow>[] _readers;

    public TypedDataView(IEnumerable<TRow> rows, SchemaDefinition definition, bool canShuffle)
    {
        RowMember[] members = RowMember.Of(typeof(TRow), definition, SchemaDefinition.Direction.Read);
        Schema = RowMember.SchemaOf(members);
        _readers = members.Select(MemberReader<TRow>.Create).ToArray();
        _rows = rows;
        _list = canShuffle ? rows as IList<TRow> : null;
    }

    public bool CanShuffle => _list != null;

    public DataViewSchema Schema { get; }

    public long? GetRowCount() => (_rows as ICollection<TRow>)?.Count;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null)
    {
        bool[] active = ActiveColumns.Of(Schema, columnsNeeded);
        int[] order = _list == null || rand == null ? null : Permutation.Random(_list.Count, rand);
        return new Cursor(this, active, order);
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];

    private sealed class Cursor : RootCursor
    {
        private readonly int[] _order;
        private readonly IEnumerator<TRow> _enumerator;
        private readonly Delegate[] _getters;
        private TRow _current;

        public Cursor(TypedDataView<TRow> view, bool[] active, int[] order)
            : base(view.Schema, active)
        {
            _order = order;
            _enumerator = order == null ? view._rows.GetEnumerator() : order.Select(index => view._list[index]).GetEnumerator();
            _getters = view._readers.Select((reader, index) => active[index] ? reader.CreateGetter(GetCurrent) : null).ToArray();
        }

        protected override ulong RowNumber => (ulong)(_order == null ? Position : _order[Position]);

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
