using Microsoft.ML.Data;

namespace Microsoft.ML.Spatial.Components;

/// <summary>A row with added values behind it; null stands for none that are active.</summary>
internal sealed class MappedRow(AddingMapper mapper, DataViewRow input, ActiveColumns active, AddedValues? added) : DataViewRow
{
    public override DataViewSchema Schema => mapper.OutputSchema;

    public override long Position => input.Position;

    public override long Batch => input.Batch;

    public override bool IsColumnActive(DataViewSchema.Column column) => active.Contains(column);

    public override ValueGetter<DataViewRowId> GetIdGetter() => input.GetIdGetter();

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        active.Check(column);
        return column.Index < mapper.InputSchema.Count ? input.GetGetter<TValue>(mapper.InputSchema[column.Index]) : added!.Getter<TValue>(column);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            added?.Dispose();
            input.Dispose();
        }

        base.Dispose(disposing);
    }
}
