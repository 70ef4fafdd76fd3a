using Microsoft.ML.Data;

namespace Microsoft.ML.Spatial.Data;

/// <summary>Reads the boxes of a row's objects: x0 y0 x1 y1 for each.</summary>
/// <param name="row">A row or cursor in which the column is active.</param>
/// <param name="column">The column, which <see cref="ObjectColumn"/> accepted.</param>
internal sealed class ObjectBoxes(DataViewRow row, DataViewSchema.Column column)
{
    private readonly ObjectVector<float> _vector = new(row, column, "Box");

    /// <summary>The boxes of the row as it stands.</summary>
    /// <param name="objects">How many objects the row has.</param>
    /// <param name="labels">The column that tells how many.</param>
    /// <exception cref="InvalidDataException">There are more or fewer, a number is not finite, or a box ends before it begins.</exception>
    public Box[] Read(int objects, string labels)
    {
        var numbers = _vector.Read(objects, Box.Numbers, labels);
        var boxes = new Box[objects];
        for (var i = 0; i < objects; i++)
        {
            boxes[i] = Box.At(numbers, i);
            if (!boxes[i].IsFinite)
            {
                throw _vector.Error($"box {i} is {boxes[i]}; its numbers must be finite");
            }

            if (boxes[i].X1 < boxes[i].X0 || boxes[i].Y1 < boxes[i].Y0)
            {
                throw _vector.Error($"box {i} is {boxes[i]}, of a negative size; x0 y0 x1 y1 with x1 >= x0 and y1 >= y0 are needed");
            }
        }

        return boxes;
    }
}
