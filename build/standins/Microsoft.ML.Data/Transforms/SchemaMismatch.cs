namespace Microsoft.ML.Data;

/// <summary>The errors for a schema that lacks a column or has one of another type.</summary>
internal static class SchemaMismatch
{
    public static Exception Missing(string parameter, string role, string column) =>
        new ArgumentOutOfRangeException(parameter, $"Could not find {role} column '{column}'");

    public static Exception WrongType(string parameter, string role, string column, string expected, string actual) =>
        new ArgumentOutOfRangeException(parameter, $"Schema mismatch for {role} column '{column}': expected {expected}, got {actual}");

    public static DataViewSchema.Column Find(DataViewSchema schema, string parameter, string role, string column) =>
        schema.GetColumnOrNull(column) ?? throw Missing(parameter, role, column);

    public static SchemaShape.Column Find(SchemaShape shape, string column) =>
        shape.TryFindColumn(column, out SchemaShape.Column found) ? found : throw Missing("inputSchema", "input", column);
}
