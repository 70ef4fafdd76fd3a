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

        internal void AddAnnotations(DataViewSchema.Annotations annotations)
        {
            var builder = new DataViewSchema.Annotations.Builder();
            builder.Add(Annotations, name => annotations.Schema.GetColumnOrNull(name) == null);
            builder.Add(annotations, _ => true);
            Annotations = builder.ToAnnotations();
        }
    }
}
