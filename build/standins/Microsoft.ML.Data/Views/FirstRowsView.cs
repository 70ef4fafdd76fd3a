namespace Microsoft.ML.Data;

/// <summary>The first rows of a source, no more than so many.</summary>
internal sealed class FirstRowsView : IDataView
{
    private readonly IDataView _source;
    private readonly long _take;

    public FirstRowsView(IDataView source, long take)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentOutOfRangeException.ThrowIfNegative(take);

        _source = source;
        _take = take;
    }

    // Which rows they are depends on the source's order.
    public bool CanShuffle => false;

    public DataViewSchema Schema => _source.Schema;

    public long? GetRowCount() => _source.GetRowCount() is long count ? Math.Min(count, _take) : null;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null) =>
        new Cursor(_source.GetRowCursor(columnsNeeded), _take);

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random rand = null) =>
        [GetRowCursor(columnsNeeded)];

    private sealed class Cursor(DataViewRowCursor source, long take) : WrappingCursor(source)
    {
        private long _left = take;

        protected override bool MoveNextCore() => _left-- > 0 && Source.MoveNext();
    }
}
