using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Reads the files that a text column names, as images.</summary>
public sealed class ImageLoadingEstimator : TrivialEstimator<ImageLoadingTransformer>
{
    internal ImageLoadingEstimator(IHostEnvironment env, string imageFolder, params (string OutputColumnName, string InputColumnName)[] columns)
        : base(env.Register(nameof(ImageLoadingEstimator)), new ImageLoadingTransformer(env, imageFolder, columns))
    {
    }

    public override SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        var shape = new ShapeBuilder(inputSchema);
        foreach ((string output, string input) in Transformer.ColumnPairs)
        {
            SchemaShape.Column source = SchemaMismatch.Find(inputSchema, input);
            if (source.ItemType is not TextDataViewType || source.Kind != SchemaShape.Column.VectorKind.Scalar)
            {
                throw SchemaMismatch.WrongType(nameof(inputSchema), "input", input, TextDataViewType.Instance.ToString(), source.GetTypeString());
            }

            shape.Set(new SchemaShape.Column(output, SchemaShape.Column.VectorKind.Scalar, ImageLoadingTransformer.OutputType, false));
        }

        return shape.ToShape();
    }
}
