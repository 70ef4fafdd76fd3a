using System.Reflection;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Which members of a row class are columns, and of what name and type.</summary>
public sealed partial class SchemaDefinition : List<SchemaDefinition.Column>
{
    private SchemaDefinition()
    {
    }

    /// <summary>Whether the class is read into a data view, or filled from one.</summary>
    [Flags]
    public enum Direction
    {
        Read = 1,
        Write = 2,
        Both = Read | Write,
    }

    public static SchemaDefinition Create(Type userType, Direction direction = Direction.Both)
    {
        ArgumentNullException.ThrowIfNull(userType);

        var definition = new SchemaDefinition();
        foreach (MemberInfo member in MembersOf(userType, direction).Where(IsColumn))
        {
            string name = member.GetCustomAttribute<ColumnNameAttribute>()?.Name ?? member.Name;
            if (definition.Exists(column => column.ColumnName == name))
            {
                throw new ArgumentOutOfRangeException(nameof(userType), $"{userType} has more than one member for a column named '{name}'.");
            }

            definition.Add(new Column(member.Name, MemberTypes.Infer(member), name));
        }

        return definition;
    }

    private static IEnumerable<MemberInfo> MembersOf(Type type, Direction direction)
    {
        IEnumerable<MemberInfo> fields = type.GetFields(BindingFlags.Public | BindingFlags.Instance);
        IEnumerable<MemberInfo> properties = type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property =>
            property.GetIndexParameters().Length == 0
            && ((direction.HasFlag(Direction.Read) && property.GetGetMethod() != null)
                || (direction.HasFlag(Direction.Write) && property.GetSetMethod() != null)));
        return fields.Concat(properties);
    }

    // A channel in a row class is for the messages of whoever reads the rows.
    private static bool IsColumn(MemberInfo member) =>
        !member.IsDefined(typeof(NoColumnAttribute)) && MemberTypes.TypeOf(member) != typeof(IChannel);
}
