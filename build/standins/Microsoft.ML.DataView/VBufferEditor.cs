namespace Microsoft.ML.Data;

/// <summary>Makes editors that fill a <see cref="VBuffer{T}"/> in the arrays it already has, where they are large enough.</summary>
public static class VBufferEditor
{
    public static VBufferEditor<T> CreateFromBuffer<T>(scoped ref VBuffer<T> destination) =>
        Create(ref destination, destination.Length, destination.GetValues().Length, null, keepOldOnResize: false, requireIndicesOnDense: false);

    public static VBufferEditor<T> Create<T>(
        scoped ref VBuffer<T> destination,
        int newLogicalLength,
        int? valuesCount = null,
        int? maxValuesCapacity = null,
        bool keepOldOnResize = false,
        bool requireIndicesOnDense = false)
    {
        int count = valuesCount ?? newLogicalLength;
        ArgumentOutOfRangeException.ThrowIfNegative(newLogicalLength);
        ArgumentOutOfRangeException.ThrowIfNegative(count, nameof(valuesCount));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, newLogicalLength, nameof(valuesCount));

        int limit = maxValuesCapacity ?? newLogicalLength;
        T[] values = Fit(destination.RawValues, count, limit, keepOldOnResize, out bool newValues);
        int[] indices = destination.RawIndices;
        bool newIndices = false;
        if (count < newLogicalLength || requireIndicesOnDense)
        {
            indices = Fit(indices, count, limit, keepOldOnResize, out newIndices);
        }

        return new VBufferEditor<T>(newLogicalLength, count, values, indices, requireIndicesOnDense, newValues, newIndices);
    }

    private static TItem[] Fit<TItem>(TItem[] array, int needed, int limit, bool keep, out bool created)
    {
        int present = array?.Length ?? 0;
        created = present < needed;
        if (!created)
        {
            return array;
        }

        // Doubling, so that a buffer which grows row by row is not copied each time.
        int size = (int)Math.Clamp(2L * present, needed, Math.Max(needed, limit));
        if (!keep)
        {
            return new TItem[size];
        }

        Array.Resize(ref array, size);
        return array;
    }
}
