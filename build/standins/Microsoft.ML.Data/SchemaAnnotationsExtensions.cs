namespace Microsoft.ML.Data;

/// <summary>The annotations that most components know.</summary>
public static class SchemaAnnotationsExtensions
{
    internal const string SlotNames = "SlotNames";
    internal const string KeyValues = "KeyValues";

    public static bool HasSlotNames(this DataViewSchema.Column column) =>
        column.Type is VectorDataViewType { IsKnownSize: true } vector
        && HasVectorOf(column, SlotNames, TextDataViewType.Instance, (ulong)vector.Size);

    public static void GetSlotNames(this DataViewSchema.Column column, ref VBuffer<ReadOnlyMemory<char>> slotNames) =>
        column.Annotations.GetValue(SlotNames, ref slotNames);

    public static void GetKeyValues<TValue>(this DataViewSchema.Column column, ref VBuffer<TValue> keyValues) =>
        column.Annotations.GetValue(KeyValues, ref keyValues);

    private static bool HasVectorOf(DataViewSchema.Column column, string kind, PrimitiveDataViewType itemType, ulong size) =>
        column.Annotations.Schema.GetColumnOrNull(kind)?.Type is VectorDataViewType annotation
        && (ulong)annotation.Size == size
        && annotation.ItemType.Equals(itemType);
}
