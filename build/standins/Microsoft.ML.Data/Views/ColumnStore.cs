namespace Microsoft.ML.Data;

/// <summary>Keeps the values that one column has in many rows.</summary>
internal abstract class ColumnStore
{
    /// <summary>Whether values of a type can be kept: whoever reads them again gets a copy, which only these types have.</summary>
    public static bool CanKeep(DataViewType type) => type is PrimitiveDataViewType or VectorDataViewType;

    /// <summary>A view without the columns that cannot be kept.</summary>
    public static IDataView SelectKept(IDataView view)
    {
        int[] kept = view.Schema.Where(column => CanKeep(column.Type)).Select(column => column.Index).ToArray();
        return kept.Length == view.Schema.Count ? view : new MappedView(view, RowMapping.Select(view.Schema, kept));
    }

    public static ColumnStore Create(DataViewRow source, DataViewSchema.Column column)
    {
        Type store = column.Type is VectorDataViewType vector
            ? typeof(Vectors<>).MakeGenericType(vector.ItemType.RawType)
            : typeof(Scalars<>).MakeGenericType(column.Type.RawType);
        return (ColumnStore)Activator.CreateInstance(store, GenericCall.GetGetter(source, column));
    }

    /// <summary>Keeps the value of the source's current row, in a new place or one used before.</summary>
    public abstract void Fetch(int place);

    public abstract Delegate CreateGetter(Func<int> place);

    private abstract class Store<T>(ValueGetter<T> source) : ColumnStore
    {
        private readonly List<T> _values = [];

        public override void Fetch(int place)
        {
            if (place == _values.Count)
            {
                _values.Add(default);
            }

            T value = _values[place];
            source(ref value);
            _values[place] = value;
        }

        protected T Get(int place) => _values[place];
    }

    private sealed class Scalars<T>(ValueGetter<T> source) : Store<T>(source)
    {
        public override Delegate CreateGetter(Func<int> place) => (ValueGetter<T>)((ref T value) => value = Get(place()));
    }

    private sealed class Vectors<T>(ValueGetter<VBuffer<T>> source) : Store<VBuffer<T>>(source)
    {
        public override Delegate CreateGetter(Func<int> place) => (ValueGetter<VBuffer<T>>)((ref VBuffer<T> value) => Get(place()).CopyTo(ref value));
    }
}
