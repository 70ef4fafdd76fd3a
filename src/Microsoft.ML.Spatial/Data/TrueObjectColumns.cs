using Microsoft.ML.Data;

namespace Microsoft.ML.Spatial.Data;

/// <summary>The columns that tell what objects an image shows; the last three need not be there.</summary>
/// <param name="Labels">Vectors of keys.</param>
/// <param name="Boxes">Vectors of floats.</param>
/// <param name="Crowds">Vectors of booleans: which objects are crowds.</param>
/// <param name="Difficult">Vectors of booleans: which objects are difficult.</param>
/// <param name="Areas">Vectors of floats: the areas of the objects, where they are not those of their boxes.</param>
internal sealed record TrueObjectColumns(
    DataViewSchema.Column Labels,
    DataViewSchema.Column Boxes,
    DataViewSchema.Column? Crowds,
    DataViewSchema.Column? Difficult,
    DataViewSchema.Column? Areas)
{
    /// <summary>Those that are there.</summary>
    public IEnumerable<DataViewSchema.Column> Present => new DataViewSchema.Column?[] { Labels, Boxes, Crowds, Difficult, Areas }.OfType<DataViewSchema.Column>();
}
