using System.Text.Json;
using Microsoft.ML.Data;

namespace Microsoft.ML.Spatial.Data;

/// <summary>Writes detections as COCO results: an array of <c>{"image_id", "category_id", "bbox": [x, y, width, height], "score"}</c>.</summary>
internal static class CocoResults
{
    private const int FlushBytes = 64 << 10;

    /// <summary>Writes the detections of every row.</summary>
    /// <param name="stream">Receives them.</param>
    /// <param name="data">The rows.</param>
    /// <param name="imageId">The column of image numbers.</param>
    /// <param name="columns">The columns of detections.</param>
    /// <param name="categoryIds">The category number of each class.</param>
    public static void Write(Stream stream, IDataView data, DataViewSchema.Column imageId, DetectedObjectColumns columns, IReadOnlyList<long> categoryIds)
    {
        using var json = new Utf8JsonWriter(stream);
        using var cursor = data.GetRowCursor([imageId, .. columns.All]);
        var id = cursor.GetGetter<long>(imageId);
        var found = new DetectedObjectReader(cursor, columns);
        var image = 0L;
        json.WriteStartArray();
        while (cursor.MoveNext())
        {
            id(ref image);
            foreach (var detection in found.Read())
            {
                Write(json, image, categoryIds[detection.Class], detection);
            }

            if (json.BytesPending > FlushBytes)
            {
                json.Flush();
            }
        }

        json.WriteEndArray();
    }

    /// <summary>The category number of each predicted class.</summary>
    /// <param name="predicted">The column of predicted labels.</param>
    /// <param name="label">The column that may have the numbers as an annotation; null is none.</param>
    /// <param name="given">Numbers by the names of the classes; null takes those of the annotation, and where there is none the keys themselves, from 1.</param>
    /// <exception cref="ArgumentException">A predicted class has no number.</exception>
    public static IReadOnlyList<long> CategoryIds(DataViewSchema.Column predicted, DataViewSchema.Column? label, IReadOnlyDictionary<string, long>? given)
    {
        var names = ObjectColumn.ClassNames(predicted);
        if ((given ?? Annotated(label)) is not { } ids)
        {
            return [.. Enumerable.Range(1, names.Count).Select(key => (long)key)];
        }

        return [.. names.Select(name => ids.TryGetValue(name, out var id)
            ? id
            : throw new ArgumentException($"Class '{name}' of column '{predicted.Name}' has no category id; those that have one are: {string.Join(", ", ids.Keys)}.", nameof(given)))];
    }

    private static Dictionary<string, long>? Annotated(DataViewSchema.Column? label)
    {
        if (label is not { } column || column.Annotations.Schema.GetColumnOrNull(ClassKeys.CategoryIds) is null)
        {
            return null;
        }

        var ids = default(VBuffer<long>);
        column.Annotations.GetValue(ClassKeys.CategoryIds, ref ids);
        return ObjectColumn.ClassNames(column).Zip(ids.DenseValues()).ToDictionary(pair => pair.First, pair => pair.Second);
    }

    private static void Write(Utf8JsonWriter json, long image, long category, DetectedObject detection)
    {
        json.WriteStartObject();
        json.WriteNumber("image_id", image);
        json.WriteNumber("category_id", category);
        json.WriteStartArray("bbox");

        // In double precision, so that who adds x and width gets the very box back.
        json.WriteNumberValue(detection.Box.X0);
        json.WriteNumberValue(detection.Box.Y0);
        json.WriteNumberValue(detection.Box.X1 - detection.Box.X0);
        json.WriteNumberValue(detection.Box.Y1 - detection.Box.Y0);
        json.WriteEndArray();
        json.WriteNumber("score", detection.Score);
        json.WriteEndObject();
    }
}
