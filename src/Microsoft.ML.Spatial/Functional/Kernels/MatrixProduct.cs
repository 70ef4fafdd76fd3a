using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Microsoft.ML.Spatial.Functional.Kernels;

/// <summary>
/// C += A·B for the blocks of a convolution, on one thread: six rows by sixteen columns of C stay in registers while the depth is gone through. Every element of C
/// is summed in the order of the depth, however the work is cut.
/// </summary>
internal static unsafe class MatrixProduct
{
    /// <summary>Columns that are worked on together, of which B is read whatever its own number.</summary>
    public const int PanelColumns = 2 * Lanes.Count;

    /// <summary>Rows that are worked on together.</summary>
    public const int TileRows = 6;

    // So many rows of a panel stay in the nearest cache.
    private const int DepthBlock = 256;

    /// <summary>A matrix somewhere in memory.</summary>
    /// <param name="Start">The first element.</param>
    /// <param name="Row">Floats from one row to the next.</param>
    /// <param name="Column">Floats from one column to the next.</param>
    public readonly record struct Left(nint Start, nint Row, nint Column);

    /// <summary>A matrix in panels of <see cref="PanelColumns"/> columns side by side.</summary>
    /// <param name="Start">The first element.</param>
    /// <param name="Row">Floats from one row of a panel to the next.</param>
    /// <param name="Panel">Floats from one panel to the next.</param>
    public readonly record struct Right(nint Start, nint Row, nint Panel)
    {
        /// <summary>Panels of their own, one after the other.</summary>
        public static Right Packed(float* start, int depth) => new((nint)start, PanelColumns, (nint)depth * PanelColumns);

        /// <summary>The rows of an ordinary matrix.</summary>
        public static Right Rows(float* start, nint row) => new((nint)start, row, PanelColumns);
    }

    /// <summary>Columns up to whole panels.</summary>
    public static int RoundUp(int columns) => (columns + PanelColumns - 1) / PanelColumns * PanelColumns;

    /// <summary>C += A·B.</summary>
    /// <param name="rows">Rows of A and C.</param>
    /// <param name="columns">Columns of B and C.</param>
    /// <param name="depth">Columns of A and rows of B.</param>
    /// <param name="left">A.</param>
    /// <param name="right">B.</param>
    /// <param name="to">C, row by row.</param>
    /// <param name="toRow">Floats from one row of C to the next.</param>
    public static void Add(int rows, int columns, int depth, in Left left, in Right right, float* to, nint toRow)
    {
        for (var from = 0; from < depth; from += DepthBlock)
        {
            var count = Math.Min(DepthBlock, depth - from);
            var a = (float*)left.Start + (from * left.Column);
            for (var column = 0; column < columns; column += PanelColumns)
            {
                var b = (float*)right.Start + (column / PanelColumns * right.Panel) + (from * right.Row);
                var here = Math.Min(PanelColumns, columns - column);
                for (var row = 0; row < rows; row += TileRows)
                    AddSome(Math.Min(TileRows, rows - row), here, count, a + (row * left.Row), left.Row, left.Column, b, right.Row, to + (row * toRow) + column, toRow);
            }
        }
    }

    private static void AddSome(int rows, int columns, int depth, float* a, nint aRow, nint aColumn, float* b, nint bRow, float* c, nint cRow)
    {
        if (rows == TileRows && columns == PanelColumns)
        {
            AddTile(depth, a, aRow, rows, aColumn, b, bRow, c, cRow);
            return;
        }

        // Rows that are not there are the last one again, and go nowhere.
        var tile = stackalloc float[TileRows * PanelColumns];
        for (var row = 0; row < rows; row++)
            new ReadOnlySpan<float>(c + (row * cRow), columns).CopyTo(new Span<float>(tile + (row * PanelColumns), columns));
        AddTile(depth, a, aRow, rows, aColumn, b, bRow, tile, PanelColumns);
        for (var row = 0; row < rows; row++)
            new ReadOnlySpan<float>(tile + (row * PanelColumns), columns).CopyTo(new Span<float>(c + (row * cRow), columns));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddTile(int depth, float* a, nint aRow, int rows, nint aColumn, float* b, nint bRow, float* c, nint cRow)
    {
        var a0 = a;
        var a1 = a + (Math.Min(1, rows - 1) * aRow);
        var a2 = a + (Math.Min(2, rows - 1) * aRow);
        var a3 = a + (Math.Min(3, rows - 1) * aRow);
        var a4 = a + (Math.Min(4, rows - 1) * aRow);
        var a5 = a + (Math.Min(5, rows - 1) * aRow);
        var (c00, c01) = (Vector256.Load(c), Vector256.Load(c + Lanes.Count));
        var (c10, c11) = (Vector256.Load(c + cRow), Vector256.Load(c + cRow + Lanes.Count));
        var (c20, c21) = (Vector256.Load(c + (2 * cRow)), Vector256.Load(c + (2 * cRow) + Lanes.Count));
        var (c30, c31) = (Vector256.Load(c + (3 * cRow)), Vector256.Load(c + (3 * cRow) + Lanes.Count));
        var (c40, c41) = (Vector256.Load(c + (4 * cRow)), Vector256.Load(c + (4 * cRow) + Lanes.Count));
        var (c50, c51) = (Vector256.Load(c + (5 * cRow)), Vector256.Load(c + (5 * cRow) + Lanes.Count));
        nint at = 0;
        for (var k = 0; k < depth; k++)
        {
            var b0 = Vector256.Load(b);
            var b1 = Vector256.Load(b + Lanes.Count);
            b += bRow;
            var x = Vector256.Create(a0[at]);
            c00 = Vector256.FusedMultiplyAdd(x, b0, c00);
            c01 = Vector256.FusedMultiplyAdd(x, b1, c01);
            x = Vector256.Create(a1[at]);
            c10 = Vector256.FusedMultiplyAdd(x, b0, c10);
            c11 = Vector256.FusedMultiplyAdd(x, b1, c11);
            x = Vector256.Create(a2[at]);
            c20 = Vector256.FusedMultiplyAdd(x, b0, c20);
            c21 = Vector256.FusedMultiplyAdd(x, b1, c21);
            x = Vector256.Create(a3[at]);
            c30 = Vector256.FusedMultiplyAdd(x, b0, c30);
            c31 = Vector256.FusedMultiplyAdd(x, b1, c31);
            x = Vector256.Create(a4[at]);
            c40 = Vector256.FusedMultiplyAdd(x, b0, c40);
            c41 = Vector256.FusedMultiplyAdd(x, b1, c41);
            x = Vector256.Create(a5[at]);
            c50 = Vector256.FusedMultiplyAdd(x, b0, c50);
            c51 = Vector256.FusedMultiplyAdd(x, b1, c51);
            at += aColumn;
        }

        c00.Store(c);
        c01.Store(c + Lanes.Count);
        c10.Store(c + cRow);
        c11.Store(c + cRow + Lanes.Count);
        c20.Store(c + (2 * cRow));
        c21.Store(c + (2 * cRow) + Lanes.Count);
        c30.Store(c + (3 * cRow));
        c31.Store(c + (3 * cRow) + Lanes.Count);
        c40.Store(c + (4 * cRow));
        c41.Store(c + (4 * cRow) + Lanes.Count);
        c50.Store(c + (5 * cRow));
        c51.Store(c + (5 * cRow) + Lanes.Count);
    }
}
