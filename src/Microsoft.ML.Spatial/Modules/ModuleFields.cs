using System.Reflection;
using static TorchSharp.torch;

namespace Microsoft.ML.Spatial.Modules;

/// <summary>
/// The fields in which a module that someone wrote holds its parts. TorchSharp registers fields by reflection, and offers no way to set one; what TorchSharp itself declares is left alone.
/// </summary>
internal static class ModuleFields
{
    /// <summary>Whether a field holds the part, and every field that does can hold one of another type.</summary>
    /// <param name="module">The module.</param>
    /// <param name="part">What its fields are searched for.</param>
    /// <param name="type">What they would hold instead.</param>
    /// <param name="holders">How many fields hold it.</param>
    internal static bool CanHold(nn.Module module, nn.Module part, Type type, out int holders)
    {
        var fields = Holding(module, part).ToArray();
        holders = fields.Length;
        return holders > 0 && fields.All(field => field.FieldType.IsAssignableFrom(type));
    }

    /// <summary>Puts another part into every field that holds one.</summary>
    internal static void Set(nn.Module module, nn.Module part, nn.Module other)
    {
        foreach (var field in Holding(module, part).ToArray())
            field.SetValue(module, other);
    }

    private static IEnumerable<FieldInfo> Holding(nn.Module module, nn.Module part)
    {
        for (var type = module.GetType(); type is not null && type.Assembly != typeof(nn.Module).Assembly; type = type.BaseType)
        {
            foreach (var field in type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            {
                if (ReferenceEquals(field.GetValue(module), part))
                    yield return field;
            }
        }
    }
}
