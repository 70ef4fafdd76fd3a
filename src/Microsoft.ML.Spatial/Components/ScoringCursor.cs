using System.Runtime.ExceptionServices;
using Microsoft.ML.Data;
using Microsoft.ML.Spatial.Data;

namespace Microsoft.ML.Spatial.Components;

/// <summary>
/// Scores rows in batches behind a cursor that hands them out one by one: it reads a batch of rows ahead, runs the network once, when a
/// column of the model is first asked for, and keeps the columns passed on for each row.
/// </summary>
/// <remarks>An image that cannot be read fails at its own row, for who asks for a column of the model there; the rows around it are scored.</remarks>
internal sealed class ScoringCursor : DataViewRowCursor
{
    private readonly ScoringMapper _mapper;
    private readonly DataViewRowCursor _input;
    private readonly ActiveColumns _active;
    private readonly IReadOnlySet<NetworkOutput> _wanted;
    private readonly ImageReader _reader;
    private readonly ValueGetter<DataViewRowId> _idGetter;
    private readonly Dictionary<int, RowBuffer> _passed;
    private readonly float[] _pixels;
    private readonly ImageSize[] _sizes;
    private readonly RowState[] _rows;
    private int _count;
    private int _current = -1;
    private int _images;
    private bool _ended;
    private ExceptionDispatchInfo? _moveError;
    private ScoredBatch? _scored;

    public ScoringCursor(ScoringMapper mapper, DataViewRowCursor input, ActiveColumns active)
    {
        _mapper = mapper;
        _input = input;
        _active = active;
        _wanted = mapper.Wanted(active);
        var model = mapper.Model;
        _reader = ImageReader.Create(input, mapper.Image, model.Shape, model.Resizing);
        _idGetter = input.GetIdGetter();
        _passed = active.Passed.ToDictionary(column => column.Index, column => RowBuffer.Create(input, column, model.BatchSize));
        _pixels = new float[model.BatchSize * model.Shape.Length];
        _sizes = new ImageSize[model.BatchSize];
        _rows = new RowState[model.BatchSize];
    }

    public override DataViewSchema Schema => _mapper.OutputSchema;

    public override long Position => _current < 0 ? -1 : _rows[_current].Position;

    public override long Batch => _current < 0 ? _input.Batch : _rows[_current].Batch;

    public override bool IsColumnActive(DataViewSchema.Column column) => _active.Contains(column);

    public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId target) => target = _rows[CurrentRow()].Id;

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        _active.Check(column);
        return _passed.TryGetValue(column.Index, out var buffer) ? buffer.Getter<TValue>(CurrentRow) : _mapper.Getter<TValue>(column, Current);
    }

    public override bool MoveNext()
    {
        if (_current + 1 < _count)
        {
            _current++;
            return true;
        }

        ReadBatch();
        _current = _count > 0 ? 0 : -1;
        return _count > 0;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            foreach (var buffer in _passed.Values)
            {
                buffer.Dispose();
            }

            _reader.Dispose();
            _input.Dispose();
        }

        base.Dispose(disposing);
    }

    private void ReadBatch()
    {
        (_count, _images, _scored) = (0, 0, null);
        _moveError?.Throw();
        while (_count < _rows.Length && MoveInput())
        {
            ref var row = ref _rows[_count];
            row = new RowState { Position = _input.Position, Batch = _input.Batch, Image = _images };
            _idGetter(ref row.Id);
            foreach (var buffer in _passed.Values)
            {
                buffer.Read(_count);
            }

            try
            {
                var length = _mapper.Model.Shape.Length;
                _sizes[_images] = _reader.Read(_pixels.AsSpan(_images * length, length));
                _images++;
            }
            catch (Exception error) when (error is not OutOfMemoryException)
            {
                row.Error = RowError.Of(_mapper.Image.Name, row.Position, row.Id, error, "");
            }

            _count++;
        }
    }

    private bool MoveInput()
    {
        if (_ended)
        {
            return false;
        }

        try
        {
            _ended = !_input.MoveNext();
        }
        catch (Exception error) when (_count > 0)
        {
            // The rows before it come out first; the error comes when the consumer moves past them.
            _moveError = ExceptionDispatchInfo.Capture(error);
            _ended = true;
        }

        return !_ended;
    }

    private int CurrentRow() => _current >= 0 ? _current : throw new InvalidOperationException("The cursor stands at no row; call MoveNext first.");

    private (ScoredBatch Batch, int Row) Current()
    {
        var row = _rows[CurrentRow()];
        if (row.Error is not null)
        {
            throw row.Error;
        }

        _scored ??= _mapper.Model.Score(_pixels, _sizes, _images, _wanted);
        return (_scored, row.Image);
    }

    private struct RowState
    {
        public long Position;
        public long Batch;
        public DataViewRowId Id;
        public int Image;
        public Exception? Error;
    }
}
