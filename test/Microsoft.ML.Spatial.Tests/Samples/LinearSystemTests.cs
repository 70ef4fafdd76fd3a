using Microsoft.ML.Spatial.Samples.FashionMnist.Generation;

namespace Microsoft.ML.Spatial.Tests.Samples;

[TestClass]
public sealed class LinearSystemTests
{
    [TestMethod]
    [DataRow(1, 1)]
    [DataRow(8, 1)]
    [DataRow(19, 5)]
    public void SolvesWhatItIsGiven(int n, int columns)
    {
        var random = new Random(n);
        var matrix = Enumerable.Range(0, n * n).Select(_ => random.NextDouble() - 0.5).ToArray();
        var expected = Enumerable.Range(0, n * columns).Select(_ => random.NextDouble() - 0.5).ToArray();
        var values = new double[n * columns];
        for (int r = 0; r < n; r++)
            for (int c = 0; c < columns; c++)
                values[r * columns + c] = Enumerable.Range(0, n).Sum(k => matrix[r * n + k] * expected[k * columns + c]);

        LinearSystem.Solve(matrix, values, n, columns);
        for (int k = 0; k < values.Length; k++)
            Assert.AreEqual(expected[k], values[k], 1e-11);
    }

    [TestMethod]
    public void ExchangesRowsWhereAPivotIsZero()
    {
        double[] values = [3, 5];
        LinearSystem.Solve([0, 2, 1, 1], values, 2, 1);
        CollectionAssert.AreEqual(new[] { 3.5, 1.5 }, values);
    }
}
