namespace Microsoft.ML.Spatial.Functional.Kernels;

/// <summary>Where the bins of RoIs lie, one at a time. One thread's.</summary>
internal abstract class RoIBins : IDisposable
{
    private readonly BinAxis[] _rows;
    private readonly BinAxis[] _columns;

    /// <param name="shape">The sizes.</param>
    /// <param name="width">Floats from a pixel to the next.</param>
    /// <param name="rows">Rows of bins to keep.</param>
    /// <param name="columns">Columns of bins to keep.</param>
    protected RoIBins(RoIShape shape, nint width, int rows, int columns)
    {
        _rows = [.. Enumerable.Range(0, rows).Select(_ => new BinAxis(shape.Height, shape.Width * width))];
        _columns = [.. Enumerable.Range(0, columns).Select(_ => new BinAxis(shape.Width, width))];
    }

    /// <summary>What the bin in hand reads vertically.</summary>
    public BinAxis Rows { get; private set; } = null!;

    /// <summary>What the bin in hand reads horizontally.</summary>
    public BinAxis Columns { get; private set; } = null!;

    /// <summary>What the sum over the bin in hand is multiplied with.</summary>
    public float Scale { get; protected set; }

    /// <summary>Takes an RoI in hand.</summary>
    public abstract void Begin(int roi);

    /// <summary>Takes a bin of the RoI in hand.</summary>
    /// <param name="class">The class whose offsets move it.</param>
    /// <param name="row">Its row.</param>
    /// <param name="column">Its column.</param>
    public abstract void Place(int @class, int row, int column);

    public void Dispose()
    {
        foreach (var axis in _rows.Concat(_columns))
            axis.Dispose();
    }

    protected BinAxis Row(int row) => _rows[row];

    protected BinAxis Column(int column) => _columns[column];

    /// <summary>Chooses among the kept rows and columns.</summary>
    protected void Choose(int row, int column) => (Rows, Columns) = (_rows[row], _columns[column]);
}
