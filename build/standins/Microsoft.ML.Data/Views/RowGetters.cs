namespace Microsoft.ML.Data;

/// <summary>The checks that every row makes of the columns and types it is asked for.</summary>
internal static class RowGetters
{
    public static ValueGetter<TValue> Typed<TValue>(Delegate getter, DataViewSchema.Column column, bool isActive)
    {
        if (!isActive)
        {
            throw new ArgumentOutOfRangeException(nameof(column), $"The column '{column.Name}' is not active in this cursor: ask for it when opening the cursor.");
        }

        return getter as ValueGetter<TValue>
            ?? throw new InvalidOperationException($"Invalid TValue in GetGetter for column '{column.Name}': '{typeof(TValue)}', expected type: '{column.Type.RawType}'.");
    }
}
