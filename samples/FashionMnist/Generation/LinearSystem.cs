namespace Microsoft.ML.Spatial.Samples.FashionMnist.Generation;

/// <summary>Small systems of linear equations.</summary>
internal static class LinearSystem
{
    /// <summary>Solves A X = B in place by Gaussian elimination with partial pivoting.</summary>
    /// <param name="matrix">A, regular, n x n, row-major; spoilt.</param>
    /// <param name="values">B, n x <paramref name="columns"/>, row-major; receives X.</param>
    /// <param name="n">The number of unknowns.</param>
    /// <param name="columns">The number of right-hand sides.</param>
    public static void Solve(Span<double> matrix, Span<double> values, int n, int columns)
    {
        for (int k = 0; k < n; k++)
        {
            int pivot = k;
            for (int r = k + 1; r < n; r++)
                if (Math.Abs(matrix[r * n + k]) > Math.Abs(matrix[pivot * n + k]))
                    pivot = r;
            Swap(matrix.Slice(k * n, n), matrix.Slice(pivot * n, n));
            Swap(values.Slice(k * columns, columns), values.Slice(pivot * columns, columns));
            for (int r = k + 1; r < n; r++)
            {
                double factor = matrix[r * n + k] / matrix[k * n + k];
                Subtract(matrix.Slice(r * n, n), factor, matrix.Slice(k * n, n));
                Subtract(values.Slice(r * columns, columns), factor, values.Slice(k * columns, columns));
            }
        }

        for (int k = n - 1; k >= 0; k--)
        {
            var row = values.Slice(k * columns, columns);
            for (int c = k + 1; c < n; c++)
                Subtract(row, matrix[k * n + c], values.Slice(c * columns, columns));
            foreach (ref double value in row)
                value /= matrix[k * n + k];
        }
    }

    private static void Swap(Span<double> one, Span<double> other)
    {
        for (int k = 0; k < one.Length; k++)
            (one[k], other[k]) = (other[k], one[k]);
    }

    private static void Subtract(Span<double> row, double factor, ReadOnlySpan<double> other)
    {
        for (int k = 0; k < row.Length; k++)
            row[k] -= factor * other[k];
    }
}
