using System.Numerics;
using Microsoft.ML.Data;

namespace Microsoft.ML.Spatial.Data;

/// <summary>Reads the labels of a row's objects.</summary>
internal abstract class ObjectLabels
{
    /// <summary>Makes the reader of a column.</summary>
    /// <param name="row">A row or cursor in which the column is active.</param>
    /// <param name="column">The column, which <see cref="ObjectColumn"/> accepted.</param>
    public static ObjectLabels Create(DataViewRow row, DataViewSchema.Column column)
    {
        var type = ((VectorDataViewType)column.Type).ItemType.RawType;
        if (type == typeof(uint))
        {
            return new Of<uint>(row, column);
        }

        if (type == typeof(byte))
        {
            return new Of<byte>(row, column);
        }

        return type == typeof(ushort) ? new Of<ushort>(row, column) : new Of<ulong>(row, column);
    }

    /// <summary>The classes, from 0, of the objects of the row as it stands.</summary>
    /// <exception cref="InvalidDataException">A label is missing or beyond the key's count.</exception>
    public abstract int[] Read();

    private sealed class Of<T>(DataViewRow row, DataViewSchema.Column column) : ObjectLabels
        where T : struct, IBinaryInteger<T>
    {
        private readonly ObjectVector<T> _vector = new(row, column, "Label");
        private readonly int _classes = ObjectColumn.Classes(column);

        public override int[] Read()
        {
            var keys = _vector.Read();
            var bad = Array.FindIndex(keys, key => T.IsZero(key) || ulong.CreateChecked(key) > (ulong)_classes);
            return bad < 0 ? Array.ConvertAll(keys, key => int.CreateChecked(key) - 1)
                : T.IsZero(keys[bad]) ? throw _vector.Error($"label {bad} is missing")
                : throw _vector.Error($"label {bad} is {keys[bad]}, which lies beyond the {_classes} values of the key");
        }
    }
}
