using System.Globalization;
using Microsoft.ML.Data;
using Microsoft.ML.Spatial.Modules;

namespace Microsoft.ML.Spatial.Data;

/// <summary>The two columns that a detector learns from: a vector of keys, the classes of the objects, and a float vector of x0, y0, x1, y1 of each, in pixels of the image.</summary>
/// <param name="Label">The column of classes.</param>
/// <param name="Boxes">The column of boxes.</param>
/// <param name="Crowds">A vector of booleans: which objects are crowds, of which nothing is learnt; null where there is none.</param>
internal sealed record ObjectColumns(DataViewSchema.Column Label, DataViewSchema.Column Boxes, DataViewSchema.Column? Crowds)
{
    /// <summary>The name under which the column of crowds is looked for.</summary>
    public const string CrowdsName = "IsCrowd";

    /// <summary>Refuses columns of other types.</summary>
    /// <returns>The column of classes.</returns>
    public static SchemaShape.Column Check(SchemaShape input, string label, string boxes, string component)
    {
        var labels = Columns.Find(input, label, "label", component);
        if (!labels.IsKey || labels.Kind == SchemaShape.Column.VectorKind.Scalar)
        {
            throw new ArgumentOutOfRangeException(
                nameof(input), Columns.Describe(labels),
                $"Label column '{label}' is of type {Columns.Describe(labels)}; {component} needs a vector of keys, one an object. Append ml.Transforms.Conversion.MapValueToKey(\"{label}\") to a vector of class names before it.");
        }

        var sides = Columns.Find(input, boxes, "box", component);
        if (sides.ItemType != NumberDataViewType.Single || sides.IsKey || sides.Kind == SchemaShape.Column.VectorKind.Scalar)
        {
            throw new ArgumentOutOfRangeException(
                nameof(input), Columns.Describe(sides), $"Box column '{boxes}' is of type {Columns.Describe(sides)}; {component} needs a float vector: x0, y0, x1, y1 of each object, in pixels of the image.");
        }

        return labels;
    }

    /// <summary>The columns of a view.</summary>
    public static ObjectColumns Of(DataViewSchema schema, string label, string boxes, string component) =>
        new(
            ObjectColumn.Labels(schema, label, "label", component), ObjectColumn.Numbers(schema, boxes, "box", component),
            schema.GetColumnOrNull(CrowdsName) is null ? null : ObjectColumn.Flags(schema, CrowdsName, "crowd flag", component));

    /// <summary>All columns.</summary>
    public IReadOnlyList<DataViewSchema.Column> All => Crowds is { } crowds ? [Label, Boxes, crowds] : [Label, Boxes];

    /// <summary>Number of classes.</summary>
    public int Classes
    {
        get
        {
            var count = ObjectColumn.Classes(Label);
            return count <= DetectionNetworkSpec.LargestClasses
                ? count
                : throw new ArgumentOutOfRangeException(nameof(Label), count, string.Create(CultureInfo.InvariantCulture, $"Label column '{Label.Name}' is a vector of keys of {count} values; a detector can have {DetectionNetworkSpec.LargestClasses} classes at most."));
        }
    }
}
