namespace Microsoft.ML.Spatial.Functional.Kernels;

/// <summary>Bins of whole pixels.</summary>
internal sealed class PixelBins(RoIShape shape, RoIList rois, PixelPooling pooling, nint width)
    : RoIBins(shape, width, shape.PooledHeight, shape.PooledWidth)
{
    private readonly RoIShape _shape = shape;

    public override void Begin(int roi)
    {
        var (x1, y1, x2, y2) = rois.Corners(roi);
        var vertical = new PixelSpan<float>(pooling, y1, y2, _shape.PooledHeight, _shape.Height);
        var horizontal = new PixelSpan<float>(pooling, x1, x2, _shape.PooledWidth, _shape.Width);
        for (var row = 0; row < _shape.PooledHeight; row++)
        {
            var (from, to) = vertical.Bin(row);
            Row(row).Fill(from, to);
        }

        for (var column = 0; column < _shape.PooledWidth; column++)
        {
            var (from, to) = horizontal.Bin(column);
            Column(column).Fill(from, to);
        }
    }

    public override void Place(int @class, int row, int column)
    {
        Choose(row, column);
        Scale = 1f / Math.Max(Rows.Count * Columns.Count, 1);
    }
}
