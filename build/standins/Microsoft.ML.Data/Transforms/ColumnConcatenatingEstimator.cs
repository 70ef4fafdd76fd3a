using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

/// <summary>Puts columns of one item type behind one another into a vector.</summary>
public sealed class ColumnConcatenatingEstimator : IEstimator<ColumnConcatenatingTransformer>
{
    private readonly ColumnConcatenatingTransformer _transformer;

    internal ColumnConcatenatingEstimator(IHostEnvironment env, string outputColumnName, string[] inputColumnNames)
    {
        ArgumentNullException.ThrowIfNull(env);
        _transformer = new ColumnConcatenatingTransformer(env, outputColumnName, inputColumnNames);
    }

    public ColumnConcatenatingTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        _transformer.GetOutputSchema(input.Schema);
        return _transformer;
    }

    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        var shape = new ShapeBuilder(inputSchema);
        SchemaShape.Column[] sources = _transformer.InputColumnNames.Select(name => SchemaMismatch.Find(inputSchema, name)).ToArray();
        SchemaShape.Column first = sources[0];
        foreach (SchemaShape.Column source in sources)
        {
            if (source.ItemType is not PrimitiveDataViewType)
            {
                throw SchemaMismatch.WrongType(nameof(inputSchema), "input", source.Name, "values that can be in a vector", source.GetTypeString());
            }

            if (source.IsKey != first.IsKey || !source.ItemType.Equals(first.ItemType))
            {
                throw SchemaMismatch.WrongType(nameof(inputSchema), "input", source.Name, first.ItemType.ToString(), source.GetTypeString());
            }
        }

        bool isKnownSize = sources.All(source => source.Kind != SchemaShape.Column.VectorKind.VariableVector);
        SchemaShape.Column.VectorKind kind = isKnownSize ? SchemaShape.Column.VectorKind.Vector : SchemaShape.Column.VectorKind.VariableVector;
        bool passesThrough = sources.Length == 1 && first.Kind != SchemaShape.Column.VectorKind.Scalar;
        shape.Set(new SchemaShape.Column(_transformer.OutputColumnName, kind, first.ItemType, first.IsKey,
            passesThrough ? first.Annotations : Annotations(sources, isKnownSize)));
        return shape.ToShape();
    }

    private static SchemaShape Annotations(SchemaShape.Column[] sources, bool isKnownSize)
    {
        var annotations = new List<SchemaShape.Column>();
        if (isKnownSize && sources.Any(source => source.Kind == SchemaShape.Column.VectorKind.Scalar || Has(source, SchemaAnnotationsExtensions.SlotNames)))
        {
            annotations.Add(new SchemaShape.Column(SchemaAnnotationsExtensions.SlotNames, SchemaShape.Column.VectorKind.Vector, TextDataViewType.Instance,
                false));
        }

        if (sources.All(source => Has(source, SchemaAnnotationsExtensions.Normalized)))
        {
            annotations.Add(new SchemaShape.Column(SchemaAnnotationsExtensions.Normalized, SchemaShape.Column.VectorKind.Scalar, BooleanDataViewType.Instance,
                false));
        }

        return new SchemaShape(annotations);
    }

    private static bool Has(SchemaShape.Column column, string annotation) => column.Annotations.TryFindColumn(annotation, out _);
}
