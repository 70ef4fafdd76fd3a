using Microsoft.ML.Data;

namespace Microsoft.ML.Spatial.Tests.Components;

/// <summary>A view that tells what is asked of another: cursors opened with their columns, and each row a cursor moves to.</summary>
internal sealed class WatchedView(IDataView inner) : IDataView
{
    private readonly List<string[]> _cursors = [];
    private int _moves;

    /// <summary>The names of the columns of each cursor opened.</summary>
    public IReadOnlyList<string[]> Cursors => _cursors;

    /// <summary>Rows that cursors moved to.</summary>
    public int Moves => _moves;

    /// <summary>Called with the number of the cursor (from 0) and the row's position before the row is handed out.</summary>
    public Action<int, long>? Moved { get; set; }

    public bool CanShuffle => inner.CanShuffle;

    public DataViewSchema Schema => inner.Schema;

    public long? GetRowCount() => inner.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        var columns = columnsNeeded.ToArray();
        lock (_cursors)
        {
            _cursors.Add(columns.Select(column => column.Name).ToArray());
            return new Cursor(this, inner.GetRowCursor(columns, rand), _cursors.Count - 1);
        }
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) => [GetRowCursor(columnsNeeded, rand)];

    private sealed class Cursor(WatchedView view, DataViewRowCursor input, int number) : DataViewRowCursor
    {
        public override DataViewSchema Schema => input.Schema;

        public override long Position => input.Position;

        public override long Batch => input.Batch;

        public override bool IsColumnActive(DataViewSchema.Column column) => input.IsColumnActive(column);

        public override ValueGetter<DataViewRowId> GetIdGetter() => input.GetIdGetter();

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => input.GetGetter<TValue>(column);

        public override bool MoveNext()
        {
            if (!input.MoveNext())
            {
                return false;
            }

            Interlocked.Increment(ref view._moves);
            view.Moved?.Invoke(number, input.Position);
            return true;
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                input.Dispose();
            }

            base.Dispose(disposing);
        }
    }
}
