using System.Globalization;
using Microsoft.ML.Data;

namespace Microsoft.ML.Spatial.Data;

/// <summary>Reads the vector of a row that has so many values for each object.</summary>
/// <typeparam name="T">What the vector holds.</typeparam>
/// <param name="row">A row or cursor in which the column is active.</param>
/// <param name="column">The column.</param>
/// <param name="role">What the column holds, as an error begins.</param>
internal sealed class ObjectVector<T>(DataViewRow row, DataViewSchema.Column column, string role)
{
    private readonly ValueGetter<VBuffer<T>> _getter = row.GetGetter<VBuffer<T>>(column);
    private VBuffer<T> _values;

    /// <summary>The values of the row as it stands.</summary>
    public T[] Read()
    {
        _getter(ref _values);
        var values = new T[_values.Length];
        _values.CopyTo(values);
        return values;
    }

    /// <summary>The values of the row as it stands, as many as there must be.</summary>
    /// <param name="objects">How many objects the row has.</param>
    /// <param name="perObject">How many values each of them needs.</param>
    /// <param name="labels">The column that tells how many objects there are.</param>
    /// <exception cref="InvalidDataException">There are more or fewer.</exception>
    public T[] Read(int objects, int perObject, string labels)
    {
        var values = Read();
        return values.Length == objects * perObject
            ? values
            : throw Error($"the vector holds {values.Length} values, but column '{labels}' holds {objects} labels, for which {objects * perObject} are needed");
    }

    /// <summary>An error about the row as it stands.</summary>
    public InvalidDataException Error(FormattableString what) => RowError.Of(column.Name, row, new InvalidDataException(what.ToString(CultureInfo.InvariantCulture)), role);
}
