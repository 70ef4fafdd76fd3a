using Microsoft.ML.Data;

namespace Microsoft.ML.Spatial.Data;

/// <summary>Finds columns, with an error that names the one missing and the ones there.</summary>
internal static class Columns
{
    public static SchemaShape.Column Find(SchemaShape schema, string name, string role, string component)
    {
        foreach (var column in schema)
        {
            if (column.Name == name)
            {
                return column;
            }
        }

        throw Missing(name, role, component, schema.Select(column => column.Name));
    }

    public static DataViewSchema.Column Find(DataViewSchema schema, string name, string role, string component) =>
        schema.GetColumnOrNull(name) ?? throw Missing(name, role, component, schema.Where(column => !column.IsHidden).Select(column => column.Name));

    public static string Describe(SchemaShape.Column column) => column.Kind switch
    {
        SchemaShape.Column.VectorKind.Scalar => column.IsKey ? $"Key<{column.ItemType}>" : column.ItemType.ToString()!,
        SchemaShape.Column.VectorKind.Vector => $"Vector<{column.ItemType}>",
        _ => $"variable-size Vector<{column.ItemType}>",
    };

    private static ArgumentOutOfRangeException Missing(string name, string role, string component, IEnumerable<string> there) =>
        new("input", name, $"{component} finds no {role} column '{name}'; the columns are: {string.Join(", ", there)}.");
}
