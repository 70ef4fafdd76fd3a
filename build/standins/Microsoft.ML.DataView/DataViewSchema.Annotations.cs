namespace Microsoft.ML;

public sealed partial class DataViewSchema
{
    /// <summary>Named values that say more of a column: the names of its slots, the values of its keys.</summary>
    public sealed partial class Annotations
    {
        private readonly Delegate[] _getters;

        private Annotations(DataViewSchema schema, Delegate[] getters)
        {
            Schema = schema;
            _getters = getters;
        }

        public static Annotations Empty { get; } = new Builder().ToAnnotations();

        public DataViewSchema Schema { get; }

        public ValueGetter<TValue> GetGetter<TValue>(Column column)
        {
            if (column.Index >= _getters.Length)
            {
                throw new ArgumentOutOfRangeException(nameof(column), column.Name, "The annotations have no such column.");
            }

            return _getters[column.Index] as ValueGetter<TValue>
                ?? throw new InvalidOperationException($"Invalid TValue: '{typeof(TValue)}', expected type: '{Schema[column.Index].Type.RawType}'.");
        }

        public void GetValue<TValue>(string kind, ref TValue value)
        {
            ArgumentException.ThrowIfNullOrEmpty(kind);
            Column column = Schema.GetColumnOrNull(kind) ?? throw new InvalidOperationException($"Invalid call to GetValue: there is no annotation '{kind}'.");
            GetGetter<TValue>(column)(ref value);
        }

        public override string ToString() => $"{{{string.Join(", ", Schema.Select(column => column.Name))}}}";
    }
}
