using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

/// <summary>Learns which values there are and gives each a key.</summary>
public sealed class ValueToKeyMappingEstimator : IEstimator<ValueToKeyMappingTransformer>
{
    private readonly IHostEnvironment _env;
    private readonly (string OutputColumnName, string InputColumnName)[] _columns;
    private readonly int _maximumNumberOfKeys;
    private readonly KeyOrdinality _ordinality;
    private readonly bool _valuesAsText;
    private readonly IDataView _keyData;

    internal ValueToKeyMappingEstimator(IHostEnvironment env, (string OutputColumnName, string InputColumnName)[] columns, int maximumNumberOfKeys,
        KeyOrdinality keyOrdinality, bool addKeyValueAnnotationsAsText, IDataView keyData)
    {
        ArgumentNullException.ThrowIfNull(env);
        if (maximumNumberOfKeys <= 0)
        {
            throw new ArgumentOutOfRangeException(nameof(maximumNumberOfKeys), maximumNumberOfKeys, "At least one key must be allowed.");
        }

        if (keyData != null && keyData.Schema.Count(column => !column.IsHidden) != 1)
        {
            throw new ArgumentException("The data of the keys must have exactly one column.", nameof(keyData));
        }

        foreach ((string output, string input) in columns)
        {
            ArgumentException.ThrowIfNullOrEmpty(output);
            ArgumentException.ThrowIfNullOrEmpty(input);
        }

        _env = env;
        _columns = columns;
        _maximumNumberOfKeys = maximumNumberOfKeys;
        _ordinality = keyOrdinality;
        _valuesAsText = addKeyValueAnnotationsAsText;
        _keyData = keyData;
    }

    /// <summary>Which value comes first.</summary>
    public enum KeyOrdinality : byte
    {
        ByOccurrence = 0,
        ByValue = 1,
    }

    public ValueToKeyMappingTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        KeyTerms[] terms = _columns.Select(column => Learn(input, column.InputColumnName)).ToArray();
        var transformer = new ValueToKeyMappingTransformer(_env, _columns, terms, _valuesAsText);
        transformer.GetOutputSchema(input.Schema);
        return transformer;
    }

    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        var shape = new ShapeBuilder(inputSchema);
        foreach ((string output, string input) in _columns)
        {
            SchemaShape.Column source = SchemaMismatch.Find(inputSchema, input);
            if (!ValueCodec.CanSave(source.ItemType))
            {
                throw SchemaMismatch.WrongType(nameof(inputSchema), "input", input, "values that can be compared", source.GetTypeString());
            }

            List<SchemaShape.Column> annotations = ShapeBuilder.Annotations(source, SchemaAnnotationsExtensions.SlotNames);
            annotations.Add(new SchemaShape.Column(SchemaAnnotationsExtensions.KeyValues, SchemaShape.Column.VectorKind.Vector, ValueType(source), false));
            shape.Set(new SchemaShape.Column(output, source.Kind, NumberDataViewType.UInt32, true, new SchemaShape(annotations)));
        }

        return shape.ToShape();
    }

    private DataViewType ValueType(SchemaShape.Column source)
    {
        if (source.IsKey && source.Annotations.TryFindColumn(SchemaAnnotationsExtensions.KeyValues, out SchemaShape.Column keyValues))
        {
            return keyValues.ItemType;
        }

        return _valuesAsText ? TextDataViewType.Instance : source.ItemType;
    }

    private KeyTerms Learn(IDataView input, string name)
    {
        DataViewSchema.Column column = SchemaMismatch.Find(input.Schema, nameof(input), "input", name);
        if (!ValueCodec.CanSave(column.Type))
        {
            throw SchemaMismatch.WrongType(nameof(input), "input", name, "values that can be compared", column.Type.ToString());
        }

        bool sorts = _ordinality == KeyOrdinality.ByValue;
        return _keyData == null
            ? KeyTerms.Learn(input, column, _maximumNumberOfKeys, sorts)
            : KeyTerms.Learn(_keyData, _keyData.Schema.Single(other => !other.IsHidden), _maximumNumberOfKeys, sorts);
    }
}
