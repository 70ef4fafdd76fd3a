using Microsoft.ML.Data;

namespace Microsoft.ML.Spatial.Components;

/// <summary>A view with a model's columns behind it; nothing is computed before a cursor asks.</summary>
internal sealed class ScoredDataView(IDataView input, ScoringMapper mapper) : IDataView
{
    public bool CanShuffle => input.CanShuffle;

    public DataViewSchema Schema => mapper.OutputSchema;

    public long? GetRowCount() => input.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        var columns = columnsNeeded.ToArray();
        return Wrap(input.GetRowCursor(mapper.GetDependencies(columns), rand), columns);
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null)
    {
        var columns = columnsNeeded.ToArray();
        return Array.ConvertAll(input.GetRowCursorSet(mapper.GetDependencies(columns), n, rand), cursor => Wrap(cursor, columns));
    }

    private DataViewRowCursor Wrap(DataViewRowCursor cursor, DataViewSchema.Column[] columns)
    {
        var active = new ActiveColumns(mapper, columns);
        return active.Wanted.Count > 0 ? new ScoringCursor(mapper, cursor, active) : new PassingCursor(mapper, cursor, active);
    }

    /// <summary>The cursor where no column of the model is wanted: the network does not run and nothing is read ahead.</summary>
    private sealed class PassingCursor(ScoringMapper mapper, DataViewRowCursor input, ActiveColumns active) : DataViewRowCursor
    {
        public override DataViewSchema Schema => mapper.OutputSchema;

        public override long Position => input.Position;

        public override long Batch => input.Batch;

        public override bool IsColumnActive(DataViewSchema.Column column) => active.Contains(column);

        public override ValueGetter<DataViewRowId> GetIdGetter() => input.GetIdGetter();

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            active.Check(column);
            return input.GetGetter<TValue>(mapper.InputSchema[column.Index]);
        }

        public override bool MoveNext() => input.MoveNext();

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                input.Dispose();
            }

            base.Dispose(disposing);
        }
    }
}
