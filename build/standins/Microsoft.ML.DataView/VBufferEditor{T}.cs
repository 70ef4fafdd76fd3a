namespace Microsoft.ML.Data;

/// <summary>A <see cref="VBuffer{T}"/> being filled.</summary>
public readonly ref struct VBufferEditor<T>
{
    public readonly Span<T> Values;

    public readonly Span<int> Indices;

    private readonly int _length;
    private readonly T[] _values;
    private readonly int[] _indices;

    internal VBufferEditor(int length, int count, T[] values, int[] indices, bool requireIndicesOnDense, bool createdNewValues, bool createdNewIndices)
    {
        _length = length;
        _values = values;
        _indices = indices;
        Values = values.AsSpan(0, count);
        Indices = count < length || requireIndicesOnDense ? indices.AsSpan(0, count) : default;
        CreatedNewValues = createdNewValues;
        CreatedNewIndices = createdNewIndices;
    }

    public bool CreatedNewValues { get; }

    public bool CreatedNewIndices { get; }

    public VBuffer<T> Commit() => new VBuffer<T>(_length, Values.Length, _values, _indices);

    /// <summary>Ends the editing with fewer values than room was asked for.</summary>
    public VBuffer<T> CommitTruncated(int physicalValuesCount)
    {
        if (physicalValuesCount < 0 || physicalValuesCount > Values.Length)
        {
            throw new ArgumentOutOfRangeException(nameof(physicalValuesCount), physicalValuesCount, $"The editor has room for {Values.Length} values.");
        }

        if (physicalValuesCount < _length && Indices.Length < physicalValuesCount)
        {
            throw new InvalidOperationException("A dense vector cannot be cut short: ask the editor for indices.");
        }

        return new VBuffer<T>(_length, physicalValuesCount, _values, _indices);
    }
}
