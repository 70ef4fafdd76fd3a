using Microsoft.ML.Data;

namespace Microsoft.ML.Spatial.Data;

/// <summary>The columns that tell what a detector found.</summary>
/// <param name="Labels">Vectors of keys.</param>
/// <param name="Boxes">Vectors of floats.</param>
/// <param name="Scores">Vectors of floats.</param>
internal sealed record DetectedObjectColumns(DataViewSchema.Column Labels, DataViewSchema.Column Boxes, DataViewSchema.Column Scores)
{
    /// <summary>Finds them by their names.</summary>
    /// <exception cref="ArgumentOutOfRangeException">One is not there or of another type.</exception>
    public static DetectedObjectColumns Find(DataViewSchema schema, string labels, string boxes, string scores, string component) => new(
        ObjectColumn.Labels(schema, labels, "predicted label", component),
        ObjectColumn.Numbers(schema, boxes, "predicted box", component),
        ObjectColumn.Numbers(schema, scores, "score", component));

    /// <summary>All of them.</summary>
    public IEnumerable<DataViewSchema.Column> All => [Labels, Boxes, Scores];
}
