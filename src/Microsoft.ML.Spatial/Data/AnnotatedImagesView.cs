using Microsoft.ML.Data;

namespace Microsoft.ML.Spatial.Data;

/// <summary>Annotated images as a data view, one a row. No image is kept in memory. Any number of cursors may be open at once.</summary>
/// <typeparam name="TImage">What a row is.</typeparam>
internal sealed class AnnotatedImagesView<TImage> : IDataView
    where TImage : AnnotatedImage
{
    private readonly IReadOnlyList<AnnotatedColumn<TImage>> _columns;

    /// <param name="images">The rows.</param>
    /// <param name="columns">The columns.</param>
    public AnnotatedImagesView(IReadOnlyList<TImage> images, IReadOnlyList<AnnotatedColumn<TImage>> columns)
    {
        Images = images;
        _columns = columns;
        var schema = new DataViewSchema.Builder();
        foreach (var column in columns)
        {
            schema.AddColumn(column.Name, column.Type, column.Annotations);
        }

        Schema = schema.ToSchema();
    }

    public bool CanShuffle => true;

    public DataViewSchema Schema { get; }

    private IReadOnlyList<TImage> Images { get; }

    public long? GetRowCount() => Images.Count;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        var active = new bool[Schema.Count];
        foreach (var column in columnsNeeded)
        {
            active[column.Index] = true;
        }

        int[] order = [.. Enumerable.Range(0, Images.Count)];
        rand?.Shuffle(order);
        return new Cursor(this, active, order);
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) => [GetRowCursor(columnsNeeded, rand)];

    private sealed class Cursor(AnnotatedImagesView<TImage> view, bool[] active, int[] order) : DataViewRowCursor
    {
        private long _position = -1;
        private bool _ended;

        public override DataViewSchema Schema => view.Schema;

        public override long Position => _position;

        public override long Batch => 0;

        private int Row => _position >= 0 ? order[_position] : throw new InvalidOperationException("The cursor stands on no row: call MoveNext, and read while it returns true.");

        public override bool MoveNext()
        {
            _ended |= _position + 1 >= order.Length;
            _position = _ended ? -1 : _position + 1;
            return !_ended;
        }

        public override bool IsColumnActive(DataViewSchema.Column column) => column.Index < active.Length && active[column.Index];

        public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId value) => value = new DataViewRowId((ulong)Row, 0);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            if (!IsColumnActive(column))
            {
                throw new InvalidOperationException($"Column '{column.Name}' is not active in this row; name it when opening the cursor.");
            }

            return view._columns[column.Index].Getter(this, () => view.Images[Row]) as ValueGetter<TValue>
                ?? throw new InvalidOperationException($"Column '{column.Name}' holds {column.Type.RawType}, not {typeof(TValue)}.");
        }
    }
}
