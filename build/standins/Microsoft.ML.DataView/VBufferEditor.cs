namespace Microsoft.ML.Data;

/// <summary>Makes editors that fill a <see cref="VBuffer{T}"/> in the arrays it already has, where they are large enough.</summary>
public static class VBufferEditor
{
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
        T[] values = Fit(destination.RawValues, count, limit, keepOldOnResize);
        int[] indices = destination.RawIndices;
        if (count < newLogicalLength || requireIndicesOnDense)
        {
            indices = Fit(indices, count, limit, keepOldOnResize);
        }

        return new VBufferEditor<T>(newLogicalLength, count, values, indices, requireIndicesOnDense);
    }

    private static TItem[] Fit<TItem>(TItem[] array, int needed, int limit, bool keep)
    {
        int present = array?.Length ?? 0;
        if (present >= needed)
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
