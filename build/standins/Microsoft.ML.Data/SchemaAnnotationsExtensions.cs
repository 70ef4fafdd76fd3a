namespace Microsoft.ML.Data;

/// <summary>The annotations that most components know.</summary>
public static class SchemaAnnotationsExtensions
{
    internal const string SlotNames = "SlotNames";
    internal const string KeyValues = "KeyValues";
    internal const string Normalized = "IsNormalized";

    public static bool IsNormalized(this DataViewSchema.Column column)
    {
        if (column.Annotations.Schema.GetColumnOrNull(Normalized)?.Type is not BooleanDataViewType)
        {
            return false;
        }

        bool value = false;
        column.Annotations.GetValue(Normalized, ref value);
        return value;
    }

    public static bool HasSlotNames(this DataViewSchema.Column column) =>
        column.Type is VectorDataViewType { IsKnownSize: true } vector
        && HasVectorOf(column, SlotNames, TextDataViewType.Instance, (ulong)vector.Size);

    public static void GetSlotNames(this DataViewSchema.Column column, ref VBuffer<ReadOnlyMemory<char>> slotNames) =>
        column.Annotations.GetValue(SlotNames, ref slotNames);

    /// <summary>Whether every key of the column has a value of the given type, text if none is given.</summary>
    public static bool HasKeyValues(this DataViewSchema.Column column, PrimitiveDataViewType keyValueItemType = null)
    {
        DataViewType type = column.Type is VectorDataViewType vector ? vector.ItemType : column.Type;
        return type is KeyDataViewType key && HasVectorOf(column, KeyValues, keyValueItemType ?? TextDataViewType.Instance, key.Count);
    }

    public static void GetKeyValues<TValue>(this DataViewSchema.Column column, ref VBuffer<TValue> keyValues) =>
        column.Annotations.GetValue(KeyValues, ref keyValues);

    private static bool HasVectorOf(DataViewSchema.Column column, string kind, PrimitiveDataViewType itemType, ulong size) =>
        column.Annotations.Schema.GetColumnOrNull(kind)?.Type is VectorDataViewType annotation
        && (ulong)annotation.Size == size
        && annotation.ItemType.Equals(itemType);
}
