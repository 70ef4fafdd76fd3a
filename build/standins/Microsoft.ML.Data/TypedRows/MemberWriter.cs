namespace Microsoft.ML.Data;

/// <summary>Makes actions that fill a member of a row object from the current row of a data view.</summary>
internal abstract class MemberWriter<TRow>
    where TRow : class
{
    public static MemberWriter<TRow> Create(RowMember member)
    {
        Type type = member.Type;
        return type == typeof(string) ? new Text(member)
            : type == typeof(string[]) ? new TextArray(member)
            : type.IsArray ? Make(typeof(Array<>), type.GetElementType(), member)
            : MemberTypes.IsBuffer(type) ? Make(typeof(Buffer<>), type.GetGenericArguments()[0], member)
            : Make(typeof(Value<>), type, member);
    }

    public abstract Action<TRow> Bind(DataViewRow source, DataViewSchema.Column column);

    private static MemberWriter<TRow> Make(Type writer, Type value, RowMember member) =>
        (MemberWriter<TRow>)Activator.CreateInstance(writer.MakeGenericType(typeof(TRow), value), member);

    private sealed class Value<T>(RowMember member) : MemberWriter<TRow>
    {
        private readonly Action<TRow, T> _set = member.CompileSet<TRow, T>();

        public override Action<TRow> Bind(DataViewRow source, DataViewSchema.Column column)
        {
            ValueGetter<T> getter = source.GetGetter<T>(column);
            T value = default;
            return row =>
            {
                getter(ref value);
                _set(row, value);
            };
        }
    }

    private sealed class Text(RowMember member) : MemberWriter<TRow>
    {
        private readonly Action<TRow, string> _set = member.CompileSet<TRow, string>();

        public override Action<TRow> Bind(DataViewRow source, DataViewSchema.Column column)
        {
            ValueGetter<ReadOnlyMemory<char>> getter = source.GetGetter<ReadOnlyMemory<char>>(column);
            ReadOnlyMemory<char> value = default;
            return row =>
            {
                getter(ref value);
                _set(row, value.ToString());
            };
        }
    }

    // An array that the row object has already is filled where it has the right length.
    private sealed class Array<T>(RowMember member) : MemberWriter<TRow>
    {
        private readonly Func<TRow, T[]> _get = member.CompileGet<TRow, T[]>();
        private readonly Action<TRow, T[]> _set = member.CompileSet<TRow, T[]>();

        public override Action<TRow> Bind(DataViewRow source, DataViewSchema.Column column)
        {
            ValueGetter<VBuffer<T>> getter = source.GetGetter<VBuffer<T>>(column);
            VBuffer<T> value = default;
            return row =>
            {
                getter(ref value);
                T[] items = _get?.Invoke(row);
                if (items?.Length != value.Length)
                {
                    items = new T[value.Length];
                }

                value.CopyTo(items);
                _set(row, items);
            };
        }
    }

    private sealed class TextArray(RowMember member) : MemberWriter<TRow>
    {
        private readonly Action<TRow, string[]> _set = member.CompileSet<TRow, string[]>();

        public override Action<TRow> Bind(DataViewRow source, DataViewSchema.Column column)
        {
            ValueGetter<VBuffer<ReadOnlyMemory<char>>> getter = source.GetGetter<VBuffer<ReadOnlyMemory<char>>>(column);
            VBuffer<ReadOnlyMemory<char>> value = default;
            return row =>
            {
                getter(ref value);
                _set(row, value.DenseValues().Select(item => item.ToString()).ToArray());
            };
        }
    }

    private sealed class Buffer<T>(RowMember member) : MemberWriter<TRow>
    {
        private readonly Func<TRow, VBuffer<T>> _get = member.CompileGet<TRow, VBuffer<T>>();
        private readonly Action<TRow, VBuffer<T>> _set = member.CompileSet<TRow, VBuffer<T>>();

        public override Action<TRow> Bind(DataViewRow source, DataViewSchema.Column column)
        {
            ValueGetter<VBuffer<T>> getter = source.GetGetter<VBuffer<T>>(column);
            return row =>
            {
                VBuffer<T> value = _get == null ? default : _get(row);
                getter(ref value);
                _set(row, value);
            };
        }
    }
}
