using System.Reflection;

namespace TorchSharp
{
    /// <summary>The name under which a module registers a field.</summary>
    internal static class ComponentNames
    {
        internal static string ComponentName(this FieldInfo field) =>
            field.GetCustomAttribute<Utils.ComponentNameAttribute>()?.Name ?? field.Name;
    }
}

namespace TorchSharp.Utils
{
    /// <summary>Names the component in a field otherwise than the field.</summary>
    public class ComponentNameAttribute : Attribute
    {
        public string? Name { get; set; }
    }
}
