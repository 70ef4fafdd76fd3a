using System.Globalization;
using Microsoft.ML.Data;
using Microsoft.ML.Spatial.Components;
using Microsoft.ML.Spatial.Modules;

namespace Microsoft.ML.Spatial.Data;

/// <summary>Finds the columns that hold a vector a row, of something for each object in the row's image.</summary>
internal static class ObjectColumn
{
    /// <summary>A column of labels.</summary>
    public static DataViewSchema.Column Labels(DataViewSchema schema, string name, string role, string component)
    {
        var column = Columns.Find(schema, name, role, component);
        if (column.Type is not VectorDataViewType { ItemType: KeyDataViewType key })
        {
            throw Wrong(column, role, component, $"a vector of keys. Append ml.Transforms.Conversion.MapValueToKey(\"{name}\") before it where the vectors hold names");
        }

        return key.Count is > 0 and <= SpatialNetworkSpec.LargestClasses
            ? column
            : throw new ArgumentOutOfRangeException(nameof(schema), key.Count, string.Create(CultureInfo.InvariantCulture, $"Column '{name}' holds keys of {key.Count} values; {component} needs at least one and at most {SpatialNetworkSpec.LargestClasses}."));
    }

    /// <summary>A column of numbers.</summary>
    public static DataViewSchema.Column Numbers(DataViewSchema schema, string name, string role, string component) => Of(schema, name, role, component, NumberDataViewType.Single);

    /// <summary>A column of flags.</summary>
    public static DataViewSchema.Column Flags(DataViewSchema schema, string name, string role, string component) => Of(schema, name, role, component, BooleanDataViewType.Instance);

    /// <summary>Number of classes of a column of labels.</summary>
    public static int Classes(DataViewSchema.Column labels) => (int)((KeyDataViewType)((VectorDataViewType)labels.Type).ItemType).Count;

    /// <summary>Names of the classes of a column of labels: its key values, or the numbers from 1 on where it has none.</summary>
    public static IReadOnlyList<string> ClassNames(DataViewSchema.Column labels) =>
        LabelValues.Of(labels)?.Texts ?? [.. Enumerable.Range(1, Classes(labels)).Select(number => number.ToString(CultureInfo.InvariantCulture))];

    private static DataViewSchema.Column Of(DataViewSchema schema, string name, string role, string component, PrimitiveDataViewType item)
    {
        var column = Columns.Find(schema, name, role, component);
        return column.Type is VectorDataViewType vector && vector.ItemType.Equals(item) ? column : throw Wrong(column, role, component, $"a vector of {item}");
    }

    private static ArgumentOutOfRangeException Wrong(DataViewSchema.Column column, string role, string component, string needed) =>
        new("schema", column.Type.ToString(), $"The {role} column '{column.Name}' is of type {column.Type}; {component} needs {needed}.");
}
