namespace Microsoft.ML.Data;

/// <summary>Those rows of a source whose sampling value lies within a range, or outside of it.</summary>
internal sealed class SplitView : IDataView
{
    private readonly IDataView _source;
    private readonly SamplingKey _key;
    private readonly double _from;
    private readonly double _to;
    private readonly bool _outside;

    public SplitView(IDataView source, SamplingKey key, double from, double to, bool outside)
    {
        _source = source;
        _key = key;
        _from = from;
        _to = to;
        _outside = outside;
    }

    public bool CanShuffle => _source.CanShuffle && _key.IsIndependentOfOrder;

    public DataViewSchema Schema => _source.Schema;

    public long? GetRowCount() => null;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null)
    {
        DataViewSchema.Column[] needed = columnsNeeded.ToArray();
        DataViewRowCursor cursor = _source.GetRowCursor(_key.AddTo(needed), CanShuffle ? rand : null);
        return new Cursor(this, cursor, ActiveColumns.Of(Schema, needed));
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];

    private sealed class Cursor : WrappingCursor
    {
        private readonly SplitView _view;
        private readonly bool[] _active;
        private readonly Func<double> _value;

        public Cursor(SplitView view, DataViewRowCursor source, bool[] active)
            : base(source)
        {
            _view = view;
            _active = active;
            _value = view._key.Bind(source);
        }

        // The source reads the key too, which nobody asked this cursor for.
        public override bool IsColumnActive(DataViewSchema.Column column) => column.Index < _active.Length && _active[column.Index];

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) =>
            IsColumnActive(column) ? base.GetGetter<TValue>(column) : RowGetters.Typed<TValue>(null, column, false);

        protected override bool MoveNextCore()
        {
            while (Source.MoveNext())
            {
                double value = _value();
                if ((value >= _view._from && value < _view._to) != _view._outside)
                {
                    return true;
                }
            }

            return false;
        }
    }
}
