using System.Globalization;
using Microsoft.ML.Data;
using Microsoft.ML.Spatial.Modules;

namespace Microsoft.ML.Spatial.Data;

/// <summary>Reads class labels from a key column.</summary>
internal static class LabelColumn
{
    /// <summary>Refuses a column that is not a key.</summary>
    public static SchemaShape.Column Check(SchemaShape input, string name, string component)
    {
        var column = Columns.Find(input, name, "label", component);
        if (!column.IsKey || column.Kind != SchemaShape.Column.VectorKind.Scalar)
        {
            throw new ArgumentOutOfRangeException(
                nameof(input),
                Columns.Describe(column),
                $"Label column '{name}' is of type {Columns.Describe(column)}; {component} needs a key. Append ml.Transforms.Conversion.MapValueToKey(\"{name}\") before it.");
        }

        return column;
    }

    /// <summary>Number of classes of a key column.</summary>
    /// <exception cref="ArgumentOutOfRangeException">One class only, or more than a network can have.</exception>
    public static int Classes(DataViewSchema.Column column)
    {
        var count = ((KeyDataViewType)column.Type).Count;
        if (count is < 2 or > SpatialNetworkSpec.LargestClasses)
        {
            throw new ArgumentOutOfRangeException(nameof(column), count, string.Create(CultureInfo.InvariantCulture, $"Label column '{column.Name}' is a key of {count} values; a classifier needs at least two classes and at most {SpatialNetworkSpec.LargestClasses}."));
        }

        return (int)count;
    }

    /// <summary>A getter of the class index from 0, or -1 where the label is missing; without a column it is always 0.</summary>
    public static Func<long> Getter(DataViewRow row, DataViewSchema.Column? label)
    {
        if (label is not { } column)
        {
            return () => 0;
        }

        var type = column.Type.RawType;
        if (type == typeof(uint))
        {
            return Getter<uint>(row, column, value => value);
        }

        if (type == typeof(byte))
        {
            return Getter<byte>(row, column, value => value);
        }

        if (type == typeof(ushort))
        {
            return Getter<ushort>(row, column, value => value);
        }

        return Getter<ulong>(row, column, value => (long)value);
    }

    /// <summary>The columns that <see cref="Getter(DataViewRow, DataViewSchema.Column?)"/> reads.</summary>
    public static IReadOnlyList<DataViewSchema.Column> Needed(DataViewSchema.Column? label) => label is { } column ? [column] : [];

    /// <summary>The same getter, as rows with their images are read.</summary>
    public static LabelledImages<long>.TryGetLabel TryGetter(DataViewRow row, DataViewSchema.Column? label)
    {
        var getter = Getter(row, label);
        return (out long value) => (value = getter()) >= 0;
    }

    private static Func<long> Getter<T>(DataViewRow row, DataViewSchema.Column column, Func<T, long> convert)
        where T : struct
    {
        var getter = row.GetGetter<T>(column);
        var value = default(T);
        return () =>
        {
            getter(ref value);
            return convert(value) - 1;
        };
    }
}
