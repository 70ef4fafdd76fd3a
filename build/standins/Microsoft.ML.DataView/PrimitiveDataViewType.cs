namespace Microsoft.ML.Data;

/// <summary>A type whose values can be copied by assignment and held in vectors.</summary>
public abstract class PrimitiveDataViewType : DataViewType
{
    protected PrimitiveDataViewType(Type rawType)
        : base(rawType)
    {
        if (typeof(IDisposable).IsAssignableFrom(rawType))
        {
            throw new ArgumentException($"The values of a primitive type are not disposed, but {rawType} is disposable.", nameof(rawType));
        }
    }
}
