namespace Microsoft.ML.Data;

/// <summary>Put on a member of a row class, says which data view type its .NET type stands for.</summary>
[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property, AllowMultiple = false)]
public abstract class DataViewTypeAttribute : Attribute, IEquatable<DataViewTypeAttribute>
{
    protected DataViewTypeAttribute()
    {
    }

    /// <summary>Tells the type manager of the data view type this attribute stands for.</summary>
    public abstract void Register();

    public abstract bool Equals(DataViewTypeAttribute other);
}
