namespace Microsoft.ML.Spatial.Functional.Kernels;

/// <summary>Normalised coordinates of the columns and rows of the output.</summary>
internal sealed unsafe class PixelCentres : IDisposable
{
    private readonly int _width;

    // A vector may be read that begins at the last column.
    private readonly FloatBuffer _columns;

    /// <param name="columns">x of each column.</param>
    /// <param name="rows">y of each row.</param>
    public PixelCentres(ReadOnlySpan<double> columns, double[] rows)
    {
        _width = columns.Length;
        Y = rows;
        _columns = new FloatBuffer(_width + Lanes.Count);
        _columns.Clear();
        X = _columns.Start;
        for (var i = 0; i < _width; i++)
            X[i] = (float)columns[i];
    }

    /// <summary>x of each column, with a vector of room behind them.</summary>
    public float* X { get; }

    /// <summary>y of each row.</summary>
    public double[] Y { get; }

    /// <summary>The pieces of rows that a run of pixels consists of.</summary>
    public RowPieces Rows(int first, int count) => new(_width, first, count);

    public void Dispose() => _columns.Dispose();

    /// <summary>Enumerates pieces: the row, the first column, the place in the run, and the number of pixels.</summary>
    internal ref struct RowPieces(int width, int first, int count)
    {
        private int _at = -1;
        private int _length;

        public readonly (int Row, int Column, int At, int Length) Current => ((first + _at) / width, (first + _at) % width, _at, _length);

        public readonly RowPieces GetEnumerator() => this;

        public bool MoveNext()
        {
            _at = _at < 0 ? 0 : _at + _length;
            _length = Math.Min(width - ((first + _at) % width), count - _at);
            return _at < count;
        }
    }
}
