namespace Microsoft.ML.Data;

/// <summary>A data view seen through a mapping, row by row as they are asked for.</summary>
internal sealed class MappedView : IDataView
{
    private readonly IDataView _source;
    private readonly RowMapping _mapping;

    public MappedView(IDataView source, RowMapping mapping)
    {
        _source = source;
        _mapping = mapping;
    }

    public bool CanShuffle => _source.CanShuffle;

    public DataViewSchema Schema => _mapping.OutputSchema;

    public long? GetRowCount() => _source.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null)
    {
        DataViewSchema.Column[] active = columnsNeeded.ToArray();
        return _mapping.GetCursor(_source.GetRowCursor(_mapping.GetDependencies(active), rand), active);
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random rand = null)
    {
        DataViewSchema.Column[] active = columnsNeeded.ToArray();
        return _source.GetRowCursorSet(_mapping.GetDependencies(active), n, rand).Select(cursor => _mapping.GetCursor(cursor, active)).ToArray();
    }
}
