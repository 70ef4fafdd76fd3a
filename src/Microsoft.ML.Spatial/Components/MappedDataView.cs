using Microsoft.ML.Data;

namespace Microsoft.ML.Spatial.Components;

/// <summary>A view with a mapper's columns behind it; nothing is computed before a cursor asks.</summary>
internal sealed class MappedDataView(IDataView input, AddingMapper mapper) : IDataView
{
    public bool CanShuffle => input.CanShuffle;

    public DataViewSchema Schema => mapper.OutputSchema;

    public long? GetRowCount() => input.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        var columns = columnsNeeded.ToArray();
        return Wrapper(columns)(input.GetRowCursor(mapper.GetDependencies(columns), rand));
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null)
    {
        var columns = columnsNeeded.ToArray();
        return Array.ConvertAll(input.GetRowCursorSet(mapper.GetDependencies(columns), n, rand), Wrapper(columns));
    }

    /// <summary>Where no added column is wanted, nothing is computed and nothing is read ahead.</summary>
    private Converter<DataViewRowCursor, DataViewRowCursor> Wrapper(DataViewSchema.Column[] columns)
    {
        var active = new ActiveColumns(mapper, columns);
        return active.Added.Count > 0 ? mapper.CursorWrapper(active) : cursor => new MappedCursor(mapper, cursor, active, null);
    }
}
