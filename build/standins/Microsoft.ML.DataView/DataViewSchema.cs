using System.Collections;

namespace Microsoft.ML;

/// <summary>The columns of a data view. Names may repeat: the last column of a name hides the earlier ones.</summary>
public sealed partial class DataViewSchema : IReadOnlyList<DataViewSchema.Column>, IEnumerable<DataViewSchema.Column>, IEnumerable, IReadOnlyCollection<DataViewSchema.Column>
{
    private readonly Column[] _columns;
    private readonly Dictionary<string, int> _lastOfName = new(StringComparer.Ordinal);

    private DataViewSchema(IReadOnlyList<DetachedColumn> columns)
    {
        for (int i = 0; i < columns.Count; i++)
        {
            _lastOfName[columns[i].Name] = i;
        }

        _columns = new Column[columns.Count];
        for (int i = 0; i < _columns.Length; i++)
        {
            DetachedColumn column = columns[i];
            _columns[i] = new Column(column.Name, i, _lastOfName[column.Name] != i, column.Type, column.Annotations);
        }
    }

    public int Count => _columns.Length;

    public Column this[string name] =>
        GetColumnOrNull(name) ?? throw new ArgumentOutOfRangeException(nameof(name), $"Column '{name}' not found");

    public Column this[int columnIndex] =>
        columnIndex >= 0 && columnIndex < _columns.Length
            ? _columns[columnIndex]
            : throw new ArgumentOutOfRangeException(nameof(columnIndex), columnIndex, $"A schema of {_columns.Length} columns has no such column.");

    public Column? GetColumnOrNull(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return _lastOfName.TryGetValue(name, out int index) ? _columns[index] : null;
    }

    public IEnumerator<Column> GetEnumerator() => ((IEnumerable<Column>)_columns).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public override string ToString() => $"{Count} columns: [{string.Join(", ", _columns.Select(column => column.Name))}]";
}
