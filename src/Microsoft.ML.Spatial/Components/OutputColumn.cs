using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

namespace Microsoft.ML.Spatial.Components;

/// <summary>A column that a model adds: its name, what it holds, its type and its annotations.</summary>
internal sealed record OutputColumn(string Name, NetworkOutput Output, DataViewType Type, DataViewSchema.Annotations? Annotations)
{
    /// <summary>The columns that a model of these settings adds, in their order.</summary>
    public static IReadOnlyList<OutputColumn> Of(SpatialModelSettings settings)
    {
        var columns = new List<OutputColumn>();
        if (settings.PredictedLabelColumnName is { } predictedLabel)
        {
            columns.Add(new OutputColumn(predictedLabel, NetworkOutput.PredictedLabel, new KeyDataViewType(typeof(uint), settings.Classes), PredictedLabelAnnotations(settings.LabelValues)));
        }

        if (settings.ScoreColumnName is { } score)
        {
            columns.Add(new OutputColumn(score, NetworkOutput.Score, new VectorDataViewType(NumberDataViewType.Single, settings.Classes), ScoreAnnotations(settings.LabelValues)));
        }

        if (settings.RectifiedColumnName is { } rectified)
        {
            columns.Add(settings.RectifiedKind == RectifiedOutputKind.Vector
                ? new OutputColumn(rectified, NetworkOutput.RectifiedVector, new VectorDataViewType(NumberDataViewType.Single, settings.RectifiedShape.Channels, settings.RectifiedHeight, settings.RectifiedWidth), null)
                : new OutputColumn(rectified, NetworkOutput.RectifiedImage, settings.RectifiedSizeInSchema ? new ImageDataViewType(settings.RectifiedHeight, settings.RectifiedWidth) : new ImageDataViewType(), null));
        }

        if (settings.ThetaColumnName is { } theta)
        {
            columns.Add(new OutputColumn(theta, NetworkOutput.Theta, new VectorDataViewType(NumberDataViewType.Single, settings.ThetaLength), null));
        }

        return columns;
    }

    /// <summary>The columns that a detector of these settings adds, in their order: of each object found its class, box and score, the surest first.</summary>
    public static IReadOnlyList<OutputColumn> Of(DetectorModelSettings settings) =>
    [
        new(settings.PredictedLabelColumnName, NetworkOutput.PredictedLabel, new VectorDataViewType(new KeyDataViewType(typeof(uint), settings.Classes)), PredictedLabelAnnotations(settings.LabelValues)),
        new(settings.PredictedBoundingBoxColumnName, NetworkOutput.PredictedBoundingBoxes, new VectorDataViewType(NumberDataViewType.Single), null),
        new(settings.ScoreColumnName, NetworkOutput.Score, new VectorDataViewType(NumberDataViewType.Single), null),
    ];

    /// <summary>The columns as a schema of their own.</summary>
    public static DataViewSchema ToSchema(IEnumerable<OutputColumn> columns)
    {
        var builder = new DataViewSchema.Builder();
        foreach (var column in columns)
        {
            builder.AddColumn(column.Name, column.Type, column.Annotations);
        }

        return builder.ToSchema();
    }

    private static DataViewSchema.Annotations PredictedLabelAnnotations(LabelValues? labels)
    {
        var builder = new DataViewSchema.Annotations.Builder();
        labels?.AddTo(builder, AnnotationNames.KeyValues);
        AddScoreKind(builder, AnnotationNames.PredictedLabel);
        return builder.ToAnnotations();
    }

    private static DataViewSchema.Annotations ScoreAnnotations(LabelValues? labels)
    {
        var builder = new DataViewSchema.Annotations.Builder();
        if (labels is { IsText: true })
        {
            labels.AddTo(builder, AnnotationNames.SlotNames);
        }

        labels?.AddTo(builder, AnnotationNames.TrainingLabelValues);
        AddScoreKind(builder, AnnotationNames.Score);
        return builder.ToAnnotations();
    }

    private static void AddScoreKind(DataViewSchema.Annotations.Builder builder, string valueKind)
    {
        builder.AddPrimitiveValue(AnnotationNames.ScoreColumnSetId, new KeyDataViewType(typeof(uint), int.MaxValue), 1u);
        builder.AddPrimitiveValue(AnnotationNames.ScoreColumnKind, TextDataViewType.Instance, AnnotationNames.MulticlassClassification.AsMemory());
        builder.AddPrimitiveValue(AnnotationNames.ScoreValueKind, TextDataViewType.Instance, valueKind.AsMemory());
    }
}
