using System.Reflection;

namespace Microsoft.ML.Data;

/// <summary>Calls a generic method with types known only at run time.</summary>
internal static class GenericCall
{
    private const BindingFlags AnyMethod = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance;

    public static object Static(Type owner, string method, Type type, params object[] arguments) =>
        Invoke(owner, null, method, [type], arguments);

    public static object Static(Type owner, string method, Type[] types, params object[] arguments) =>
        Invoke(owner, null, method, types, arguments);

    public static object Instance(object target, string method, Type type, params object[] arguments) =>
        Invoke(target.GetType(), target, method, [type], arguments);

    /// <summary>The getter of a column as it is, of whatever type.</summary>
    public static Delegate GetGetter(DataViewRow row, DataViewSchema.Column column) =>
        (Delegate)Static(typeof(GenericCall), nameof(TypedGetter), column.Type.RawType, row, column);

    private static Delegate TypedGetter<T>(DataViewRow row, DataViewSchema.Column column) => row.GetGetter<T>(column);

    private static object Invoke(Type owner, object target, string method, Type[] types, object[] arguments) =>
        owner.GetMethods(AnyMethod)
            .Single(candidate => candidate.Name == method && candidate.IsGenericMethodDefinition)
            .MakeGenericMethod(types)
            .Invoke(target, BindingFlags.DoNotWrapExceptions, null, arguments, null);
}
