namespace Microsoft.ML.Data;

/// <summary>The annotation that says which value each key of a column stands for, of whatever type.</summary>
internal static class KeyValueAnnotation
{
    /// <summary>The type of the values; null if the column has none, or not one for each key.</summary>
    public static PrimitiveDataViewType ItemTypeOrNull(DataViewSchema.Column column)
    {
        DataViewType item = column.Type is VectorDataViewType vector ? vector.ItemType : column.Type;
        return item is KeyDataViewType key
            && column.Annotations.Schema.GetColumnOrNull(SchemaAnnotationsExtensions.KeyValues)?.Type is VectorDataViewType values
            && (ulong)values.Size == key.Count
                ? values.ItemType
                : null;
    }
}
