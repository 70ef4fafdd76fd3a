namespace Microsoft.ML.Spatial.Tests.Components;

/// <summary>Compares values of rows, array by array, bit for bit.</summary>
internal static class RowsAssert
{
    public static void AreEqual<T>(IReadOnlyList<T[]?> expected, IReadOnlyList<T[]?> actual, string what = "")
    {
        Assert.HasCount(expected.Count, actual, what);
        for (var i = 0; i < expected.Count; i++)
        {
            CollectionAssert.AreEqual(expected[i], actual[i], $"{what} row {i}");
        }
    }
}
