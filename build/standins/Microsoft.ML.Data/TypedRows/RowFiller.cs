namespace Microsoft.ML.Data;

/// <summary>Fills row objects from the columns of a schema.</summary>
internal sealed class RowFiller<TRow>
    where TRow : class
{
    private readonly List<(DataViewSchema.Column Column, MemberWriter<TRow> Writer)> _bindings = [];

    public RowFiller(DataViewSchema schema, SchemaDefinition definition, bool ignoreMissingColumns)
    {
        foreach (RowMember member in RowMember.Of(typeof(TRow), definition, SchemaDefinition.Direction.Write))
        {
            string name = member.Column.Name;
            if (schema.GetColumnOrNull(name) is not DataViewSchema.Column column)
            {
                if (ignoreMissingColumns)
                {
                    continue;
                }

                throw new ArgumentOutOfRangeException(nameof(schema), $"Could not find column '{name}' for member '{member.Member.Name}' of {typeof(TRow)}.");
            }

            if (!member.Accepts(column.Type))
            {
                throw new InvalidOperationException(
                    $"Can't bind the IDataView column '{name}' of type '{column.Type}' to member '{member.Member.Name}' of type '{member.Type}'.");
            }

            _bindings.Add((column, MemberWriter<TRow>.Create(member)));
        }
    }

    public IEnumerable<DataViewSchema.Column> Columns => _bindings.Select(binding => binding.Column);

    public Action<TRow> Bind(DataViewRow source)
    {
        Action<TRow>[] fill = _bindings.Select(binding => binding.Writer.Bind(source, binding.Column)).ToArray();
        return row => Array.ForEach(fill, member => member(row));
    }
}
