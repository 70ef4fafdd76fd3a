namespace Microsoft.ML.Data;

/// <summary>A cursor that makes its rows itself.</summary>
internal abstract class RootCursor : DataViewRowCursor
{
    private readonly bool[] _active;
    private long _position = -1;
    private bool _ended;

    protected RootCursor(DataViewSchema schema, bool[] active)
    {
        Schema = schema;
        _active = active;
    }

    public override DataViewSchema Schema { get; }

    public override long Position => _position;

    public override long Batch => 0;

    /// <summary>The number of the current row in the source's own order, whatever the order it is read in.</summary>
    protected abstract ulong RowNumber { get; }

    public override bool MoveNext()
    {
        if (_ended)
        {
            return false;
        }

        if (MoveNextCore())
        {
            _position++;
            return true;
        }

        // What a cursor holds is given back as soon as it has reached the end.
        Dispose();
        return false;
    }

    public override bool IsColumnActive(DataViewSchema.Column column) => column.Index < _active.Length && _active[column.Index];

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        bool isActive = IsColumnActive(column);
        return RowGetters.Typed<TValue>(isActive ? GetGetter(column.Index) : null, column, isActive);
    }

    public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId value) =>
    {
        if (_position < 0)
        {
            throw new InvalidOperationException("A value can only be read while the cursor is on a row.");
        }

        value = new DataViewRowId(RowNumber, 0);
    };

    protected abstract bool MoveNextCore();

    protected abstract Delegate GetGetter(int index);

    protected override void Dispose(bool disposing)
    {
        _ended = true;
        _position = -1;
        base.Dispose(disposing);
    }
}
