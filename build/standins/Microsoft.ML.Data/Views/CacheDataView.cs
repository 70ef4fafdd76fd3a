using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>
/// Keeps in memory the columns that were asked for, each read from the source once. Columns that are neither primitive nor vectors
/// (images, for one) cannot be kept, and do not appear in it.
/// </summary>
internal sealed class CacheDataView : IDataView
{
    // Cursors that share the rows take them in batches of this many.
    private const int BatchSize = 64;

    private readonly Lock _lock = new();
    private readonly IDataView _source;
    private readonly CacheFiller[] _fillers;
    private CacheFiller _counter;

    public CacheDataView(IHostEnvironment environment, IDataView input)
    {
        ArgumentNullException.ThrowIfNull(environment);
        ArgumentNullException.ThrowIfNull(input);

        _source = ColumnStore.SelectKept(input);
        _fillers = new CacheFiller[Schema.Count];
    }

    public bool CanShuffle => true;

    public DataViewSchema Schema => _source.Schema;

    public long? GetRowCount() => _source.GetRowCount() ?? _counter?.RowCount;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null) =>
        GetRowCursorSet(columnsNeeded, 1, rand)[0];

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random rand = null)
    {
        bool[] active = ActiveColumns.Of(Schema, columnsNeeded);
        CacheFiller[] fillers = Fill(active);
        int[] order = rand == null ? null : Permutation.Random(fillers[0].FillAll(), rand);
        int count = Math.Max(1, n);
        return Enumerable.Range(0, count).Select(batch => new Cursor(this, active, fillers, order, batch, count)).ToArray<DataViewRowCursor>();
    }

    // A filler of its own for the columns that none reads yet; a cursor without columns needs one too, to count the rows.
    private CacheFiller[] Fill(bool[] active)
    {
        lock (_lock)
        {
            int[] needed = Enumerable.Range(0, active.Length).Where(i => active[i]).ToArray();
            int[] unread = needed.Where(i => _fillers[i] == null).ToArray();
            if (unread.Length > 0 || _counter == null)
            {
                var filler = new CacheFiller(_source, unread.Select(i => Schema[i]));
                _counter ??= filler;
                foreach (int column in unread)
                {
                    _fillers[column] = filler;
                }
            }

            return needed.Length == 0 ? [_counter] : needed.Select(i => _fillers[i]).Distinct().ToArray();
        }
    }

    private sealed class Cursor : RootCursor
    {
        private readonly CacheFiller[] _fillers;
        private readonly int[] _order;
        private readonly Delegate[] _getters;
        private readonly int _stride;
        private long _next;
        private int _row = -1;

        public Cursor(CacheDataView view, bool[] active, CacheFiller[] fillers, int[] order, int batch, int cursors)
            : base(view.Schema, active)
        {
            _fillers = fillers;
            _order = order;
            _next = (long)batch * BatchSize;
            _stride = cursors;
            _getters = active.Select((isActive, index) => isActive ? view._fillers[index][index].CreateGetter(Place) : null).ToArray();
        }

        public override long Batch => _stride == 1 ? 0 : (_next - 1) / BatchSize;

        protected override ulong RowNumber => (ulong)_row;

        protected override Delegate GetGetter(int index) => _getters[index];

        protected override bool MoveNextCore()
        {
            if (Position >= 0 && _next % BatchSize == 0)
            {
                _next += (long)(_stride - 1) * BatchSize;
            }

            if (_order == null ? !Array.TrueForAll(_fillers, filler => filler.TryReach(_next)) : _next >= _order.Length)
            {
                return false;
            }

            // In another order the last row may come first, so all columns must be there.
            _row = _order == null ? (int)_next : _order[_next];
            _next++;
            return Array.TrueForAll(_fillers, filler => filler.TryReach(_row));
        }

        private int Place() => Position >= 0 ? _row : throw new InvalidOperationException("A value can only be read while the cursor is on a row.");
    }
}
