using System.Collections.Immutable;
using System.Text;

namespace Microsoft.ML.Data;

/// <summary>Vectors of primitive items; a dimension of 0 is one that differs from row to row.</summary>
public sealed class VectorDataViewType : StructuredDataViewType
{
    public VectorDataViewType(PrimitiveDataViewType itemType, int size = 0)
        : this(itemType, ImmutableArray.Create(size))
    {
    }

    public VectorDataViewType(PrimitiveDataViewType itemType, params int[] dimensions)
        : this(itemType, ImmutableArray.Create(dimensions))
    {
    }

    public VectorDataViewType(PrimitiveDataViewType itemType, ImmutableArray<int> dimensions)
        : base(RawTypeOf(itemType))
    {
        if (dimensions.IsDefaultOrEmpty)
        {
            throw new ArgumentOutOfRangeException(nameof(dimensions), "A vector has at least one dimension.");
        }

        int size = 1;
        foreach (int dimension in dimensions)
        {
            if (dimension < 0)
            {
                throw new ArgumentOutOfRangeException(nameof(dimensions), dimension, "A dimension is not negative.");
            }

            size = checked(size * dimension);
        }

        ItemType = itemType;
        Dimensions = dimensions;
        Size = size;
    }

    public ImmutableArray<int> Dimensions { get; }

    public PrimitiveDataViewType ItemType { get; }

    public bool IsKnownSize => Size > 0;

    /// <summary>The number of items, or 0 where it differs from row to row.</summary>
    public int Size { get; }

    public override bool Equals(DataViewType other) =>
        other is VectorDataViewType vector && ItemType.Equals(vector.ItemType) && Dimensions.AsSpan().SequenceEqual(vector.Dimensions.AsSpan());

    public override bool Equals(object other) => other is DataViewType type && Equals(type);

    public override int GetHashCode()
    {
        var hash = default(HashCode);
        hash.Add(ItemType);
        foreach (int dimension in Dimensions)
        {
            hash.Add(dimension);
        }

        return hash.ToHashCode();
    }

    public override string ToString()
    {
        var text = new StringBuilder("Vector<").Append(ItemType);
        if (Dimensions.Length == 1)
        {
            if (IsKnownSize)
            {
                text.Append(", ").Append(Size);
            }
        }
        else
        {
            foreach (int dimension in Dimensions)
            {
                text.Append(", ").Append(dimension > 0 ? dimension : "*");
            }
        }

        return text.Append('>').ToString();
    }

    private static Type RawTypeOf(PrimitiveDataViewType itemType)
    {
        ArgumentNullException.ThrowIfNull(itemType);
        return typeof(VBuffer<>).MakeGenericType(itemType.RawType);
    }
}
