using Microsoft.ML.Data;
using Microsoft.ML.Spatial.Data;

namespace Microsoft.ML.Spatial.Components;

/// <summary>Maps rows of one input schema to rows with the model's columns behind them.</summary>
internal sealed class ScoringMapper : IRowToRowMapper
{
    public ScoringMapper(SpatialTransformerModel model, DataViewSchema input, string component)
    {
        Model = model;
        InputSchema = input;
        Image = ImageColumn.Find(input, model.Settings.ImageColumnName, model.Settings.Shape, model.Settings.Resizing, component);
        var builder = new DataViewSchema.Builder();
        builder.AddColumns(input);
        foreach (var column in model.Columns)
        {
            builder.AddColumn(column.Name, column.Type, column.Annotations);
        }

        OutputSchema = builder.ToSchema();
    }

    public SpatialTransformerModel Model { get; }

    public DataViewSchema InputSchema { get; }

    public DataViewSchema OutputSchema { get; }

    /// <summary>The image column of the input.</summary>
    public DataViewSchema.Column Image { get; }

    public IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns)
    {
        var needed = new bool[InputSchema.Count];
        foreach (var column in dependingColumns)
        {
            needed[column.Index < InputSchema.Count ? column.Index : Image.Index] = true;
        }

        return InputSchema.Where(column => needed[column.Index]).ToArray();
    }

    public DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns) => new ScoringRow(this, input, new ActiveColumns(this, activeColumns));

    /// <summary>A getter of one of the model's columns, over the results of the row as it stands.</summary>
    /// <typeparam name="T">What the caller takes the column to hold.</typeparam>
    /// <param name="column">One of the model's columns, of <see cref="OutputSchema"/>.</param>
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
