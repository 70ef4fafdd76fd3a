namespace Microsoft.ML.Spatial.Functional.Kernels;

/// <summary>Bins read at a lattice of samples, each moved by its offsets where there are such.</summary>
internal sealed unsafe class LatticeBins : RoIBins
{
    private readonly RoIShape _shape;
    private readonly RoIList _rois;
    private readonly RoILattice _lattice;
    private readonly float* _offsets;
    private readonly float* _gradOffsets;
    private int _roi;
    private RoISpan<float> _vertical;
    private RoISpan<float> _horizontal;

    /// <param name="shape">The sizes.</param>
    /// <param name="rois">The RoIs.</param>
    /// <param name="lattice">The lattice.</param>
    /// <param name="width">Floats from a pixel to the next.</param>
    /// <param name="offsets"><c>[RoIs, classes, 2, parts]</c>, x before y, in sizes of the RoI; null for none.</param>
    /// <param name="gradOffsets">Receives their gradient; null where it is not wanted.</param>
    public LatticeBins(RoIShape shape, RoIList rois, RoILattice lattice, nint width, float* offsets, float* gradOffsets)
        : base(shape, width, offsets is null ? shape.PooledHeight : 1, offsets is null ? shape.PooledWidth : 1)
    {
        (_shape, _rois, _lattice) = (shape, rois, lattice);
        _offsets = offsets;
        _gradOffsets = gradOffsets;
    }

    public override void Begin(int roi)
    {
        _roi = roi;
        var (x1, y1, x2, y2) = _rois.Corners(roi);
        _vertical = new RoISpan<float>(_lattice, y1, y2, _shape.PooledHeight);
        _horizontal = new RoISpan<float>(_lattice, x1, x2, _shape.PooledWidth);
        if (_offsets is not null)
            return;

        // Unmoved, all bins of a row of bins read the same rows.
        for (var row = 0; row < _shape.PooledHeight; row++)
            Row(row).Fill(_vertical, row, 0, (float)_lattice.Reach);
        for (var column = 0; column < _shape.PooledWidth; column++)
            Column(column).Fill(_horizontal, column, 0, (float)_lattice.Reach);
    }

    public override void Place(int @class, int row, int column)
    {
        if (_offsets is null)
        {
            Choose(row, column);
        }
        else
        {
            Choose(0, 0);
            var x = OffsetOf(@class, row, column);
            var scale = (float)_lattice.OffsetScale;
            Columns.Fill(_horizontal, column, scale * _offsets[x] * _horizontal.Size, (float)_lattice.Reach);
            Rows.Fill(_vertical, row, scale * _offsets[x + _shape.Parts] * _vertical.Size, (float)_lattice.Reach);
        }

        var samples = _lattice.IsCornered ? (float)Rows.Inside * Columns.Inside : (float)_vertical.Samples * _horizontal.Samples;
        Scale = 1 / MathF.Max(samples, 1);
    }

    /// <summary>Adds the gradient of a bin's place to that of its offsets.</summary>
    /// <param name="class">The class.</param>
    /// <param name="row">The bin's row.</param>
    /// <param name="column">The bin's column.</param>
    /// <param name="alongX">Derivative by a move to the right, to a pixel.</param>
    /// <param name="alongY">Derivative by a move down.</param>
    public void AddGradient(int @class, int row, int column, float alongX, float alongY)
    {
        var x = OffsetOf(@class, row, column);
        var scale = (float)_lattice.OffsetScale;
        _gradOffsets[x] += alongX * scale * _horizontal.Size;
        _gradOffsets[x + _shape.Parts] += alongY * scale * _vertical.Size;
    }

    /// <summary>The place of a bin's x offset.</summary>
    private nint OffsetOf(int @class, int row, int column) => (2 * (((nint)_roi * _shape.Classes) + @class) * _shape.Parts) + _shape.PartOf(row, column);
}
