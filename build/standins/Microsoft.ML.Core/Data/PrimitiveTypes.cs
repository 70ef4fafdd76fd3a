namespace Microsoft.ML.Data;

/// <summary>Which primitive type stands for which .NET type.</summary>
internal static class PrimitiveTypes
{
    private static readonly Dictionary<Type, PrimitiveDataViewType> s_byRawType = new PrimitiveDataViewType[]
    {
        NumberDataViewType.SByte, NumberDataViewType.Byte, NumberDataViewType.Int16, NumberDataViewType.UInt16, NumberDataViewType.Int32,
        NumberDataViewType.UInt32, NumberDataViewType.Int64, NumberDataViewType.UInt64, NumberDataViewType.Single, NumberDataViewType.Double,
        TextDataViewType.Instance, BooleanDataViewType.Instance, TimeSpanDataViewType.Instance, DateTimeDataViewType.Instance,
        DateTimeOffsetDataViewType.Instance, RowIdDataViewType.Instance,
    }.ToDictionary(type => type.RawType);

    /// <summary>The primitive type whose values are of a .NET type, or null where there is none. A string stands for text.</summary>
    public static PrimitiveDataViewType FromRawTypeOrNull(Type rawType) =>
        rawType == typeof(string) ? TextDataViewType.Instance : s_byRawType.GetValueOrDefault(rawType);

    public static PrimitiveDataViewType FromRawType(Type rawType) =>
        FromRawTypeOrNull(rawType) ?? throw new ArgumentException($"No primitive data view type has values of type {rawType}.", nameof(rawType));
}
