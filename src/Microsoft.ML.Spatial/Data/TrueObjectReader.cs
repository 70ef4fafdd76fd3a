using Microsoft.ML.Data;

namespace Microsoft.ML.Spatial.Data;

/// <summary>Reads the objects that a row's image shows.</summary>
internal sealed class TrueObjectReader
{
    private const int One = 1;
    private readonly TrueObjectColumns _columns;
    private readonly ObjectLabels _labels;
    private readonly ObjectBoxes _boxes;
    private readonly ObjectVector<bool>? _crowds;
    private readonly ObjectVector<bool>? _difficult;
    private readonly ObjectVector<float>? _areas;

    /// <param name="row">A row or cursor in which the columns are active.</param>
    /// <param name="columns">The columns.</param>
    public TrueObjectReader(DataViewRow row, TrueObjectColumns columns)
    {
        _columns = columns;
        _labels = ObjectLabels.Create(row, columns.Labels);
        _boxes = new ObjectBoxes(row, columns.Boxes);
        _crowds = columns.Crowds is { } crowds ? new ObjectVector<bool>(row, crowds, "Flag") : null;
        _difficult = columns.Difficult is { } difficult ? new ObjectVector<bool>(row, difficult, "Flag") : null;
        _areas = columns.Areas is { } areas ? new ObjectVector<float>(row, areas, "Area") : null;
    }

    /// <summary>The objects of the row as it stands.</summary>
    /// <exception cref="InvalidDataException">A value cannot be used; the error names it, its column and its row.</exception>
    public TrueObject[] Read()
    {
        var labels = _columns.Labels.Name;
        var classes = _labels.Read();
        var boxes = _boxes.Read(classes.Length, labels);
        var crowds = _crowds?.Read(classes.Length, One, labels);
        var difficult = _difficult?.Read(classes.Length, One, labels);
        var areas = _areas?.Read(classes.Length, One, labels);
        if (areas is not null && Array.FindIndex(areas, area => !(area >= 0 && float.IsFinite(area))) is var bad and >= 0)
        {
            throw _areas!.Error($"area {bad} is {areas[bad]}; it must be a finite number of at least 0");
        }

        var objects = new TrueObject[classes.Length];
        for (var i = 0; i < objects.Length; i++)
        {
            objects[i] = new TrueObject(boxes[i], classes[i], areas?[i] ?? boxes[i].Area, crowds?[i] ?? false, difficult?[i] ?? false);
        }

        return objects;
    }
}
