using Microsoft.ML.Data;
using Microsoft.ML.Spatial.Data;

namespace Microsoft.ML.Spatial.Components;

/// <summary>Scores the row that a row object stands for, once for each of its positions, when a column of the model is first asked for.</summary>
internal sealed class ScoredRow : AddedValues
{
    private readonly ScoringMapper _mapper;
    private readonly DataViewRow _input;
    private readonly IReadOnlySet<NetworkOutput> _wanted;
    private readonly ImageReader _reader;
    private readonly float[] _pixels;
    private ScoredBatch? _scored;
    private long _scoredPosition;

    public ScoredRow(ScoringMapper mapper, DataViewRow input, ActiveColumns active)
    {
        _mapper = mapper;
        _input = input;
        _wanted = mapper.Wanted(active);
        var model = mapper.Model;
        _reader = ImageReader.Create(input, mapper.Image, model.Shape, model.Resizing);
        _pixels = new float[model.Shape.Length];
    }

    public override ValueGetter<T> Getter<T>(DataViewSchema.Column column) => _mapper.Getter<T>(column, Current);

    public override void Dispose()
    {
        _reader.Dispose();
        base.Dispose();
    }

    private (ScoredBatch Batch, int Row) Current()
    {
        if (_scored is null || _scoredPosition != _input.Position)
        {
            _scored = null;
            ImageSize size;
            try
            {
                size = _reader.Read(_pixels);
            }
            catch (Exception error) when (error is not OutOfMemoryException)
            {
                throw RowError.Of(_mapper.Image.Name, _input, error);
            }

            _scored = _mapper.Model.Score(_pixels, [size], 1, _wanted);
            _scoredPosition = _input.Position;
        }

        return (_scored, 0);
    }
}
