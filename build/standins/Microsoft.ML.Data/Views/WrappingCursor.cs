namespace Microsoft.ML.Data;

/// <summary>A cursor that lets some of another's rows through, as they are.</summary>
internal abstract class WrappingCursor : DataViewRowCursor
{
    private long _position = -1;

    protected WrappingCursor(DataViewRowCursor source) => Source = source;

    public override DataViewSchema Schema => Source.Schema;

    public override long Position => _position;

    public override long Batch => Source.Batch;

    protected DataViewRowCursor Source { get; }

    public override bool MoveNext()
    {
        bool moved = MoveNextCore();
        _position = moved ? _position + 1 : -1;
        return moved;
    }

    public override bool IsColumnActive(DataViewSchema.Column column) => Source.IsColumnActive(column);

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => Source.GetGetter<TValue>(column);

    public override ValueGetter<DataViewRowId> GetIdGetter() => Source.GetIdGetter();

    protected abstract bool MoveNextCore();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            Source.Dispose();
        }

        base.Dispose(disposing);
    }
}
