using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms.Image;

/// <summary>Makes vectors of numbers of images of one size.</summary>
public sealed class ImagePixelExtractingEstimator : TrivialEstimator<ImagePixelExtractingTransformer>
{
    internal ImagePixelExtractingEstimator(IHostEnvironment env, (string OutputColumnName, string InputColumnName) column, PixelLayout layout)
        : base(env.Register(nameof(ImagePixelExtractingEstimator)), new ImagePixelExtractingTransformer(env, column, layout))
    {
    }

    /// <summary>Which colours are taken.</summary>
    [Flags]
    public enum ColorBits : byte
    {
        Alpha = 0x01,
        Red = 0x02,
        Green = 0x04,
        Blue = 0x08,
        Rgb = Red | Green | Blue,
        All = Alpha | Red | Green | Blue,
    }

    /// <summary>In which order they come.</summary>
    public enum ColorsOrder : byte
    {
        ARGB = 1,
        ARBG = 2,
        ABRG = 3,
        ABGR = 4,
        AGRB = 5,
        AGBR = 6,
    }

    public override SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        var shape = new ShapeBuilder(inputSchema);
        foreach ((string output, string input) in Transformer.ColumnPairs)
        {
            ImageColumn.Find(inputSchema, input);
            shape.Set(new SchemaShape.Column(output, SchemaShape.Column.VectorKind.Vector, Transformer.Layout.ItemType, false));
        }

        return shape.ToShape();
    }
}
