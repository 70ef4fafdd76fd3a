using System.Runtime.ExceptionServices;

namespace Microsoft.ML.Data;

/// <summary>Reads some columns of a source once, no further than the cursors over the cache have come.</summary>
internal sealed class CacheFiller
{
    private readonly Lock _lock = new();
    private readonly DataViewRowCursor _source;
    private readonly Dictionary<int, ColumnStore> _stores;
    private int _count;
    private bool _ended;
    private ExceptionDispatchInfo _failure;

    public CacheFiller(IDataView source, IEnumerable<DataViewSchema.Column> columns)
    {
        DataViewSchema.Column[] needed = columns.ToArray();
        _source = source.GetRowCursor(needed);
        _stores = needed.ToDictionary(column => column.Index, column => ColumnStore.Create(_source, column));
    }

    /// <summary>The number of rows once all are read, else null.</summary>
    public int? RowCount
    {
        get
        {
            lock (_lock)
            {
                return _ended ? _count : null;
            }
        }
    }

    public ColumnStore this[int column] => _stores[column];

    public int FillAll()
    {
        TryReach(int.MaxValue);
        return _count;
    }

    /// <summary>Reads on until the given row is there; false where there is no such row.</summary>
    public bool TryReach(long row)
    {
        lock (_lock)
        {
            _failure?.Throw();
            while (_count <= row && !_ended)
            {
                FetchNext();
            }

            return row < _count;
        }
    }

    private void FetchNext()
    {
        try
        {
            if (!_source.MoveNext())
            {
                _ended = true;
                _source.Dispose();
                return;
            }

            foreach (ColumnStore store in _stores.Values)
            {
                store.Fetch(_count);
            }

            _count++;
        }
        catch (Exception ex)
        {
            // The source may not be read on after a failure, so every later reader is told of it too.
            _failure = ExceptionDispatchInfo.Capture(ex);
            _source.Dispose();
            throw;
        }
    }
}
