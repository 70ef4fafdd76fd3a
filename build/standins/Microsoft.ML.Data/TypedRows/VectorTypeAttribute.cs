namespace Microsoft.ML.Data;

/// <summary>The dimensions of a vector member of a row class; none given means a length that differs from row to row.</summary>
[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property, AllowMultiple = false, Inherited = true)]
public sealed class VectorTypeAttribute : Attribute
{
    public VectorTypeAttribute()
        : this([])
    {
    }

    public VectorTypeAttribute(int size)
        : this([size])
    {
    }

    public VectorTypeAttribute(params int[] dimensions) => Dimensions = dimensions ?? [];

    internal int[] Dimensions { get; }
}
