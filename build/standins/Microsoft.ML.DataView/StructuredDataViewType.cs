namespace Microsoft.ML.Data;

/// <summary>A type whose values own something: a buffer, an image.</summary>
public abstract class StructuredDataViewType : DataViewType
{
    protected StructuredDataViewType(Type rawType)
        : base(rawType)
    {
    }
}
