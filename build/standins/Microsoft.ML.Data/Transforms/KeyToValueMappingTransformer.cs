using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms;

[assembly: LoadableClass(typeof(KeyToValueMappingTransformer), typeof(KeyToValueMappingTransformer), null, typeof(SignatureLoadModel),
    "Key To Value Transform", KeyToValueMappingTransformer.LoaderSignature)]

namespace Microsoft.ML.Transforms;

/// <summary>Gives back the value that a key stands for.</summary>
public sealed class KeyToValueMappingTransformer : OneToOneTransformerBase
{
    internal const string LoaderSignature = "KeyToValueTransform";

    internal KeyToValueMappingTransformer(IHostEnvironment env, params (string OutputColumnName, string InputColumnName)[] columns)
        : base(env.Register(nameof(KeyToValueMappingTransformer)), columns)
    {
    }

    private KeyToValueMappingTransformer(IHost host, ModelLoadContext ctx)
        : base(host, ctx)
    {
    }

    private protected override void CheckInputColumn(DataViewSchema.Column column, int pair)
    {
        DataViewType item = column.Type is VectorDataViewType vector ? vector.ItemType : column.Type;
        if (item is not KeyDataViewType)
        {
            throw SchemaMismatch.WrongType("inputSchema", "input", column.Name, "Key", column.Type.ToString());
        }

        if (KeyValueAnnotation.ItemTypeOrNull(column) == null)
        {
            throw SchemaMismatch.WrongType("inputSchema", "input", column.Name, "a key with key values", "a key without");
        }
    }

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        ctx.SetVersionInfo(Version());
        SaveColumns(ctx);
    }

    private protected override RowMapper MakeRowMapper(DataViewSchema schema) => new Mapper(this, schema);

    private static KeyToValueMappingTransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        ctx.CheckAtModel(Version());
        return new KeyToValueMappingTransformer(env.Register(nameof(KeyToValueMappingTransformer)), ctx);
    }

    private static VersionInfo Version() =>
        new("KEYTOVSS", 0x00010001, 0x00010001, 0x00010001, typeof(KeyToValueMappingTransformer).Assembly.FullName, LoaderSignature);

    private sealed class Mapper(KeyToValueMappingTransformer parent, DataViewSchema schema) : OneToOneMapper(parent, schema)
    {
        protected override DataViewSchema.DetachedColumn MakeColumn(string name, int pair, DataViewSchema.Column source)
        {
            PrimitiveDataViewType values = KeyValueAnnotation.ItemTypeOrNull(source);
            DataViewType type = source.Type is VectorDataViewType vector ? new VectorDataViewType(values, vector.Dimensions) : values;
            var annotations = new DataViewSchema.Annotations.Builder();
            annotations.Add(source.Annotations, kind => kind == SchemaAnnotationsExtensions.SlotNames);
            return new DataViewSchema.DetachedColumn(name, type, annotations.ToAnnotations());
        }

        protected override Delegate MakeGetter(DataViewRow input, int pair, DataViewSchema.Column source, out Action disposer)
        {
            disposer = null;
            bool isVector = source.Type is VectorDataViewType;
            Type key = (source.Type is VectorDataViewType vector ? vector.ItemType : source.Type).RawType;
            return (Delegate)GenericCall.Static(typeof(Mapper), isVector ? nameof(MakeVectorGetter) : nameof(MakeScalarGetter),
                [key, KeyValueAnnotation.ItemTypeOrNull(source).RawType], input, source);
        }

        private static ValueGetter<TValue> MakeScalarGetter<TKey, TValue>(DataViewRow input, DataViewSchema.Column source)
        {
            TValue[] values = Values<TValue>(source);
            ValueGetter<TKey> getter = input.GetGetter<TKey>(source);
            TKey key = default;
            return (ref TValue destination) =>
            {
                getter(ref key);
                destination = ValueOf(key, values);
            };
        }

        private static ValueGetter<VBuffer<TValue>> MakeVectorGetter<TKey, TValue>(DataViewRow input, DataViewSchema.Column source)
        {
            TValue[] values = Values<TValue>(source);
            ValueGetter<VBuffer<TKey>> getter = input.GetGetter<VBuffer<TKey>>(source);
            VBuffer<TKey> keys = default;
            return (ref VBuffer<TValue> destination) =>
            {
                getter(ref keys);
                VBufferEditor<TValue> editor = VBufferEditor.Create(ref destination, keys.Length);
                int i = 0;
                foreach (TKey key in keys.DenseValues())
                {
                    editor.Values[i++] = ValueOf(key, values);
                }

                destination = editor.Commit();
            };
        }

        private static TValue[] Values<TValue>(DataViewSchema.Column source)
        {
            VBuffer<TValue> values = default;
            source.GetKeyValues(ref values);
            return values.DenseValues().ToArray();
        }

        /// <summary>A missing key stands for the missing value of the type.</summary>
        private static TValue ValueOf<TKey, TValue>(TKey key, TValue[] values)
        {
            ulong index = Convert.ToUInt64(key, CultureInfo.InvariantCulture);
            if (index > 0 && index <= (ulong)values.Length)
            {
                return values[index - 1];
            }

            return typeof(TValue) == typeof(float) ? (TValue)(object)float.NaN
                : typeof(TValue) == typeof(double) ? (TValue)(object)double.NaN
                : default;
        }
    }
}
