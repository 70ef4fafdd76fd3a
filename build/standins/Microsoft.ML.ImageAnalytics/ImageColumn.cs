using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms.Image;

/// <summary>What the transforms of images have in common.</summary>
internal static class ImageColumn
{
    public static void Check(DataViewSchema.Column column)
    {
        if (column.Type is not ImageDataViewType)
        {
            throw SchemaMismatch.WrongType("inputSchema", "input", column.Name, "Image", column.Type.ToString());
        }
    }

    public static SchemaShape.Column Find(SchemaShape shape, string name)
    {
        SchemaShape.Column column = SchemaMismatch.Find(shape, name);
        if (column.ItemType is not ImageDataViewType || column.Kind != SchemaShape.Column.VectorKind.Scalar)
        {
            throw SchemaMismatch.WrongType("inputSchema", "input", name, "Image", column.GetTypeString());
        }

        return column;
    }
}
