namespace Microsoft.ML.Data;

/// <summary>Reads one column.</summary>
public static class ColumnCursorExtensions
{
    public static IEnumerable<T> GetColumn<T>(this IDataView data, string columnName)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentException.ThrowIfNullOrEmpty(columnName);
        return data.GetColumn<T>(data.Schema[columnName]);
    }

    /// <summary>Text can be read as strings, and vectors as arrays.</summary>
    public static IEnumerable<T> GetColumn<T>(this IDataView data, DataViewSchema.Column column)
    {
        ArgumentNullException.ThrowIfNull(data);
        DataViewSchema.Column own = data.Schema[column.Index];
        if (own.Name != column.Name || !own.Type.Equals(column.Type))
        {
            throw new ArgumentException($"The data view has no column '{column.Name}' of type {column.Type} at place {column.Index}.", nameof(column));
        }

        Func<DataViewRow, Func<T>> reader = ReaderOf<T>(own);
        return Enumerate(data, own, reader);
    }

    private static IEnumerable<T> Enumerate<T>(IDataView data, DataViewSchema.Column column, Func<DataViewRow, Func<T>> reader)
    {
        using DataViewRowCursor cursor = data.GetRowCursor([column]);
        Func<T> read = reader(cursor);
        while (cursor.MoveNext())
        {
            yield return read();
        }
    }

    private static Func<DataViewRow, Func<T>> ReaderOf<T>(DataViewSchema.Column column)
    {
        var vector = column.Type as VectorDataViewType;
        if (typeof(T) == column.Type.RawType)
        {
            return row => ReadValue(row.GetGetter<T>(column));
        }

        if (typeof(T) == typeof(string) && column.Type is TextDataViewType)
        {
            return row => (Func<T>)(object)ReadText(row.GetGetter<ReadOnlyMemory<char>>(column));
        }

        if (typeof(T) == typeof(string[]) && vector?.ItemType is TextDataViewType)
        {
            return row => (Func<T>)(object)ReadTexts(row.GetGetter<VBuffer<ReadOnlyMemory<char>>>(column));
        }

        if (typeof(T).IsArray && vector?.ItemType.RawType == typeof(T).GetElementType())
        {
            return row => (Func<T>)GenericCall.Static(typeof(ColumnCursorExtensions), nameof(ReadArray), vector.ItemType.RawType, row, column);
        }

        throw new InvalidOperationException($"Could not map a data view column '{column.Name}' of type {column.Type} to {typeof(T)}.");
    }

    // A new value each time, as the ones handed out before may have been kept.
    private static Func<T> ReadValue<T>(ValueGetter<T> getter) => () =>
    {
        T value = default;
        getter(ref value);
        return value;
    };

    private static Func<string> ReadText(ValueGetter<ReadOnlyMemory<char>> getter)
    {
        Func<ReadOnlyMemory<char>> read = ReadValue(getter);
        return () => read().ToString();
    }

    private static Func<string[]> ReadTexts(ValueGetter<VBuffer<ReadOnlyMemory<char>>> getter)
    {
        Func<VBuffer<ReadOnlyMemory<char>>> read = ReadValue(getter);
        return () => read().DenseValues().Select(item => item.ToString()).ToArray();
    }

    private static Func<TItem[]> ReadArray<TItem>(DataViewRow row, DataViewSchema.Column column)
    {
        Func<VBuffer<TItem>> read = ReadValue(row.GetGetter<VBuffer<TItem>>(column));
        return () => read().DenseValues().ToArray();
    }
}
