namespace Microsoft.ML.Spatial.Functional.Kernels;

/// <summary>RoIs, and which of them each picture has, in their order.</summary>
internal sealed class RoIList
{
    private const int Columns = 5;

    private readonly float[] _values;
    private readonly int[] _order;
    private readonly int[] _first;

    /// <param name="values">Rows of picture, x1, y1, x2, y2; pictures are whole numbers below <paramref name="pictures"/>.</param>
    /// <param name="pictures">Pictures.</param>
    public RoIList(float[] values, int pictures)
    {
        _values = values;
        _order = [.. Enumerable.Range(0, values.Length / Columns).OrderBy(PictureOf)];
        _first = new int[pictures + 1];
        foreach (var roi in _order)
            _first[PictureOf(roi) + 1]++;
        for (var picture = 0; picture < pictures; picture++)
            _first[picture + 1] += _first[picture];
    }

    /// <summary>The RoIs of a picture.</summary>
    public ReadOnlyMemory<int> Of(int picture) => _order.AsMemory(_first[picture].._first[picture + 1]);

    /// <summary>The corners of an RoI in pixels of the image.</summary>
    public (float X1, float Y1, float X2, float Y2) Corners(int roi) =>
        (_values[(Columns * roi) + 1], _values[(Columns * roi) + 2], _values[(Columns * roi) + 3], _values[(Columns * roi) + 4]);

    private int PictureOf(int roi) => (int)_values[Columns * roi];
}
