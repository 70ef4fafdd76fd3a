using Microsoft.ML.Data;

namespace Microsoft.ML.Spatial.Data;

/// <summary>Reads the objects that a detector found in a row's image.</summary>
/// <param name="row">A row or cursor in which the columns are active.</param>
/// <param name="columns">The columns.</param>
internal sealed class DetectedObjectReader(DataViewRow row, DetectedObjectColumns columns)
{
    private readonly ObjectLabels _labels = ObjectLabels.Create(row, columns.Labels);
    private readonly ObjectBoxes _boxes = new(row, columns.Boxes);
    private readonly ObjectVector<float> _scores = new(row, columns.Scores, "Score");

    /// <summary>The objects found in the row as it stands.</summary>
    /// <exception cref="InvalidDataException">A value cannot be used; the error names it, its column and its row.</exception>
    public DetectedObject[] Read()
    {
        var classes = _labels.Read();
        var boxes = _boxes.Read(classes.Length, columns.Labels.Name);
        var scores = _scores.Read(classes.Length, 1, columns.Labels.Name);
        var bad = Array.FindIndex(scores, score => !float.IsFinite(score));
        if (bad >= 0)
        {
            throw _scores.Error($"score {bad} is {scores[bad]}; it must be finite");
        }

        var found = new DetectedObject[classes.Length];
        for (var i = 0; i < found.Length; i++)
        {
            found[i] = new DetectedObject(boxes[i], classes[i], scores[i]);
        }

        return found;
    }
}
