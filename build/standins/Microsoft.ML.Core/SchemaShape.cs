using System.Collections;
using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>What can be said of a schema before any data is seen: kinds and item types of columns, no sizes.</summary>
public sealed partial class SchemaShape : IReadOnlyList<SchemaShape.Column>, IEnumerable<SchemaShape.Column>, IEnumerable, IReadOnlyCollection<SchemaShape.Column>
{
    private readonly Column[] _columns;

    public SchemaShape(IEnumerable<Column> columns)
    {
        ArgumentNullException.ThrowIfNull(columns);
        _columns = columns.ToArray();
        foreach (Column column in _columns)
        {
            if (column.Name == null)
            {
                throw new ArgumentException("A column of a schema shape has a name and a type; a default one has neither.", nameof(columns));
            }
        }
    }

    public int Count => _columns.Length;

    public Column this[int index] => _columns[index];

    public IEnumerator<Column> GetEnumerator() => ((IEnumerable<Column>)_columns).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    internal static SchemaShape Create(DataViewSchema schema)
    {
        ArgumentNullException.ThrowIfNull(schema);
        return new SchemaShape(schema.Where(column => !column.IsHidden).Select(ShapeOf));
    }

    internal bool TryFindColumn(string name, out Column found)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        found = Array.Find(_columns, column => column.Name == name);
        return found.Name != null;
    }

    private static Column ShapeOf(DataViewSchema.Column column)
    {
        DataViewType type = column.Type;
        Column.VectorKind kind = Column.VectorKind.Scalar;
        if (type is VectorDataViewType vector)
        {
            kind = vector.IsKnownSize ? Column.VectorKind.Vector : Column.VectorKind.VariableVector;
            type = vector.ItemType;
        }

        bool isKey = type is KeyDataViewType;
        if (isKey)
        {
            type = PrimitiveTypes.FromRawType(type.RawType);
        }

        return new Column(column.Name, kind, type, isKey, Create(column.Annotations.Schema));
    }
}
