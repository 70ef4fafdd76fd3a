using System.Globalization;
using Microsoft.ML.Data;
using Microsoft.ML.Spatial.Components;
using Microsoft.ML.Transforms.Image;

namespace Microsoft.ML.Spatial.Data;

/// <summary>Which columns can be read as images, and what shape the network then reads.</summary>
internal static class ImageColumn
{
    private const string Remedy = "needs an MLImage column (LoadImages makes one) or a float vector column of known size";

    /// <summary>Refuses a column that cannot hold images, before any row is read.</summary>
    public static SchemaShape.Column Check(SchemaShape input, string name, string component)
    {
        var column = Columns.Find(input, name, "image", component);
        var isImage = column.Kind == SchemaShape.Column.VectorKind.Scalar && column.ItemType is ImageDataViewType;
        var isVector = column.Kind == SchemaShape.Column.VectorKind.Vector && column.ItemType == NumberDataViewType.Single;
        if (!isImage && !isVector)
        {
            throw new ArgumentOutOfRangeException(nameof(input), Columns.Describe(column), $"Image column '{name}' is of type {Columns.Describe(column)}; {component} {Remedy}.");
        }

        return column;
    }

    /// <summary>Finds the image column of a view and refuses one that cannot be read as images of the shape.</summary>
    public static DataViewSchema.Column Find(DataViewSchema schema, string name, ImageShape shape, ImageResizing resizing, string component)
    {
        var column = Columns.Find(schema, name, "image", component);
        switch (column.Type)
        {
            case VectorDataViewType { ItemType: NumberDataViewType item } vector when item == NumberDataViewType.Single && vector.IsKnownSize:
                if (vector.Size != shape.Length)
                {
                    throw Wrong($"holds vectors of {vector.Size} values where {shape} = {shape.Length} are needed");
                }

                break;
            case ImageDataViewType image:
                if (image.Height > 0 && (image.Height, image.Width) != (shape.Height, shape.Width) && resizing == ImageResizing.Refuse)
                {
                    throw Wrong($"holds images {image.Height} high and {image.Width} wide where {shape.Height} and {shape.Width} are needed and option Resizing is {ImageResizing.Refuse}");
                }

                break;
            default:
                throw Wrong($"is of type {column.Type}; {component} {Remedy}");
        }

        return column;

        ArgumentOutOfRangeException Wrong(FormattableString what) => new(nameof(schema), column.Type.ToString(), $"Image column '{name}' {what.ToString(CultureInfo.InvariantCulture)}.");
    }

    /// <summary>The shape the network reads: from the options, else from the column's type, else from the first image of the view.</summary>
    public static ImageShape Shape(IDataView view, ImageTrainingOptions options)
    {
        var column = view.Schema[options.ImageColumnName];
        if (column.Type is VectorDataViewType vector)
        {
            if (options.ImageHeight is not int height || options.ImageWidth is not int width)
            {
                throw new ArgumentException($"Image column '{column.Name}' holds float vectors; options {nameof(options.ImageHeight)} and {nameof(options.ImageWidth)} must state their shape.", nameof(options));
            }

            var shape = new ImageShape(options.ImageChannels ?? (vector.Size == height * width ? 1 : 3), height, width);
            if (vector.Size != shape.Length)
            {
                throw new ArgumentOutOfRangeException(nameof(options), vector.Size, string.Create(CultureInfo.InvariantCulture, $"Image column '{column.Name}' holds vectors of {vector.Size} values, but {nameof(options.ImageChannels)} x {nameof(options.ImageHeight)} x {nameof(options.ImageWidth)} is {shape} = {shape.Length}."));
            }

            return shape;
        }

        var (knownHeight, knownWidth) = KnownSize(column.Type, options) ?? FirstSize(view, column, options);
        return new ImageShape(options.ImageChannels ?? 3, knownHeight, knownWidth);
    }

    /// <summary>Height and width of what the network reads as far as the options and the column's type tell without reading a row.</summary>
    public static (int Height, int Width)? KnownSize(DataViewType type, ImageTrainingOptions options)
    {
        var image = type as ImageDataViewType;
        var height = options.ImageHeight ?? image?.Height ?? 0;
        var width = options.ImageWidth ?? image?.Width ?? 0;
        return height > 0 && width > 0 ? (height, width) : null;
    }

    /// <summary>What the options leave open is taken from the first image that can be read.</summary>
    private static (int Height, int Width) FirstSize(IDataView view, DataViewSchema.Column column, ImageTrainingOptions options)
    {
        using var cursor = view.GetRowCursor([column]);
        using var source = new ImageSource(cursor.GetGetter<MLImage>(column));
        var idGetter = cursor.GetIdGetter();
        var id = default(DataViewRowId);
        while (cursor.MoveNext())
        {
            try
            {
                if (source.Take() is { } image)
                {
                    return (options.ImageHeight ?? image.Height, options.ImageWidth ?? image.Width);
                }
            }
            catch (Exception error) when (error is not OutOfMemoryException)
            {
                if (options.InvalidImages == InvalidImages.Fail)
                {
                    idGetter(ref id);
                    throw RowError.OfTraining(column.Name, cursor.Position, id, error);
                }
            }
        }

        throw new InvalidDataException($"Column '{column.Name}' has no image to take a size from; set options {nameof(ImageTrainingOptions.ImageHeight)} and {nameof(ImageTrainingOptions.ImageWidth)}.");
    }
}
