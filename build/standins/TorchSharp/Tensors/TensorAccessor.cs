using System.Collections;
using static TorchSharp.torch;

namespace TorchSharp.Utils;

/// <summary>Reads and writes the elements of a tensor on the CPU in their logical order, whatever its strides.</summary>
public sealed class TensorAccessor<T> : IDisposable, IEnumerable<T>
    where T : unmanaged
{
    private readonly Tensor tensor;
    private readonly long[] sizes;
    private readonly long[] strides;
    private readonly bool contiguous;
    private nint pointer;

    internal TensorAccessor(Tensor tensor)
    {
        this.tensor = tensor;
        pointer = tensor.DataPointer;
        sizes = tensor.shape;
        strides = tensor.stride();
        contiguous = tensor.is_contiguous();
        Count = tensor.NumberOfElements;
    }

    public long Count { get; }

    private unsafe T* Elements
    {
        get
        {
            _ = tensor.Handle;
            return (T*)pointer;
        }
    }

    /// <summary>An element by one number for each dimension, or by its place in the logical order.</summary>
    public unsafe T this[params long[] indices]
    {
        get => Elements[OffsetOf(indices)];
        set => Elements[OffsetOf(indices)] = value;
    }

    public T[] ToArray()
    {
        var result = new T[Count];
        CopyTo(result);
        return result;
    }

    public void CopyTo(T[] array, int arrayIndex = 0, long tensorIndex = 0) => CopyTo(array.AsSpan(), arrayIndex, tensorIndex);

    public unsafe void CopyTo(Span<T> array, int arrayIndex = 0, long tensorIndex = 0)
    {
        var target = array[arrayIndex..];
        var count = (int)Math.Min(target.Length, Count - tensorIndex);
        if (contiguous)
        {
            new Span<T>(Elements + tensorIndex, count).CopyTo(target);
            return;
        }

        for (var i = 0; i < count; i++)
            target[i] = Elements[OffsetOf(tensorIndex + i)];
    }

    public IEnumerator<T> GetEnumerator()
    {
        for (long i = 0; i < Count; i++)
            yield return this[i];
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Whether the other accessor reads the same elements.</summary>
    public override bool Equals(object? obj) => obj is TensorAccessor<T> other && Count == other.Count && this.SequenceEqual(other);

    public override int GetHashCode() => tensor.GetHashCode();

    /// <summary>The tensor stays.</summary>
    public void Dispose() => pointer = 0;

    private long OffsetOf(params ReadOnlySpan<long> indices)
    {
        ObjectDisposedException.ThrowIf(pointer == 0 && Count > 0, this);
        if (indices.Length == 1 && sizes.Length != 1)
            return OffsetOf(indices[0]);
        if (indices.Length != sizes.Length)
            throw new ArgumentException($"{indices.Length} indices were given for a tensor of {sizes.Length} dimensions.", nameof(indices));
        long offset = 0;
        for (var d = 0; d < sizes.Length; d++)
        {
            if (indices[d] < 0 || indices[d] >= sizes[d])
                throw new IndexOutOfRangeException($"Index {indices[d]} is outside dimension {d}, which has {sizes[d]} elements.");
            offset += indices[d] * strides[d];
        }

        return offset;
    }

    private long OffsetOf(long place)
    {
        if (place < 0 || place >= Count)
            throw new IndexOutOfRangeException($"Element {place} is outside a tensor of {Count} elements.");
        if (contiguous)
            return place;
        long offset = 0;
        for (var d = sizes.Length - 1; d >= 0; d--)
        {
            (place, var index) = Math.DivRem(place, sizes[d]);
            offset += index * strides[d];
        }

        return offset;
    }
}
