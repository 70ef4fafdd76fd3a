using System.Globalization;

namespace Microsoft.ML.Data;

/// <summary>Gives every row a number in [0, 1): by its place, or the same number to all rows with the same value in a column.</summary>
internal sealed class SamplingKey
{
    private readonly DataViewSchema.Column? _column;
    private readonly ulong _seed;

    public SamplingKey(DataViewSchema schema, string columnName, int seed)
    {
        _seed = (uint)seed;
        if (columnName == null)
        {
            return;
        }

        DataViewSchema.Column column = SchemaMismatch.Find(schema, "samplingKeyColumnName", "sampling key", columnName);
        _column = column.Type is PrimitiveDataViewType
            ? column
            : throw SchemaMismatch.WrongType("samplingKeyColumnName", "sampling key", columnName, "a primitive type", column.Type.ToString());
    }

    public bool IsIndependentOfOrder => _column != null;

    public IEnumerable<DataViewSchema.Column> AddTo(IEnumerable<DataViewSchema.Column> columns) =>
        _column is DataViewSchema.Column column ? columns.Append(column) : columns;

    public Func<double> Bind(DataViewRow row) => _column is DataViewSchema.Column column
        ? (Func<double>)GenericCall.Instance(this, nameof(BindColumn), column.Type.RawType, row, column)
        : () => Uniform((ulong)row.Position);

    private Func<double> BindColumn<T>(DataViewRow row, DataViewSchema.Column column)
    {
        ValueGetter<T> getter = row.GetGetter<T>(column);
        T value = default;
        return () =>
        {
            getter(ref value);

            // FNV-1a over the value as text, as hash codes of .NET differ from process to process.
            ulong hash = 14695981039346656037;
            foreach (char character in Convert.ToString(value, CultureInfo.InvariantCulture))
            {
                hash = (hash ^ character) * 1099511628211;
            }

            return Uniform(hash);
        };
    }

    private double Uniform(ulong value) => (new DataViewRowId(value, _seed).Next().High >> 11) * (1.0 / (1UL << 53));
}
