namespace Microsoft.ML.Data;

/// <summary>The shape that an estimator promises: the input's columns with some added or replaced.</summary>
internal sealed class ShapeBuilder
{
    private readonly List<SchemaShape.Column> _columns;

    public ShapeBuilder(SchemaShape input)
    {
        ArgumentNullException.ThrowIfNull(input);
        _columns = input.ToList();
    }

    public void Set(SchemaShape.Column column)
    {
        int index = _columns.FindIndex(existing => existing.Name == column.Name);
        if (index < 0)
        {
            _columns.Add(column);
        }
        else
        {
            _columns[index] = column;
        }
    }

    public SchemaShape ToShape() => new(_columns);

    /// <summary>Those annotations of a column that have one of the names.</summary>
    public static List<SchemaShape.Column> Annotations(SchemaShape.Column column, params string[] names) =>
        column.Annotations.Where(annotation => names.Contains(annotation.Name)).ToList();
}
