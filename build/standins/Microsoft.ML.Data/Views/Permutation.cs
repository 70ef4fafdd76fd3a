namespace Microsoft.ML.Data;

/// <summary>Orders of rows.</summary>
internal static class Permutation
{
    public static int[] Random(int count, Random random)
    {
        int[] order = Enumerable.Range(0, count).ToArray();
        random.Shuffle(order);
        return order;
    }
}
