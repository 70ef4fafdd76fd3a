using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Ties row classes to schemas that are given.</summary>
internal static class DataViewConstructionUtils
{
    /// <summary>The definition of a row class, with the annotations of a schema whose columns it must all have.</summary>
    public static SchemaDefinition GetSchemaDefinition<TRow>(IHostEnvironment env, DataViewSchema schema)
    {
        ArgumentNullException.ThrowIfNull(env);
        ArgumentNullException.ThrowIfNull(schema);

        SchemaDefinition definition = SchemaDefinition.Create(typeof(TRow), SchemaDefinition.Direction.Read);
        foreach (DataViewSchema.Column column in schema)
        {
            SchemaDefinition.Column defined = definition.Find(candidate => candidate.ColumnName == column.Name)
                ?? throw new InvalidOperationException($"Type should contain a member named {column.Name}");
            defined.AddAnnotations(column.Annotations);
        }

        return definition;
    }
}
