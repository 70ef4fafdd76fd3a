using Microsoft.ML.Data;
using Microsoft.ML.Spatial.Data;

namespace Microsoft.ML.Spatial.Components;

/// <summary>Scores the row that another row object stands for, once for each of its positions, when a column of the model is first asked for.</summary>
internal sealed class ScoringRow : DataViewRow
{
    private readonly ScoringMapper _mapper;
    private readonly DataViewRow _input;
    private readonly ActiveColumns _active;
    private readonly ImageReader? _reader;
    private readonly float[] _pixels = [];
    private ScoredBatch? _scored;
    private long _scoredPosition;

    public ScoringRow(ScoringMapper mapper, DataViewRow input, ActiveColumns active)
    {
        _mapper = mapper;
        _input = input;
        _active = active;
        if (active.Wanted.Count > 0)
        {
            var settings = mapper.Model.Settings;
            _reader = ImageReader.Create(input, mapper.Image, settings.Shape, settings.Resizing);
            _pixels = new float[settings.Shape.Length];
        }
    }

    public override DataViewSchema Schema => _mapper.OutputSchema;

    public override long Position => _input.Position;

    public override long Batch => _input.Batch;

    public override bool IsColumnActive(DataViewSchema.Column column) => _active.Contains(column);

    public override ValueGetter<DataViewRowId> GetIdGetter() => _input.GetIdGetter();

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        _active.Check(column);
        return column.Index < _mapper.InputSchema.Count
            ? _input.GetGetter<TValue>(_mapper.InputSchema[column.Index])
            : _mapper.Getter<TValue>(column, Current);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _reader?.Dispose();
            _input.Dispose();
        }

        base.Dispose(disposing);
    }

    private (ScoredBatch Batch, int Row) Current()
    {
        if (_scored is null || _scoredPosition != _input.Position)
        {
            _scored = null;
            try
            {
                _reader!.Read(_pixels);
            }
            catch (Exception error) when (error is not OutOfMemoryException)
            {
                var id = default(DataViewRowId);
                _input.GetIdGetter()(ref id);
                throw RowError.Of(_mapper.Image.Name, _input.Position, id, error, "");
            }

            _scored = _mapper.Model.Score(_pixels, 1, _active.Wanted);
            _scoredPosition = _input.Position;
        }

        return (_scored, 0);
    }
}
