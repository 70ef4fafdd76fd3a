using System.Numerics;

namespace Microsoft.ML.Data;

/// <summary>Makes getters of columns that read a member of the current row object.</summary>
internal abstract class MemberReader<TRow>
    where TRow : class
{
    public static MemberReader<TRow> Create(RowMember member)
    {
        Type type = member.Type;
        if (type == typeof(string))
        {
            return new Text(member);
        }

        if (type == typeof(string[]))
        {
            return new TextArray(member);
        }

        if (member.Column.Type is KeyDataViewType)
        {
            return Make(typeof(Key<>), type, member);
        }

        return type.IsArray ? Make(typeof(Array<>), type.GetElementType(), member)
            : MemberTypes.IsBuffer(type) ? Make(typeof(Buffer<>), type.GetGenericArguments()[0], member)
            : Make(typeof(Value<>), type, member);
    }

    public abstract Delegate CreateGetter(Func<TRow> current);

    private static MemberReader<TRow> Make(Type reader, Type value, RowMember member) =>
        (MemberReader<TRow>)Activator.CreateInstance(reader.MakeGenericType(typeof(TRow), value), member);

    private sealed class Value<T>(RowMember member) : MemberReader<TRow>
    {
        private readonly Func<TRow, T> _get = member.CompileGet<TRow, T>();

        public override Delegate CreateGetter(Func<TRow> current) => (ValueGetter<T>)((ref T value) => value = _get(current()));
    }

    private sealed class Text(RowMember member) : MemberReader<TRow>
    {
        private readonly Func<TRow, string> _get = member.CompileGet<TRow, string>();

        public override Delegate CreateGetter(Func<TRow> current) =>
            (ValueGetter<ReadOnlyMemory<char>>)((ref ReadOnlyMemory<char> value) => value = _get(current()).AsMemory());
    }

    // In a row class keys count from 0, in a data view from 1, where 0 is a missing key; so is one out of range.
    private sealed class Key<T>(RowMember member) : MemberReader<TRow>
        where T : IBinaryInteger<T>
    {
        private readonly Func<TRow, T> _get = member.CompileGet<TRow, T>();
        private readonly ulong _count = ((KeyDataViewType)member.Column.Type).Count;

        public override Delegate CreateGetter(Func<TRow> current) => (ValueGetter<T>)((ref T value) =>
        {
            T key = _get(current());
            value = ulong.CreateChecked(key) < _count ? key + T.One : T.Zero;
        });
    }

    private sealed class Array<T>(RowMember member) : MemberReader<TRow>
    {
        private readonly Func<TRow, T[]> _get = member.CompileGet<TRow, T[]>();

        public override Delegate CreateGetter(Func<TRow> current) => (ValueGetter<VBuffer<T>>)((ref VBuffer<T> value) =>
        {
            T[] items = _get(current()) ?? [];
            VBuffer<T>.Copy(items, 0, ref value, items.Length);
        });
    }

    private sealed class TextArray(RowMember member) : MemberReader<TRow>
    {
        private readonly Func<TRow, string[]> _get = member.CompileGet<TRow, string[]>();

        public override Delegate CreateGetter(Func<TRow> current) =>
            (ValueGetter<VBuffer<ReadOnlyMemory<char>>>)((ref VBuffer<ReadOnlyMemory<char>> value) =>
            {
                string[] items = _get(current()) ?? [];
                VBufferEditor<ReadOnlyMemory<char>> editor = VBufferEditor.Create(ref value, items.Length);
                for (int i = 0; i < items.Length; i++)
                {
                    editor.Values[i] = items[i].AsMemory();
                }

                value = editor.Commit();
            });
    }

    private sealed class Buffer<T>(RowMember member) : MemberReader<TRow>
    {
        private readonly Func<TRow, VBuffer<T>> _get = member.CompileGet<TRow, VBuffer<T>>();

        public override Delegate CreateGetter(Func<TRow> current) => (ValueGetter<VBuffer<T>>)((ref VBuffer<T> value) => _get(current()).CopyTo(ref value));
    }
}
