using System.Collections;

namespace Microsoft.ML.Data;

/// <summary>A vector, dense or sparse, whose arrays can be used again for the next row.</summary>
public readonly struct VBuffer<T> : IEnumerable
{
    public readonly int Length;

    private readonly T[] _values;
    private readonly int[] _indices;
    private readonly int _count;

    /// <summary>A dense vector; <paramref name="indices"/> is only kept to be used again.</summary>
    public VBuffer(int length, T[] values, int[] indices = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        CheckCapacity(values, length, nameof(values));

        Length = length;
        _count = length;
        _values = values;
        _indices = indices;
    }

    /// <summary>A vector of which <paramref name="count"/> values are stored; sparse where that is less than its length.</summary>
    public VBuffer(int length, int count, T[] values, int[] indices)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, length);
        CheckCapacity(values, count, nameof(values));
        if (count < length)
        {
            CheckCapacity(indices, count, nameof(indices));
        }

        Length = length;
        _count = count;
        _values = values;
        _indices = indices;
    }

    public bool IsDense => _count == Length;

    internal T[] RawValues => _values;

    internal int[] RawIndices => _indices;

    public static void Copy(T[] source, int sourceIndex, ref VBuffer<T> destination, int length)
    {
        VBufferEditor<T> editor = VBufferEditor.Create(ref destination, length);
        if (length > 0)
        {
            source.AsSpan(sourceIndex, length).CopyTo(editor.Values);
        }

        destination = editor.Commit();
    }

    public ReadOnlySpan<T> GetValues() => _values.AsSpan(0, _count);

    /// <summary>Where the stored values belong; empty for a dense vector.</summary>
    public ReadOnlySpan<int> GetIndices() => IsDense ? default : _indices.AsSpan(0, _count);

    public void CopyTo(ref VBuffer<T> destination)
    {
        VBufferEditor<T> editor = VBufferEditor.Create(ref destination, Length, _count);
        GetValues().CopyTo(editor.Values);
        if (!IsDense)
        {
            GetIndices().CopyTo(editor.Indices);
        }

        destination = editor.Commit();
    }

    public void CopyTo(ref VBuffer<T> destination, int sourceIndex, int length)
    {
        CheckRange(sourceIndex, length);
        int first = sourceIndex;
        int end = sourceIndex + length;
        if (!IsDense)
        {
            first = LowerBound(sourceIndex);
            end = LowerBound(sourceIndex + length);
        }

        VBufferEditor<T> editor = VBufferEditor.Create(ref destination, length, end - first);
        _values.AsSpan(first, end - first).CopyTo(editor.Values);
        if (end - first < length)
        {
            for (int i = first; i < end; i++)
            {
                editor.Indices[i - first] = _indices[i] - sourceIndex;
            }
        }

        destination = editor.Commit();
    }

    public void CopyTo(Span<T> destination) => CopyTo(destination, 0);

    public void CopyTo(Span<T> destination, int destinationIndex, T defaultValue = default)
    {
        if (destinationIndex < 0 || destinationIndex > destination.Length - Length)
        {
            throw new ArgumentOutOfRangeException(nameof(destination), $"A span of {destination.Length} items has no room for {Length} from {destinationIndex} on.");
        }

        Span<T> target = destination.Slice(destinationIndex, Length);
        if (IsDense)
        {
            GetValues().CopyTo(target);
            return;
        }

        target.Fill(defaultValue);
        for (int i = 0; i < _count; i++)
        {
            target[_indices[i]] = _values[i];
        }
    }

    public IEnumerable<T> DenseValues()
    {
        int stored = 0;
        for (int place = 0; place < Length; place++)
        {
            bool isStored = IsDense || (stored < _count && _indices[stored] == place);
            yield return isStored ? _values[stored++] : default;
        }
    }

    public void GetItemOrDefault(int index, ref T destination) => destination = GetItemOrDefault(index);

    public T GetItemOrDefault(int index)
    {
        CheckRange(index, 1);
        if (IsDense)
        {
            return _values[index];
        }

        int at = LowerBound(index);
        return at < _count && _indices[at] == index ? _values[at] : default;
    }

    public IEnumerator GetEnumerator() => DenseValues().GetEnumerator();

    public override string ToString() => IsDense ? $"Dense vector of size {Length}" : $"Sparse vector of size {Length}, {_count} explicit values";

    private static void CheckCapacity<TItem>(TItem[] array, int needed, string name)
    {
        if ((array?.Length ?? 0) < needed)
        {
            throw new ArgumentOutOfRangeException(name, $"An array of {array?.Length ?? 0} items cannot hold {needed}.");
        }
    }

    private void CheckRange(int index, int length)
    {
        if (index < 0 || length < 0 || index > Length - length)
        {
            throw new ArgumentOutOfRangeException(nameof(index), index, $"{length} items from {index} on are not within a vector of {Length}.");
        }
    }

    // The first stored value whose place is not before the given one.
    private int LowerBound(int place)
    {
        int at = Array.BinarySearch(_indices ?? [], 0, _count, place);
        return at < 0 ? ~at : at;
    }
}
