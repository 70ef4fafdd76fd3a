using System.Collections.Immutable;

namespace Microsoft.ML.Data;

/// <summary>The first rows of a data view, read once.</summary>
public sealed partial class DataDebuggerPreview
{
    internal DataDebuggerPreview(IDataView data, int maxRows)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentOutOfRangeException.ThrowIfNegative(maxRows);

        Schema = data.Schema;
        List<object[]> rows = Read(data, maxRows);
        RowView = rows.Select(row => new RowInfo(Schema, row)).ToImmutableArray();
        ColumnView = Schema.Select(column => new ColumnInfo(column, rows.Select(row => row[column.Index]).ToArray())).ToImmutableArray();
    }

    public DataViewSchema Schema { get; }

    public ImmutableArray<ColumnInfo> ColumnView { get; }

    public ImmutableArray<RowInfo> RowView { get; }

    public override string ToString() => $"{Schema.Count} columns, {RowView.Length} rows";

    private static List<object[]> Read(IDataView data, int maxRows)
    {
        var rows = new List<object[]>();
        using DataViewRowCursor cursor = data.GetRowCursor(data.Schema);
        var values = data.Schema
            .Select(column => (Func<object>)GenericCall.Static(typeof(DataDebuggerPreview), nameof(ValueReader), column.Type.RawType, cursor, column))
            .ToArray();
        while (rows.Count < maxRows && cursor.MoveNext())
        {
            rows.Add(Array.ConvertAll(values, value => value()));
        }

        return rows;
    }

    private static Func<object> ValueReader<T>(DataViewRow row, DataViewSchema.Column column)
    {
        ValueGetter<T> getter = row.GetGetter<T>(column);
        return () =>
        {
            T value = default;
            getter(ref value);
            return value;
        };
    }
}
