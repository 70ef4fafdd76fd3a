using Microsoft.ML.Data;
using Microsoft.ML.Spatial.Data;

namespace Microsoft.ML.Spatial.Components;

/// <summary>Maps rows of one input schema to rows with the model's columns behind them.</summary>
internal sealed class ScoringMapper : AddingMapper
{
    public ScoringMapper(ScoringModel model, DataViewSchema input, string component)
        : base(
            input,
            model.Columns.Select(column => new DataViewSchema.DetachedColumn(column.Name, column.Type, column.Annotations)),
            [ImageColumn.Find(input, model.ImageColumnName, model.Shape, model.Resizing, component)]) => Model = model;

    public ScoringModel Model { get; }

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
    public ValueGetter<T> Getter<T>(DataViewSchema.Column column, Func<(ScoredBatch Batch, int Row)> current) =>
        Model.Getter(Model.Columns[column.Index - InputSchema.Count], current) as ValueGetter<T>
        ?? throw new InvalidOperationException($"Column '{column.Name}' holds {column.Type.RawType}, not {typeof(T)}.");
}
