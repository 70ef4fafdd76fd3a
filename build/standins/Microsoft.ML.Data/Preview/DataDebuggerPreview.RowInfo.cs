namespace Microsoft.ML.Data;

public sealed partial class DataDebuggerPreview
{
    /// <summary>The values of a row, each with the name of its column.</summary>
    public sealed class RowInfo
    {
        internal RowInfo(DataViewSchema schema, object[] values) =>
            Values = schema.Select(column => KeyValuePair.Create(column.Name, values[column.Index])).ToArray();

        public KeyValuePair<string, object>[] Values { get; }

        public override string ToString() => $"{Values.Length} columns";
    }
}
