using Microsoft.ML.Data;
using Microsoft.ML.Spatial.Components;

namespace Microsoft.ML.Spatial.Data;

/// <summary>Keys for named classes.</summary>
internal static class ClassKeys
{
    /// <summary>The annotation of a label column that gives the category numbers of COCO that its keys stand for.</summary>
    public const string CategoryIds = "CategoryIds";

    /// <summary>The type of the keys.</summary>
    public static KeyDataViewType Type(int classes) => new(typeof(uint), classes);

    /// <summary>The annotations of a label column: the names as key values, and COCO's category numbers where there are any.</summary>
    public static DataViewSchema.Annotations Annotations(IReadOnlyList<string> names, IReadOnlyList<long>? categoryIds = null)
    {
        var annotations = new DataViewSchema.Annotations.Builder();
        new LabelValues(TextDataViewType.Instance.ToString()!, [.. names]).AddTo(annotations, AnnotationNames.KeyValues);
        if (categoryIds is not null)
        {
            annotations.Add(CategoryIds, new VectorDataViewType(NumberDataViewType.Int64, categoryIds.Count), (ref VBuffer<long> target) => target = new VBuffer<long>(categoryIds.Count, [.. categoryIds]));
        }

        return annotations.ToAnnotations();
    }
}
