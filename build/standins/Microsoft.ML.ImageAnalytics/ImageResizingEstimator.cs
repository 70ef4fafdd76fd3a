using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms.Image;

/// <summary>Brings images to one size.</summary>
public sealed class ImageResizingEstimator : TrivialEstimator<ImageResizingTransformer>
{
    internal ImageResizingEstimator(IHostEnvironment env, string outputColumnName, int imageWidth, int imageHeight, string inputColumnName,
        ResizingKind resizing, Anchor cropAnchor)
        : base(env.Register(nameof(ImageResizingEstimator)),
            new ImageResizingTransformer(env, outputColumnName, imageWidth, imageHeight, inputColumnName, resizing, cropAnchor))
    {
    }

    /// <summary>What happens to the proportions.</summary>
    public enum ResizingKind : byte
    {
        /// <summary>They are kept, and the rest is black.</summary>
        IsoPad = 0,

        /// <summary>They are kept, and what sticks out is cut off.</summary>
        IsoCrop = 1,

        /// <summary>They are not kept.</summary>
        Fill = 2,
    }

    /// <summary>Which side is not cut.</summary>
    public enum Anchor : byte
    {
        Right = 0,
        Left = 1,
        Top = 2,
        Bottom = 3,
        Center = 4,
    }

    public override SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        var shape = new ShapeBuilder(inputSchema);
        foreach ((string output, string input) in Transformer.ColumnPairs)
        {
            SchemaShape.Column source = ImageColumn.Find(inputSchema, input);
            shape.Set(new SchemaShape.Column(output, source.Kind, Transformer.OutputType, false));
        }

        return shape.ToShape();
    }
}
