using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

[assembly: LoadableClass(typeof(ColumnConcatenatingTransformer), typeof(ColumnConcatenatingTransformer), null, typeof(SignatureLoadModel), "Concat Transform",
    ColumnConcatenatingTransformer.LoaderSignature)]

namespace Microsoft.ML.Data;

/// <summary>Puts columns of one item type behind one another into a vector.</summary>
public sealed class ColumnConcatenatingTransformer : RowToRowTransformerBase
{
    internal const string LoaderSignature = "ConcatTransform";

    internal ColumnConcatenatingTransformer(IHostEnvironment env, string outputColumnName, string[] inputColumnNames)
        : base(env.Register(nameof(ColumnConcatenatingTransformer)))
    {
        ArgumentException.ThrowIfNullOrEmpty(outputColumnName);
        ArgumentNullException.ThrowIfNull(inputColumnNames);
        if (inputColumnNames.Length == 0)
        {
            throw new ArgumentException("At least one input column is needed.", nameof(inputColumnNames));
        }

        foreach (string input in inputColumnNames)
        {
            ArgumentException.ThrowIfNullOrEmpty(input, nameof(inputColumnNames));
        }

        OutputColumnName = outputColumnName;
        InputColumnNames = inputColumnNames;
    }

    internal string OutputColumnName { get; }

    internal string[] InputColumnNames { get; }

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        ctx.SetVersionInfo(Version());
        ctx.Writer.Write(OutputColumnName);
        ctx.Writer.Write(InputColumnNames.Length);
        foreach (string input in InputColumnNames)
        {
            ctx.Writer.Write(input);
        }
    }

    private protected override RowMapper MakeRowMapper(DataViewSchema schema) => new Mapper(this, schema);

    private static ColumnConcatenatingTransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        ctx.CheckAtModel(Version());
        string output = ctx.Reader.ReadString();
        int count = ctx.Reader.ReadInt32();
        return new ColumnConcatenatingTransformer(env, output, Enumerable.Range(0, count).Select(_ => ctx.Reader.ReadString()).ToArray());
    }

    private static VersionInfo Version() =>
        new("CONCATSS", 0x00010001, 0x00010001, 0x00010001, typeof(ColumnConcatenatingTransformer).Assembly.FullName, LoaderSignature);

    private sealed class Mapper : RowMapper
    {
        private readonly string _outputColumnName;
        private readonly DataViewSchema.Column[] _inputs;
        private readonly PrimitiveDataViewType _itemType;

        public Mapper(ColumnConcatenatingTransformer parent, DataViewSchema schema)
            : base(schema)
        {
            _outputColumnName = parent.OutputColumnName;
            _inputs = parent.InputColumnNames.Select(name => SchemaMismatch.Find(schema, "inputSchema", "input", name)).ToArray();
            foreach (DataViewSchema.Column input in _inputs)
            {
                DataViewType item = input.Type is VectorDataViewType vector ? vector.ItemType : input.Type;
                if (item is not PrimitiveDataViewType primitive)
                {
                    throw SchemaMismatch.WrongType(nameof(schema), "input", input.Name, "values that can be in a vector", input.Type.ToString());
                }

                _itemType ??= primitive;
                if (!_itemType.Equals(item))
                {
                    throw SchemaMismatch.WrongType(nameof(schema), "input", input.Name, _itemType.ToString(), item.ToString());
                }
            }
        }

        public override DataViewSchema.DetachedColumn[] GetOutputColumns()
        {
            // A single vector comes through as it is.
            if (_inputs.Length == 1 && _inputs[0].Type is VectorDataViewType)
            {
                return [new DataViewSchema.DetachedColumn(_outputColumnName, _inputs[0].Type, _inputs[0].Annotations)];
            }

            bool isKnownSize = _inputs.All(input => input.Type is not VectorDataViewType vector || vector.IsKnownSize);
            int size = isKnownSize ? _inputs.Sum(SizeOf) : 0;
            var annotations = new DataViewSchema.Annotations.Builder();
            if (isKnownSize && _inputs.Any(input => input.Type is not VectorDataViewType || HasSlotNames(input)))
            {
                ReadOnlyMemory<char>[] names = _inputs.SelectMany(SlotNames).ToArray();
                ValueGetter<VBuffer<ReadOnlyMemory<char>>> getter = (ref VBuffer<ReadOnlyMemory<char>> destination) =>
                    VBuffer<ReadOnlyMemory<char>>.Copy(names, 0, ref destination, names.Length);
                annotations.Add(SchemaAnnotationsExtensions.SlotNames, new VectorDataViewType(TextDataViewType.Instance, size), getter);
            }

            if (_inputs.All(input => input.IsNormalized()))
            {
                annotations.AddPrimitiveValue(SchemaAnnotationsExtensions.Normalized, BooleanDataViewType.Instance, true);
            }

            return [new DataViewSchema.DetachedColumn(_outputColumnName, new VectorDataViewType(_itemType, size), annotations.ToAnnotations())];
        }

        public override IEnumerable<int> GetDependencies(int output) => _inputs.Select(input => input.Index);

        public override Delegate[] MakeGetters(DataViewRow input, Func<int, bool> isActive, out Action disposer)
        {
            disposer = null;
            return [isActive(0) ? (Delegate)GenericCall.Instance(this, nameof(MakeGetter), _itemType.RawType, input) : null];
        }

        private Delegate MakeGetter<T>(DataViewRow row)
        {
            Action<List<T>>[] appenders = _inputs.Select(input => MakeAppender<T>(row, input)).ToArray();
            var values = new List<T>();
            return (ValueGetter<VBuffer<T>>)((ref VBuffer<T> destination) =>
            {
                values.Clear();
                foreach (Action<List<T>> append in appenders)
                {
                    append(values);
                }

                VBufferEditor<T> editor = VBufferEditor.Create(ref destination, values.Count);
                values.CopyTo(editor.Values);
                destination = editor.Commit();
            });
        }

        private static Action<List<T>> MakeAppender<T>(DataViewRow row, DataViewSchema.Column input)
        {
            if (input.Type is not VectorDataViewType)
            {
                ValueGetter<T> scalar = row.GetGetter<T>(input);
                T value = default;
                return values =>
                {
                    scalar(ref value);
                    values.Add(value);
                };
            }

            ValueGetter<VBuffer<T>> vector = row.GetGetter<VBuffer<T>>(input);
            VBuffer<T> buffer = default;
            return values =>
            {
                vector(ref buffer);
                values.AddRange(buffer.DenseValues());
            };
        }

        private static int SizeOf(DataViewSchema.Column input) => input.Type is VectorDataViewType vector ? vector.Size : 1;

        private static bool HasSlotNames(DataViewSchema.Column input) => input.Type is VectorDataViewType && input.HasSlotNames();

        /// <summary>Slots of a vector without names stay without.</summary>
        private static IEnumerable<ReadOnlyMemory<char>> SlotNames(DataViewSchema.Column input)
        {
            if (input.Type is not VectorDataViewType vector)
            {
                return [input.Name.AsMemory()];
            }

            if (!HasSlotNames(input))
            {
                return new ReadOnlyMemory<char>[vector.Size];
            }

            VBuffer<ReadOnlyMemory<char>> names = default;
            input.GetSlotNames(ref names);
            return names.DenseValues().Select(name => name.IsEmpty ? name : $"{input.Name}.{name}".AsMemory());
        }
    }
}
