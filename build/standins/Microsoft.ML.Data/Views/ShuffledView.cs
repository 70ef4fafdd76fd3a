namespace Microsoft.ML.Data;

/// <summary>
/// Rows in random order: those of a pool are drawn at random, and each drawn one is replaced by the next of the source.
/// Columns that are neither primitive nor vectors cannot be kept in the pool, and do not appear.
/// </summary>
internal sealed class ShuffledView : IDataView
{
    private readonly IDataView _source;
    private readonly int _seed;
    private readonly int _poolSize;
    private readonly bool _shuffleSource;

    public ShuffledView(IDataView input, int seed, int poolSize, bool shuffleSource)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(poolSize);

        _source = ColumnStore.SelectKept(input);
        _seed = seed;
        _poolSize = poolSize;
        _shuffleSource = shuffleSource;
    }

    public bool CanShuffle => true;

    public DataViewSchema Schema => _source.Schema;

    public long? GetRowCount() => _source.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null)
    {
        Random random = rand ?? new Random(_seed);
        DataViewSchema.Column[] needed = columnsNeeded.ToArray();
        Random sourceRandom = _shuffleSource && _source.CanShuffle ? new Random(random.Next()) : null;
        return new Cursor(_source.GetRowCursor(needed, sourceRandom), ActiveColumns.Of(Schema, needed), _poolSize, random);
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];

    private sealed class Cursor : DataViewRowCursor
    {
        private readonly DataViewRowCursor _source;
        private readonly bool[] _active;
        private readonly int _poolSize;
        private readonly Random _random;
        private readonly ColumnStore[] _stores;
        private readonly Delegate[] _getters;
        private readonly ValueGetter<DataViewRowId> _sourceId;
        private readonly List<DataViewRowId> _ids = [];
        private readonly List<int> _pool = [];
        private bool _sourceEnded;
        private int _drawn = -1;
        private long _position = -1;

        public Cursor(DataViewRowCursor source, bool[] active, int poolSize, Random random)
        {
            _source = source;
            _active = active;
            _poolSize = poolSize;
            _random = random;
            _sourceId = source.GetIdGetter();
            _stores = source.Schema.Where(column => active[column.Index]).Select(column => ColumnStore.Create(source, column)).ToArray();
            int stored = 0;
            _getters = active.Select(isActive => isActive ? _stores[stored++].CreateGetter(Place) : null).ToArray();
        }

        public override DataViewSchema Schema => _source.Schema;

        public override long Position => _position;

        public override long Batch => 0;

        public override bool MoveNext()
        {
            if (_drawn >= 0)
            {
                TryFetch(_drawn);
            }
            else
            {
                while (_ids.Count < _poolSize && TryFetch(_ids.Count))
                {
                }
            }

            if (_pool.Count == 0)
            {
                _position = -1;
                return false;
            }

            int at = _random.Next(_pool.Count);
            _drawn = _pool[at];
            _pool[at] = _pool[^1];
            _pool.RemoveAt(_pool.Count - 1);
            _position++;
            return true;
        }

        public override bool IsColumnActive(DataViewSchema.Column column) => column.Index < _active.Length && _active[column.Index];

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            bool isActive = IsColumnActive(column);
            return RowGetters.Typed<TValue>(isActive ? _getters[column.Index] : null, column, isActive);
        }

        public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId value) => value = _ids[Place()];

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                _source.Dispose();
            }

            base.Dispose(disposing);
        }

        private bool TryFetch(int place)
        {
            _sourceEnded = _sourceEnded || !_source.MoveNext();
            if (_sourceEnded)
            {
                return false;
            }

            DataViewRowId id = default;
            _sourceId(ref id);
            if (place == _ids.Count)
            {
                _ids.Add(id);
            }
            else
            {
                _ids[place] = id;
            }

            foreach (ColumnStore store in _stores)
            {
                store.Fetch(place);
            }

            _pool.Add(place);
            return true;
        }

        private int Place() => _position >= 0 ? _drawn : throw new InvalidOperationException("A value can only be read while the cursor is on a row.");
    }
}
