namespace Microsoft.ML.Spatial.Components;

/// <summary>Which columns of a mapper's output a row or cursor was asked for.</summary>
internal sealed class ActiveColumns
{
    private readonly bool[] _active;

    public ActiveColumns(AddingMapper mapper, IEnumerable<DataViewSchema.Column> columns)
    {
        _active = new bool[mapper.OutputSchema.Count];
        foreach (var column in columns)
        {
            _active[column.Index] = true;
        }

        var inputs = mapper.InputSchema.Count;
        Passed = mapper.InputSchema.Where(column => _active[column.Index]).ToArray();
        Added = Enumerable.Range(0, _active.Length - inputs).Where(index => _active[inputs + index]).ToArray();
    }

    /// <summary>The columns of the input that are passed on.</summary>
    public IReadOnlyList<DataViewSchema.Column> Passed { get; }

    /// <summary>The numbers of the added columns that are wanted, from 0; where there are none, nothing is computed.</summary>
    public IReadOnlyList<int> Added { get; }

    public bool Contains(DataViewSchema.Column column) => _active[column.Index];

    /// <exception cref="InvalidOperationException">The column was not asked for.</exception>
    public void Check(DataViewSchema.Column column)
    {
        if (!_active[column.Index])
        {
            throw new InvalidOperationException($"Column '{column.Name}' is not active in this row; name it when opening the cursor.");
        }
    }
}
