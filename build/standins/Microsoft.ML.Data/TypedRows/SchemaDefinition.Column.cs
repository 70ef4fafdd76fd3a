namespace Microsoft.ML.Data;

public sealed partial class SchemaDefinition
{
    /// <summary>A member of a row class as a column.</summary>
    public sealed class Column
    {
        internal Column(string memberName, DataViewType columnType, string columnName)
        {
            MemberName = memberName;
            ColumnType = columnType;
            ColumnName = columnName;
        }

        public string MemberName { get; }

        /// <summary>The column's name; the member's where this is null or empty.</summary>
        public string ColumnName { get; set; }

        /// <summary>The column's type; inferred from the member's where this is null.</summary>
        public DataViewType ColumnType { get; set; }

        public DataViewSchema.Annotations Annotations { get; private set; } = DataViewSchema.Annotations.Empty;

        public void AddAnnotation<T>(string kind, T value, DataViewType annotationType)
        {
            ValueGetter<T> getter = (ref T destination) => destination = value;
            var builder = new DataViewSchema.Annotations.Builder();
            builder.Add(Annotations, name => name != kind);
            builder.Add(kind, annotationType, getter);
            Annotations = builder.ToAnnotations();
        }

        internal void AddAnnotations(DataViewSchema.Annotations annotations)
        {
            var builder = new DataViewSchema.Annotations.Builder();
            builder.Add(Annotations, name => annotations.Schema.GetColumnOrNull(name) == null);
            builder.Add(annotations, _ => true);
            Annotations = builder.ToAnnotations();
        }
    }
}
