namespace Microsoft.ML.Data;

/// <summary>Which columns of a schema are asked for.</summary>
internal static class ActiveColumns
{
    public static bool[] Of(DataViewSchema schema, IEnumerable<DataViewSchema.Column> columns)
    {
        ArgumentNullException.ThrowIfNull(columns);
        var active = new bool[schema.Count];
        foreach (DataViewSchema.Column column in columns)
        {
            active[schema[column.Index].Index] = true;
        }

        return active;
    }
}
