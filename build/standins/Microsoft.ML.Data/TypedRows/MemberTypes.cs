using System.Reflection;

namespace Microsoft.ML.Data;

/// <summary>The data view types of the members of row classes.</summary>
internal static class MemberTypes
{
    public static Type TypeOf(MemberInfo member) => member is FieldInfo field ? field.FieldType : ((PropertyInfo)member).PropertyType;

    /// <summary>The .NET type of the member's values, or of its items where it is an array or a buffer, as data views know it.</summary>
    public static Type ItemTypeOf(MemberInfo member, out bool isVector)
    {
        Type type = TypeOf(member);
        isVector = type.IsArray || IsBuffer(type);
        Type item = !isVector ? type : type.IsArray ? type.GetElementType() : type.GetGenericArguments()[0];
        return item == typeof(string) ? typeof(ReadOnlyMemory<char>) : item;
    }

    public static bool IsBuffer(Type type) => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(VBuffer<>);

    /// <summary>The type that a member's attributes and .NET type say.</summary>
    public static DataViewType Infer(MemberInfo member)
    {
        Type rawType = ItemTypeOf(member, out bool isVector);
        DataViewType type = CustomTypeOf(member, rawType) ?? PrimitiveTypes.FromRawTypeOrNull(rawType)
            ?? throw new ArgumentOutOfRangeException(nameof(member), $"Could not determine an IDataView type for member {member.Name} of type {TypeOf(member)}; mark it with NoColumn, or its type with an attribute.");

        if (member.GetCustomAttribute<KeyTypeAttribute>() is KeyTypeAttribute key)
        {
            type = KeyDataViewType.IsValidDataType(rawType)
                ? new KeyDataViewType(rawType, key.Count ?? Largest(rawType))
                : throw new ArgumentOutOfRangeException(nameof(member), $"Member {member.Name} is marked as a key, but {rawType} is not an unsigned integer type.");
        }

        var vector = member.GetCustomAttribute<VectorTypeAttribute>();
        if (!isVector)
        {
            return vector == null
                ? type
                : throw new ArgumentOutOfRangeException(nameof(member), $"Member {member.Name} is marked as a vector, but {TypeOf(member)} is neither an array nor a buffer.");
        }

        PrimitiveDataViewType itemType = type as PrimitiveDataViewType
            ?? throw new ArgumentOutOfRangeException(nameof(member), $"Member {member.Name} is a vector of {type}, which is not a primitive type.");
        return vector?.Dimensions.Length > 0 ? new VectorDataViewType(itemType, vector.Dimensions) : new VectorDataViewType(itemType);
    }

    private static DataViewType CustomTypeOf(MemberInfo member, Type rawType)
    {
        DataViewTypeAttribute[] attributes = member.GetCustomAttributes<DataViewTypeAttribute>().ToArray();
        if (attributes.Length > 1)
        {
            throw new ArgumentException($"Member {member.Name} has {attributes.Length} data view type attributes; one at most is allowed.", nameof(member));
        }

        DataViewTypeAttribute attribute = attributes.FirstOrDefault();
        attribute?.Register();
        return DataViewTypeManager.GetTypeOrNull(rawType, attribute);
    }

    private static ulong Largest(Type rawType) => Type.GetTypeCode(rawType) switch
    {
        TypeCode.Byte => byte.MaxValue,
        TypeCode.UInt16 => ushort.MaxValue,
        TypeCode.UInt32 => uint.MaxValue,
        _ => ulong.MaxValue,
    };
}
