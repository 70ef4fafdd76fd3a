namespace Microsoft.ML.Data;

/// <summary>A row over an object that is exchanged for every prediction.</summary>
internal sealed class InputRow<TRow> : DataViewRow
    where TRow : class
{
    private readonly Delegate[] _getters;
    private TRow _current;
    private long _position = -1;

    public InputRow(SchemaDefinition definition)
    {
        RowMember[] members = RowMember.Of(typeof(TRow), definition, SchemaDefinition.Direction.Read);
        Schema = RowMember.SchemaOf(members);
        _getters = members.Select(member => MemberReader<TRow>.Create(member).CreateGetter(GetCurrent)).ToArray();
    }

    public override DataViewSchema Schema { get; }

    public override long Position => _position;

    public override long Batch => 0;

    /// <summary>Puts another object in the row, at a position of its own, so that nothing computed for the last one is used for it.</summary>
    public void MoveTo(TRow row)
    {
        _current = row;
        _position++;
    }

    public override bool IsColumnActive(DataViewSchema.Column column) => column.Index < _getters.Length;

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        bool isActive = IsColumnActive(column);
        return RowGetters.Typed<TValue>(isActive ? _getters[column.Index] : null, column, isActive);
    }

    public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId value) => value = new DataViewRowId((ulong)_position, 0);

    private TRow GetCurrent() => _current ?? throw new InvalidOperationException("A value can only be read once an object was given.");
}
