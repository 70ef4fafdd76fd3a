using System.Linq.Expressions;
using System.Reflection;

namespace Microsoft.ML.Data;

/// <summary>A member of a row class bound to a column, with compiled access to it.</summary>
internal sealed class RowMember
{
    private RowMember(MemberInfo member, DataViewSchema.DetachedColumn column)
    {
        Member = member;
        Column = column;
    }

    public MemberInfo Member { get; }

    public DataViewSchema.DetachedColumn Column { get; }

    public Type Type => MemberTypes.TypeOf(Member);

    public static RowMember[] Of(Type rowType, SchemaDefinition definition, SchemaDefinition.Direction direction) =>
        (definition ?? SchemaDefinition.Create(rowType, direction)).Select(column => Bind(rowType, column)).ToArray();

    public static DataViewSchema SchemaOf(RowMember[] members)
    {
        var builder = new DataViewSchema.Builder();
        builder.AddColumns(members.Select(member => member.Column));
        return builder.ToSchema();
    }

    /// <summary>Whether a column of this type can fill the member.</summary>
    public bool Accepts(DataViewType type)
    {
        Type item = MemberTypes.ItemTypeOf(Member, out bool isVector);
        return isVector
            ? type is VectorDataViewType vector && vector.ItemType.RawType == item
            : type is not VectorDataViewType && type.RawType == item;
    }

    /// <summary>Reads the member; null where it cannot be read.</summary>
    public Func<TRow, TMember> CompileGet<TRow, TMember>()
    {
        if (Member is PropertyInfo property && property.GetGetMethod() == null)
        {
            return null;
        }

        ParameterExpression row = Expression.Parameter(typeof(TRow));
        return Expression.Lambda<Func<TRow, TMember>>(Expression.MakeMemberAccess(row, Member), row).Compile();
    }

    public Action<TRow, TMember> CompileSet<TRow, TMember>()
    {
        ParameterExpression row = Expression.Parameter(typeof(TRow));
        ParameterExpression value = Expression.Parameter(typeof(TMember));
        return Expression.Lambda<Action<TRow, TMember>>(Expression.Assign(Expression.MakeMemberAccess(row, Member), value), row, value).Compile();
    }

    private static RowMember Bind(Type rowType, SchemaDefinition.Column column)
    {
        MemberInfo member = rowType.GetField(column.MemberName ?? "") ?? (MemberInfo)rowType.GetProperty(column.MemberName ?? "")
            ?? throw new ArgumentOutOfRangeException(nameof(column), $"No field or property with name '{column.MemberName}' found in type '{rowType}'.");

        string name = string.IsNullOrEmpty(column.ColumnName) ? member.Name : column.ColumnName;
        var bound = new RowMember(member, new DataViewSchema.DetachedColumn(name, column.ColumnType ?? MemberTypes.Infer(member), column.Annotations));
        return bound.Accepts(bound.Column.Type)
            ? bound
            : throw new ArgumentOutOfRangeException(nameof(column), $"Column '{name}' is supposed to be of type {bound.Column.Type}, but member '{member.Name}' is of type {bound.Type}.");
    }
}
