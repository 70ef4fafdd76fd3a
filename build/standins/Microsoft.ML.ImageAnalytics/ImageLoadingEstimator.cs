using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Reads the files that a text column names, as images or as they are.</summary>
public sealed class ImageLoadingEstimator : TrivialEstimator<ImageLoadingTransformer>
{
    internal ImageLoadingEstimator(IHostEnvironment env, string imageFolder, bool decodes, params (string OutputColumnName, string InputColumnName)[] columns)
        : base(env.Register(nameof(ImageLoadingEstimator)), new ImageLoadingTransformer(env, imageFolder, decodes, columns))
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

            shape.Set(Transformer.Decodes
                ? new SchemaShape.Column(output, SchemaShape.Column.VectorKind.Scalar, Transformer.OutputType, false)
                : new SchemaShape.Column(output, SchemaShape.Column.VectorKind.VariableVector, NumberDataViewType.Byte, false));
        }

        return shape.ToShape();
    }
}
