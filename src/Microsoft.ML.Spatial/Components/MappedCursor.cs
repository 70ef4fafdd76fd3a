using Microsoft.ML.Data;

namespace Microsoft.ML.Spatial.Components;

/// <summary>A cursor with added values behind each row, computed row by row; null stands for none that are active.</summary>
internal sealed class MappedCursor(AddingMapper mapper, DataViewRowCursor input, ActiveColumns active, AddedValues? added) : DataViewRowCursor
{
    private readonly MappedRow _row = new(mapper, input, active, added);

    public override DataViewSchema Schema => _row.Schema;

    public override long Position => _row.Position;

    public override long Batch => _row.Batch;

    public override bool IsColumnActive(DataViewSchema.Column column) => _row.IsColumnActive(column);

    public override ValueGetter<DataViewRowId> GetIdGetter() => _row.GetIdGetter();

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => _row.GetGetter<TValue>(column);

    public override bool MoveNext() => input.MoveNext();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _row.Dispose();
        }

        base.Dispose(disposing);
    }
}
