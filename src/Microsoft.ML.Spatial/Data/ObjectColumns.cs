using System.Globalization;
using Microsoft.ML.Data;
using Microsoft.ML.Spatial.Functional;
using Microsoft.ML.Spatial.Modules;

namespace Microsoft.ML.Spatial.Data;

/// <summary>Reads the objects of images from two columns: a vector of keys, the classes, and a float vector of x0, y0, x1, y1 of each, in pixels of the image.</summary>
/// <param name="Label">The column of classes.</param>
/// <param name="Boxes">The column of boxes.</param>
internal sealed record ObjectColumns(DataViewSchema.Column Label, DataViewSchema.Column Boxes)
{
    private const int Sides = 4;

    /// <summary>Refuses columns of other types.</summary>
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

    /// <summary>The columns of a view whose types were found right.</summary>
    public static ObjectColumns Of(DataViewSchema schema, string label, string boxes) => new(schema[label], schema[boxes]);

    /// <summary>Both columns.</summary>
    public IReadOnlyList<DataViewSchema.Column> All => [Label, Boxes];

    /// <summary>Number of classes.</summary>
    public int Classes
    {
        get
        {
            var count = ((KeyDataViewType)((VectorDataViewType)Label.Type).ItemType).Count;
            return count is >= 1 and <= DetectionNetworkSpec.LargestClasses
                ? (int)count
                : throw new ArgumentOutOfRangeException(nameof(Label), count, string.Create(CultureInfo.InvariantCulture, $"Label column '{Label.Name}' is a vector of keys of {count} values; a detector needs at least one class and at most {DetectionNetworkSpec.LargestClasses}."));
        }
    }

    /// <summary>A getter of the objects of the row as it stands.</summary>
    /// <remarks>It refuses what cannot be the objects of an image, with an <see cref="InvalidDataException"/> that names column, row and value.</remarks>
    public Func<ImageObjects> Getter(DataViewRow row)
    {
        var type = ((VectorDataViewType)Label.Type).ItemType.RawType;
        var labels = type == typeof(byte) ? Keys<byte>(row, key => key)
            : type == typeof(ushort) ? Keys<ushort>(row, key => key)
            : type == typeof(ulong) ? Keys<ulong>(row, key => key)
            : Keys<uint>(row, key => key);
        var getter = row.GetGetter<VBuffer<float>>(Boxes);
        var sides = default(VBuffer<float>);
        var classes = Classes;
        return () =>
        {
            var keys = labels();
            getter(ref sides);
            var boxes = new float[sides.Length];
            sides.CopyTo(boxes);
            if (boxes.Length != Sides * keys.Length)
                throw Wrong(Boxes, $"it holds {boxes.Length} numbers where {Sides} for each of the {keys.Length} labels of column '{Label.Name}' are needed");
            var objects = new int[keys.Length];
            for (var i = 0; i < keys.Length; i++)
            {
                if (keys[i] == 0)
                    throw Wrong(Label, $"object {i} of {keys.Length} has no class");
                if (keys[i] > (ulong)classes)
                    throw Wrong(Label, $"object {i} of {keys.Length} has label {keys[i]}, beyond the {classes} values of the key");
                objects[i] = (int)keys[i] - 1;
                var box = boxes.AsSpan(Sides * i, Sides);
                if (!(float.IsFinite(box[0]) && float.IsFinite(box[1]) && box[2] > box[0] && box[3] > box[1] && float.IsFinite(box[2]) && float.IsFinite(box[3])))
                    throw Wrong(Boxes, $"object {i} of {keys.Length} has the box {Text(box)}; finite numbers are needed, x1 above x0 and y1 above y0");
            }

            return new ImageObjects(boxes, objects);
        };

        InvalidDataException Wrong(DataViewSchema.Column column, FormattableString what) =>
            RowError.Of(column.Name, row, new InvalidDataException(what.ToString(CultureInfo.InvariantCulture)), column.Name == Label.Name ? "Label" : "Box");
    }

    /// <summary>A box as an error prints it.</summary>
    public static string Text(ReadOnlySpan<float> box) => string.Create(CultureInfo.InvariantCulture, $"({box[0]}, {box[1]}, {box[2]}, {box[3]})");

    private Func<ulong[]> Keys<T>(DataViewRow row, Func<T, ulong> convert)
    {
        var getter = row.GetGetter<VBuffer<T>>(Label);
        var keys = default(VBuffer<T>);
        return () =>
        {
            getter(ref keys);
            return [.. keys.DenseValues().Select(convert)];
        };
    }
}
