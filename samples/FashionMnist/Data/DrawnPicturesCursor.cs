using Microsoft.ML.Data;

namespace Microsoft.ML.Spatial.Samples.FashionMnist.Data;

/// <summary>
/// One pass over a <see cref="DrawnPicturesView"/>, or one part of it: of a set of cursors, each takes every so-many-th block
/// of rows, and the block's number is the batch by which ML.NET puts the rows of a set back in order.
/// </summary>
internal sealed class DrawnPicturesCursor : DataViewRowCursor
{
    private const int BlockRows = 64;

    private readonly DrawnPicturesView _view;
    private readonly bool[] _active;
    private readonly int[]? _order;
    private readonly long _firstCounter;
    private readonly int _part;
    private readonly int _parts;
    private readonly byte[] _pixels;
    private long _position = -1;
    private int _place = -1;

    /// <summary>Makes a cursor.</summary>
    /// <param name="view">The view.</param>
    /// <param name="active">Which columns it delivers.</param>
    /// <param name="order">The order of the rows; null for that of the file.</param>
    /// <param name="firstCounter">The sample counter of row 0.</param>
    /// <param name="part">Which of the set's cursors it is.</param>
    /// <param name="parts">How many the set has.</param>
    public DrawnPicturesCursor(DrawnPicturesView view, bool[] active, int[]? order, long firstCounter, int part, int parts)
    {
        _view = view;
        _active = active;
        _order = order;
        _firstCounter = firstCounter;
        _part = part;
        _parts = parts;
        _pixels = new byte[4 * view.Side * view.Side];
    }

    /// <inheritdoc/>
    public override DataViewSchema Schema => _view.Schema;

    /// <inheritdoc/>
    public override long Position => _position;

    /// <inheritdoc/>
    public override long Batch => _parts == 1 ? 0 : _place / BlockRows;

    private int Row => _position < 0
        ? throw new InvalidOperationException("The cursor stands on no row: call MoveNext, and read while it returns true.")
        : _order is null ? _place : _order[_place];

    /// <inheritdoc/>
    public override bool MoveNext()
    {
        int next = _place < 0 ? _part * BlockRows
            : (_place + 1) % BlockRows != 0 ? _place + 1
            : _place + 1 + (_parts - 1) * BlockRows;
        if (next >= _view.Count)
        {
            // Past the end, and staying there.
            _place = _view.Count;
            _position = -1;
            return false;
        }

        _place = next;
        _position++;
        return true;
    }

    /// <inheritdoc/>
    public override bool IsColumnActive(DataViewSchema.Column column) => column.Index < _active.Length && _active[column.Index];

    /// <inheritdoc/>
    public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId value) => value = new DataViewRowId((ulong)Row, 0);

    /// <inheritdoc/>
    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        if (!IsColumnActive(column))
            throw new InvalidOperationException($"The column '{column.Name}' is not active: name it when the cursor is made.");
        Delegate getter = column.Name switch
        {
            DrawnPicturesView.LabelColumnName => (ValueGetter<uint>)GetLabel,
            DrawnPicturesView.ImageColumnName => (ValueGetter<MLImage>)GetImage,
            _ => (ValueGetter<long>)GetIndex,
        };
        return getter as ValueGetter<TValue>
            ?? throw new InvalidOperationException($"The column '{column.Name}' is of type {column.Type.RawType.Name}, not {typeof(TValue).Name}.");
    }

    private void GetLabel(ref uint value) => value = (uint)_view.Class(Row) + 1;

    private void GetIndex(ref long value) => value = _view.PictureIndex(Row);

    private void GetImage(ref MLImage value)
    {
        _view.Draw(Row, _firstCounter + Row, _pixels);

        // Who passes the last row's picture in again gives it up.
        value?.Dispose();
        value = MLImage.CreateFromPixels(_view.Side, _view.Side, MLPixelFormat.Bgra32, _pixels);
    }
}
