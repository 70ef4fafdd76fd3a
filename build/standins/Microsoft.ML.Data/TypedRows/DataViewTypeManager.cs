namespace Microsoft.ML.Data;

/// <summary>Which data view types stand for .NET types that are not primitive.</summary>
public static class DataViewTypeManager
{
    private static readonly Lock s_lock = new();
    private static readonly List<Entry> s_entries = [];

    public static void Register(DataViewType dataViewType, Type type, DataViewTypeAttribute typeAttribute = null)
    {
        ArgumentNullException.ThrowIfNull(dataViewType);
        ArgumentNullException.ThrowIfNull(type);
        if (PrimitiveTypes.FromRawTypeOrNull(type) != null)
        {
            throw new ArgumentOutOfRangeException(nameof(type), $"{type} has a data view type already, and cannot get another.");
        }

        if (dataViewType.RawType != type)
        {
            throw new ArgumentOutOfRangeException(nameof(dataViewType), $"The values of {dataViewType} are of type {dataViewType.RawType}, not {type}.");
        }

        lock (s_lock)
        {
            DataViewType known = Find(type, typeAttribute);
            if (known == null)
            {
                s_entries.Add(new Entry(dataViewType, type, typeAttribute));
            }
            else if (!known.Equals(dataViewType))
            {
                throw new InvalidOperationException($"{type} stands for {known} already, and cannot stand for {dataViewType} too.");
            }
        }
    }

    internal static DataViewType GetTypeOrNull(Type type, DataViewTypeAttribute typeAttribute)
    {
        lock (s_lock)
        {
            return Find(type, typeAttribute);
        }
    }

    private static DataViewType Find(Type type, DataViewTypeAttribute typeAttribute) =>
        s_entries.Find(entry => entry.Type == type && Equals(entry.Attribute, typeAttribute))?.DataViewType;

    private static bool Equals(DataViewTypeAttribute one, DataViewTypeAttribute other) => one == null ? other == null : other != null && one.Equals(other);

    private sealed record Entry(DataViewType DataViewType, Type Type, DataViewTypeAttribute Attribute);
}
