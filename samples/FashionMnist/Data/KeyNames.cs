using Microsoft.ML.Data;

namespace Microsoft.ML.Spatial.Samples.FashionMnist.Data;

/// <summary>The annotation of a key column that names its classes.</summary>
internal static class KeyNames
{
    /// <summary>Makes it.</summary>
    /// <param name="classNames">The names of the classes, in the order of their labels.</param>
    public static DataViewSchema.Annotations Of(IEnumerable<string> classNames)
    {
        var classes = classNames.Select(n => n.AsMemory()).ToArray();
        var annotations = new DataViewSchema.Annotations.Builder();
        annotations.Add<VBuffer<ReadOnlyMemory<char>>>(
            "KeyValues",
            new VectorDataViewType(TextDataViewType.Instance, classes.Length),
            (ref VBuffer<ReadOnlyMemory<char>> value) => value = new VBuffer<ReadOnlyMemory<char>>(classes.Length, [.. classes]));
        return annotations.ToAnnotations();
    }
}
