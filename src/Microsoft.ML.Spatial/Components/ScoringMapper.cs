using Microsoft.ML.Data;
using Microsoft.ML.Spatial.Data;

namespace Microsoft.ML.Spatial.Components;

/// <summary>Maps rows of one input schema to rows with the model's columns behind them.</summary>
internal sealed class ScoringMapper : AddingMapper
{
    public ScoringMapper(SpatialTransformerModel model, DataViewSchema input, string component)
        : base(
            input,
            model.Columns.Select(column => new DataViewSchema.DetachedColumn(column.Name, column.Type, column.Annotations)),
            [ImageColumn.Find(input, model.Settings.ImageColumnName, model.Settings.Shape, model.Settings.Resizing, component)]) => Model = model;

    public SpatialTransformerModel Model { get; }

    /// <summary>The image column of the input.</summary>
    public DataViewSchema.Column Image => Sources[0];

    /// <summary>What active columns ask of the network.</summary>
    public IReadOnlySet<NetworkOutput> Wanted(ActiveColumns active) => active.Added.Select(index => Model.Columns[index].Output).ToHashSet();

    internal override Converter<DataViewRowCursor, DataViewRowCursor> CursorWrapper(ActiveColumns active) => cursor => new ScoringCursor(this, cursor, active);

    protected override AddedValues ValuesOf(DataViewRow row, ActiveColumns active) => new ScoredRow(this, row, active);

    /// <summary>A getter of one of the model's columns, over the results of the row as it stands.</summary>
    /// <typeparam name="T">What the caller takes the column to hold.</typeparam>
    /// <param name="column">One of the model's columns, of <see cref="AddingMapper.OutputSchema"/>.</param>
    /// <param name="current">The batch that holds the row's results, and the row's index in it.</param>
    public ValueGetter<T> Getter<T>(DataViewSchema.Column column, Func<(ScoredBatch Batch, int Row)> current)
    {
        var output = Model.Columns[column.Index - InputSchema.Count].Output;
        Delegate getter = output switch
        {
            NetworkOutput.PredictedLabel => LabelGetter(current),
            NetworkOutput.Score => VectorGetter(current, batch => batch.Scores!, Model.Settings.Classes),
            NetworkOutput.Theta => VectorGetter(current, batch => batch.Thetas!, ((VectorDataViewType)column.Type).Size),
            NetworkOutput.RectifiedVector => VectorGetter(current, batch => batch.Rectified!, Model.Settings.RectifiedShape.Length),
            _ => ImageGetter(current),
        };
        return getter as ValueGetter<T> ?? throw new InvalidOperationException($"Column '{column.Name}' holds {column.Type.RawType}, not {typeof(T)}.");
    }

    private ValueGetter<uint> LabelGetter(Func<(ScoredBatch Batch, int Row)> current) => (ref uint target) =>
    {
        var (batch, row) = current();
        target = (uint)ArgMax(batch.Scores.AsSpan(row * Model.Settings.Classes, Model.Settings.Classes)) + 1;
    };

    private ValueGetter<MLImage> ImageGetter(Func<(ScoredBatch Batch, int Row)> current) => (ref MLImage target) =>
    {
        var (batch, row) = current();
        var shape = Model.Settings.RectifiedShape;
        var image = ImagePixels.FromPlanes(batch.Rectified.AsSpan(row * shape.Length, shape.Length), shape);
        target?.Dispose();
        target = image;
    };

    private static ValueGetter<VBuffer<float>> VectorGetter(Func<(ScoredBatch Batch, int Row)> current, Func<ScoredBatch, float[]> values, int length) => (ref VBuffer<float> target) =>
    {
        var (batch, row) = current();
        var editor = VBufferEditor.Create(ref target, length);
        values(batch).AsSpan(row * length, length).CopyTo(editor.Values);
        target = editor.Commit();
    };

    private static int ArgMax(ReadOnlySpan<float> values)
    {
        var best = 0;
        for (var i = 1; i < values.Length; i++)
        {
            if (values[i] > values[best])
            {
                best = i;
            }
        }

        return best;
    }
}
