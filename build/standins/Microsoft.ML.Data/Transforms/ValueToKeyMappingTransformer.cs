using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms;

[assembly: LoadableClass(typeof(ValueToKeyMappingTransformer), typeof(ValueToKeyMappingTransformer), null, typeof(SignatureLoadModel), "Term Transform",
    ValueToKeyMappingTransformer.LoaderSignature)]

namespace Microsoft.ML.Transforms;

/// <summary>Gives each value the key it had in the data fitted; others have none.</summary>
public sealed class ValueToKeyMappingTransformer : OneToOneTransformerBase
{
    internal const string LoaderSignature = "TermTransform";

    private readonly KeyTerms[] _terms;
    private readonly bool _valuesAsText;

    internal ValueToKeyMappingTransformer(IHostEnvironment env, (string OutputColumnName, string InputColumnName)[] columns, KeyTerms[] terms,
        bool valuesAsText)
        : base(env.Register(nameof(ValueToKeyMappingTransformer)), columns)
    {
        _terms = terms;
        _valuesAsText = valuesAsText;
    }

    private ValueToKeyMappingTransformer(IHost host, ModelLoadContext ctx)
        : base(host, ctx)
    {
        _valuesAsText = ctx.Reader.ReadBoolean();
        _terms = ColumnPairs.Select(_ => KeyTerms.Read(ctx.Reader)).ToArray();
    }

    private protected override void CheckInputColumn(DataViewSchema.Column column, int pair)
    {
        DataViewType item = column.Type is VectorDataViewType vector ? vector.ItemType : column.Type;
        PrimitiveDataViewType expected = _terms[pair].ItemType;

        // How many keys there are may differ; values are looked up one by one.
        bool suits = expected is KeyDataViewType ? item is KeyDataViewType && item.RawType == expected.RawType : expected.Equals(item);
        if (!suits)
        {
            throw SchemaMismatch.WrongType("inputSchema", "input", column.Name, expected.ToString(), item.ToString());
        }
    }

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        ctx.SetVersionInfo(Version());
        SaveColumns(ctx);
        ctx.Writer.Write(_valuesAsText);
        foreach (KeyTerms terms in _terms)
        {
            terms.Write(ctx.Writer);
        }
    }

    private protected override RowMapper MakeRowMapper(DataViewSchema schema) => new Mapper(this, schema);

    private static ValueToKeyMappingTransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        ctx.CheckAtModel(Version());
        return new ValueToKeyMappingTransformer(env.Register(nameof(ValueToKeyMappingTransformer)), ctx);
    }

    private static VersionInfo Version() =>
        new("TERMTRSS", 0x00010001, 0x00010001, 0x00010001, typeof(ValueToKeyMappingTransformer).Assembly.FullName, LoaderSignature);

    private sealed class Mapper(ValueToKeyMappingTransformer parent, DataViewSchema schema) : OneToOneMapper(parent, schema)
    {
        protected override DataViewSchema.DetachedColumn MakeColumn(string name, int pair, DataViewSchema.Column source)
        {
            KeyTerms terms = parent._terms[pair];
            DataViewType type = source.Type is VectorDataViewType vector ? new VectorDataViewType(terms.KeyType, vector.Dimensions) : terms.KeyType;
            var annotations = new DataViewSchema.Annotations.Builder();
            annotations.Add(source.Annotations, kind => kind == SchemaAnnotationsExtensions.SlotNames);
            terms.AddKeyValues(annotations, parent._valuesAsText, source);
            return new DataViewSchema.DetachedColumn(name, type, annotations.ToAnnotations());
        }

        protected override Delegate MakeGetter(DataViewRow input, int pair, DataViewSchema.Column source, out Action disposer)
        {
            disposer = null;
            return parent._terms[pair].MakeGetter(input, source);
        }
    }
}
