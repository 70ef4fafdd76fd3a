namespace Microsoft.ML.Spatial.Modules;

/// <summary>The boxes that a detector looks for objects around: at every position of a map, one of each side and ratio.</summary>
/// <remarks>Source: Ren et al. 2015, Faster R-CNN, arXiv 1506.01497, section 3.1.1.</remarks>
internal sealed class AnchorBoxes
{
    // Height over width; an anchor has the area of the square of its side.
    private static readonly float[] Ratios = [0.5f, 1, 2];

    private readonly int _stride;
    private readonly float[] _around;

    /// <param name="stride">Pixels of the image from one position of the map to the next.</param>
    /// <param name="sides">Sides of the squares, in pixels.</param>
    public AnchorBoxes(int stride, IReadOnlyList<float> sides)
    {
        _stride = stride;
        _around =
        [
            .. from side in sides
               from ratio in Ratios
               let height = side * MathF.Sqrt(ratio)
               let width = side / MathF.Sqrt(ratio)
               from number in new[] { -width / 2, -height / 2, width / 2, height / 2 }
               select number,
        ];
    }

    /// <summary>Anchors of a position.</summary>
    public int PerPosition => _around.Length / 4;

    /// <summary>x0, y0, x1, y1 of every anchor, position by position, row by row.</summary>
    /// <param name="height">Height of the image in pixels.</param>
    /// <param name="width">Width of the image in pixels.</param>
    public float[] All(int height, int width)
    {
        var (rows, columns) = ((height + _stride - 1) / _stride, (width + _stride - 1) / _stride);
        var boxes = new float[rows * columns * _around.Length];
        for (var i = 0; i < boxes.Length; i++)
        {
            var position = i / _around.Length;
            var corner = i % 2 == 0 ? position % columns : position / columns;
            boxes[i] = (corner * _stride) + (_stride / 2) + _around[i % _around.Length];
        }

        return boxes;
    }
}
