using System.Globalization;
using Microsoft.ML.Spatial.Components;
using Microsoft.ML.Spatial.Data;
using Microsoft.ML.Spatial.Evaluation;

namespace Microsoft.ML;

/// <summary>Evaluation of detectors in the catalog of <c>MLContext.MulticlassClassification</c>.</summary>
public static class EvaluateDetectionsCatalog
{
    private const string Component = nameof(EvaluateDetections);
    private const string IsCrowd = ObjectColumns.CrowdsName;
    private const string IsDifficult = "IsDifficult";
    private const string Area = "Area";

    /// <summary>Compares the objects that a detector found with those that are there, and computes the figures of COCO and Pascal VOC.</summary>
    /// <remarks>
    /// One row is one image. Boxes are x0 y0 x1 y1 for each object in pixels of the image, the ends exclusive; the columns of a row hold as many objects as its
    /// labels. Each optional column is taken under its usual name where the view has one of that name, and must be there where another name is given.
    /// Difficult objects earn nothing and cost nothing; crowds likewise, and any number of detections may lie on one. Between detections of equal scores the
    /// order of rows and of detections in a row decides.
    /// </remarks>
    /// <param name="catalog">The catalog.</param>
    /// <param name="data">The scored rows.</param>
    /// <param name="labelColumnName">The column of true labels, a vector of keys.</param>
    /// <param name="boundingBoxColumnName">The column of true boxes, a float vector.</param>
    /// <param name="predictedLabelColumnName">The column of predicted labels, a vector of keys of the same values as the true ones.</param>
    /// <param name="predictedBoundingBoxColumnName">The column of predicted boxes, a float vector.</param>
    /// <param name="scoreColumnName">The column of scores, a float vector of one a predicted object.</param>
    /// <param name="isCrowdColumnName">The column that tells which true objects are crowds, a vector of booleans; null is <c>IsCrowd</c> where there is one.</param>
    /// <param name="isDifficultColumnName">
    /// The column that tells which true objects are difficult, a vector of booleans; null is <c>IsDifficult</c> where there is one.
    /// </param>
    /// <param name="areaColumnName">
    /// The column of areas by which true objects count as small, medium or large, a float vector; null is <c>Area</c> where there is one, and else the areas of
    /// the boxes. (COCO takes those of the outlines.)
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type, or the two label columns have keys of different values.</exception>
    /// <exception cref="InvalidDataException">There is no row, or a value cannot be used; the error names it, its column and its row.</exception>
    public static DetectionMetrics EvaluateDetections(
        this MulticlassClassificationCatalog catalog,
        IDataView data,
        string labelColumnName = "Label",
        string boundingBoxColumnName = "BoundingBoxes",
        string predictedLabelColumnName = "PredictedLabel",
        string predictedBoundingBoxColumnName = "PredictedBoundingBoxes",
        string scoreColumnName = "Score",
        string? isCrowdColumnName = null,
        string? isDifficultColumnName = null,
        string? areaColumnName = null)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(data);
        var schema = data.Schema;
        var trueColumns = new TrueObjectColumns(
            ObjectColumn.Labels(schema, labelColumnName, "label", Component),
            ObjectColumn.Numbers(schema, boundingBoxColumnName, "box", Component),
            Optional(schema, isCrowdColumnName, IsCrowd) is { } crowds ? ObjectColumn.Flags(schema, crowds, "crowd flag", Component) : null,
            Optional(schema, isDifficultColumnName, IsDifficult) is { } difficult ? ObjectColumn.Flags(schema, difficult, "difficulty flag", Component) : null,
            Optional(schema, areaColumnName, Area) is { } areas ? ObjectColumn.Numbers(schema, areas, "area", Component) : null);
        var foundColumns = DetectedObjectColumns.Find(schema, predictedLabelColumnName, predictedBoundingBoxColumnName, scoreColumnName, Component);
        CheckSameClasses(trueColumns.Labels, foundColumns.Labels);

        var evaluator = new DetectionEvaluator(ObjectColumn.ClassNames(trueColumns.Labels));
        using var cursor = data.GetRowCursor(trueColumns.Present.Concat(foundColumns.All));
        var objects = new TrueObjectReader(cursor, trueColumns);
        var found = new DetectedObjectReader(cursor, foundColumns);
        var rows = 0L;
        for (; cursor.MoveNext(); rows++)
        {
            evaluator.Add(objects.Read(), found.Read());
        }

        return rows > 0 ? evaluator.Finish() : throw new InvalidDataException($"There is no row to evaluate: {nameof(EvaluateDetections)} needs at least one image.");
    }

    private static string? Optional(DataViewSchema schema, string? name, string usual) => name ?? (schema.GetColumnOrNull(usual) is null ? null : usual);

    /// <summary>A class must have the same number on both sides; key values, where both have them, tell whether it has.</summary>
    private static void CheckSameClasses(DataViewSchema.Column label, DataViewSchema.Column predicted)
    {
        var (classes, predictedClasses) = (ObjectColumn.Classes(label), ObjectColumn.Classes(predicted));
        if (classes != predictedClasses)
        {
            throw Different($"is a key of {predictedClasses} values, but that of column '{label.Name}' has {classes}");
        }

        if (LabelValues.Of(label) is not { } names || LabelValues.Of(predicted) is not { } predictedNames)
        {
            return;
        }

        for (var i = 0; i < classes; i++)
        {
            if (names.Texts[i] != predictedNames.Texts[i])
            {
                throw Different($"has '{predictedNames.Texts[i]}' as key value {i + 1}, but column '{label.Name}' has '{names.Texts[i]}'");
            }
        }

        ArgumentOutOfRangeException Different(FormattableString what) => new(
            nameof(predicted),
            predicted.Name,
            $"Predicted label column '{predicted.Name}' {what.ToString(CultureInfo.InvariantCulture)}. Give the evaluated data the classes that the model was trained on, in the same order.");
    }
}
