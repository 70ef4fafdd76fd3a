namespace Microsoft.ML.Data;

/// <summary>The rows of a source from one place on, and no more than so many.</summary>
internal sealed class RangeView : IDataView
{
    private readonly IDataView _source;
    private readonly long _skip;
    private readonly long _take;

    public RangeView(IDataView source, long skip, long take)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentOutOfRangeException.ThrowIfNegative(skip);
        ArgumentOutOfRangeException.ThrowIfNegative(take);

        _source = source;
        _skip = skip;
        _take = take;
    }

    // Which rows they are depends on the source's order.
    public bool CanShuffle => false;

    public DataViewSchema Schema => _source.Schema;

    public long? GetRowCount() => _source.GetRowCount() is long count ? Math.Clamp(count - _skip, 0, _take) : null;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null) =>
        new Cursor(_source.GetRowCursor(columnsNeeded), _skip, _take);

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random rand = null) =>
        [GetRowCursor(columnsNeeded)];

    private sealed class Cursor(DataViewRowCursor source, long skip, long take) : WrappingCursor(source)
    {
        private long _toSkip = skip;
        private long _left = take;

        protected override bool MoveNextCore()
        {
            for (; _toSkip > 0; _toSkip--)
            {
                if (!Source.MoveNext())
                {
                    return false;
                }
            }

            return _left-- > 0 && Source.MoveNext();
        }
    }
}
