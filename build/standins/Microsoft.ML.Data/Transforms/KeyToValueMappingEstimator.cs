using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

/// <summary>Gives back the value that a key stands for.</summary>
public sealed class KeyToValueMappingEstimator : TrivialEstimator<KeyToValueMappingTransformer>
{
    internal KeyToValueMappingEstimator(IHostEnvironment env, params (string OutputColumnName, string InputColumnName)[] columns)
        : base(env.Register(nameof(KeyToValueMappingEstimator)), new KeyToValueMappingTransformer(env, columns))
    {
    }

    public override SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        var shape = new ShapeBuilder(inputSchema);
        foreach ((string output, string input) in Transformer.ColumnPairs)
        {
            SchemaShape.Column source = SchemaMismatch.Find(inputSchema, input);
            if (!source.IsKey)
            {
                throw SchemaMismatch.WrongType(nameof(inputSchema), "input", input, "Key", source.GetTypeString());
            }

            if (!source.Annotations.TryFindColumn(SchemaAnnotationsExtensions.KeyValues, out SchemaShape.Column keyValues))
            {
                throw SchemaMismatch.WrongType(nameof(inputSchema), "input", input, "a key with key values", "a key without");
            }

            shape.Set(new SchemaShape.Column(output, source.Kind, keyValues.ItemType, keyValues.IsKey,
                new SchemaShape(ShapeBuilder.Annotations(source, SchemaAnnotationsExtensions.SlotNames))));
        }

        return shape.ToShape();
    }
}
