using Microsoft.ML.Data;
using Microsoft.ML.Spatial.Functional;

namespace Microsoft.ML.Spatial.Data;

/// <summary>Reads the objects of a row that a detector learns from, their boxes as they stand there.</summary>
/// <param name="row">A row or cursor in which the columns are active.</param>
/// <param name="columns">The columns.</param>
internal sealed class ObjectReader(DataViewRow row, ObjectColumns columns)
{
    private readonly ObjectLabels _labels = ObjectLabels.Create(row, columns.Label);
    private readonly ObjectVector<float> _boxes = new(row, columns.Boxes, "Box");
    private readonly ObjectVector<bool>? _crowds = columns.Crowds is { } crowds ? new ObjectVector<bool>(row, crowds, "Flag") : null;
    private int[] _numbers = [];

    /// <summary>The objects of the row as it stands, crowds left out.</summary>
    /// <exception cref="InvalidDataException">
    /// A label is missing or beyond the key's count, or there are more or fewer boxes or flags than labels; the error names column, row and value.
    /// </exception>
    public ImageObjects Read()
    {
        var classes = _labels.Read();
        var boxes = _boxes.Read(classes.Length, Box.Numbers, columns.Label.Name);
        var isCrowd = _crowds?.Read(classes.Length, 1, columns.Label.Name);
        _numbers = [.. Enumerable.Range(0, classes.Length).Where(i => isCrowd is null || !isCrowd[i])];
        return _numbers.Length == classes.Length
            ? new ImageObjects(boxes, classes)
            : new ImageObjects([.. _numbers.SelectMany(i => boxes[(Box.Numbers * i)..(Box.Numbers * (i + 1))])], Array.ConvertAll(_numbers, i => classes[i]));
    }

    /// <summary>Says which of the objects last read a box is of, as an error begins.</summary>
    public string Name(int number, Box box) => FormattableString.Invariant($"{RowError.Place(columns.Boxes.Name, row, "Box")}: box {_numbers[number]} {box}");
}
