using System.Globalization;

namespace Microsoft.ML.Data;

/// <summary>The values that have keys: the first has key 1, the second key 2.</summary>
internal abstract class KeyTerms
{
    public abstract int Count { get; }

    /// <summary>The type of the values.</summary>
    public abstract PrimitiveDataViewType ItemType { get; }

    public KeyDataViewType KeyType => new(typeof(uint), Math.Max(1, Count));

    public abstract void Write(BinaryWriter writer);

    /// <summary>A getter of keys for a column of values, or of vectors of values.</summary>
    public abstract Delegate MakeGetter(DataViewRow input, DataViewSchema.Column source);

    /// <summary>Adds the annotation that says which value each key stands for.</summary>
    public abstract void AddKeyValues(DataViewSchema.Annotations.Builder builder, bool asText, DataViewSchema.Column source);

    public static KeyTerms Read(BinaryReader reader) =>
        ValueCodec.ReadType(reader) is PrimitiveDataViewType itemType
            ? (KeyTerms)GenericCall.Static(typeof(KeyTerms), nameof(ReadTyped), itemType.RawType, reader, itemType)
            : throw ModelError.Decode("The model is damaged: its keys stand for values of a wrong type.");

    /// <summary>Goes through a column once.</summary>
    public static KeyTerms Learn(IDataView data, DataViewSchema.Column column, int maximumCount, bool sorts)
    {
        var itemType = (PrimitiveDataViewType)(column.Type is VectorDataViewType vector ? vector.ItemType : column.Type);
        return (KeyTerms)GenericCall.Static(typeof(KeyTerms), nameof(LearnTyped), itemType.RawType, data, column, itemType, maximumCount, sorts);
    }

    private static KeyTerms ReadTyped<T>(BinaryReader reader, PrimitiveDataViewType itemType) => new Terms<T>(itemType, ValueCodec.ReadValues<T>(reader));

    private static KeyTerms LearnTyped<T>(IDataView data, DataViewSchema.Column column, PrimitiveDataViewType itemType, int maximumCount, bool sorts)
    {
        var seen = new HashSet<T>(Terms<T>.Equality);
        var terms = new List<T>();
        void Add(T value)
        {
            if (terms.Count < maximumCount && !Terms<T>.IsMissing(value, itemType) && seen.Add(value))
            {
                terms.Add(value);
            }
        }

        using (DataViewRowCursor cursor = data.GetRowCursor([column]))
        {
            if (column.Type is VectorDataViewType)
            {
                ValueGetter<VBuffer<T>> getter = cursor.GetGetter<VBuffer<T>>(column);
                VBuffer<T> values = default;
                while (cursor.MoveNext())
                {
                    getter(ref values);
                    foreach (T value in values.DenseValues())
                    {
                        Add(value);
                    }
                }
            }
            else
            {
                ValueGetter<T> getter = cursor.GetGetter<T>(column);
                T value = default;
                while (cursor.MoveNext())
                {
                    getter(ref value);
                    Add(value);
                }
            }
        }

        if (sorts)
        {
            terms.Sort(Terms<T>.Order);
        }

        return new Terms<T>(itemType, terms.ToArray());
    }

    private sealed class Terms<T> : KeyTerms
    {
        public static readonly IEqualityComparer<T> Equality = new TextComparer() as IEqualityComparer<T> ?? EqualityComparer<T>.Default;

        public static readonly IComparer<T> Order = new TextComparer() as IComparer<T> ?? Comparer<T>.Default;

        private readonly PrimitiveDataViewType _itemType;
        private readonly T[] _values;
        private readonly Dictionary<T, uint> _keys = new(Equality);

        public Terms(PrimitiveDataViewType itemType, T[] values)
        {
            _itemType = itemType;

            // Text is a view of memory that may change under it.
            _values = values is ReadOnlyMemory<char>[] texts ? (T[])(object)texts.Select(text => text.ToString().AsMemory()).ToArray() : values;
            for (int i = 0; i < _values.Length; i++)
            {
                if (!_keys.TryAdd(_values[i], (uint)i + 1))
                {
                    throw ModelError.Decode($"The model is damaged: two keys stand for the value '{_values[i]}'.");
                }
            }
        }

        public override int Count => _values.Length;

        public override PrimitiveDataViewType ItemType => _itemType;

        public static bool IsMissing(T value, PrimitiveDataViewType itemType) => value switch
        {
            ReadOnlyMemory<char> text => text.IsEmpty,
            float number => float.IsNaN(number),
            double number => double.IsNaN(number),
            _ => itemType is KeyDataViewType && EqualityComparer<T>.Default.Equals(value, default),
        };

        public override void Write(BinaryWriter writer)
        {
            ValueCodec.WriteType(writer, _itemType);
            ValueCodec.WriteValues(writer, _values);
        }

        public override Delegate MakeGetter(DataViewRow input, DataViewSchema.Column source)
        {
            if (source.Type is not VectorDataViewType)
            {
                ValueGetter<T> scalar = input.GetGetter<T>(source);
                T value = default;
                return (ValueGetter<uint>)((ref uint destination) =>
                {
                    scalar(ref value);
                    destination = _keys.GetValueOrDefault(value);
                });
            }

            ValueGetter<VBuffer<T>> vector = input.GetGetter<VBuffer<T>>(source);
            VBuffer<T> values = default;
            return (ValueGetter<VBuffer<uint>>)((ref VBuffer<uint> destination) =>
            {
                vector(ref values);
                VBufferEditor<uint> editor = VBufferEditor.Create(ref destination, values.Length);
                int i = 0;
                foreach (T value in values.DenseValues())
                {
                    editor.Values[i++] = _keys.GetValueOrDefault(value);
                }

                destination = editor.Commit();
            });
        }

        public override void AddKeyValues(DataViewSchema.Annotations.Builder builder, bool asText, DataViewSchema.Column source)
        {
            if (Count == 0)
            {
                return;
            }

            // Keys made of keys stand for what those stand for.
            if (_itemType is KeyDataViewType && KeyValueAnnotation.ItemTypeOrNull(source) is PrimitiveDataViewType valueType)
            {
                GenericCall.Instance(this, nameof(AddValuesOfKeys), valueType.RawType, builder, valueType, source);
            }
            else if (asText && _itemType is not TextDataViewType)
            {
                AddValues(builder, TextDataViewType.Instance,
                    _values.Select(value => Convert.ToString(value, CultureInfo.InvariantCulture).AsMemory()).ToArray());
            }
            else
            {
                AddValues(builder, _itemType, _values);
            }
        }

        private void AddValuesOfKeys<TValue>(DataViewSchema.Annotations.Builder builder, PrimitiveDataViewType type, DataViewSchema.Column source)
        {
            VBuffer<TValue> values = default;
            source.GetKeyValues(ref values);
            TValue[] all = values.DenseValues().ToArray();
            AddValues(builder, type, _values.Select(key => all[Convert.ToInt64(key, CultureInfo.InvariantCulture) - 1]).ToArray());
        }

        private static void AddValues<TValue>(DataViewSchema.Annotations.Builder builder, PrimitiveDataViewType type, TValue[] values)
        {
            ValueGetter<VBuffer<TValue>> getter = (ref VBuffer<TValue> destination) => VBuffer<TValue>.Copy(values, 0, ref destination, values.Length);
            builder.Add(SchemaAnnotationsExtensions.KeyValues, new VectorDataViewType(type, values.Length), getter);
        }
    }

    /// <summary>Text is compared by its characters.</summary>
    private sealed class TextComparer : IEqualityComparer<ReadOnlyMemory<char>>, IComparer<ReadOnlyMemory<char>>
    {
        public bool Equals(ReadOnlyMemory<char> x, ReadOnlyMemory<char> y) => x.Span.SequenceEqual(y.Span);

        public int GetHashCode(ReadOnlyMemory<char> text) => string.GetHashCode(text.Span);

        public int Compare(ReadOnlyMemory<char> x, ReadOnlyMemory<char> y) => x.Span.SequenceCompareTo(y.Span);
    }
}
