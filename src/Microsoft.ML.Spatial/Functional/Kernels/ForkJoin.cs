namespace Microsoft.ML.Spatial.Functional.Kernels;

/// <summary>Divides equal pieces of work among threads.</summary>
internal static class ForkJoin
{
    // A thread may come late, or lose its processor for a while to OpenMP's threads, which spin after every operator of torch: then others do its pieces.
    private const int PiecesOfAThread = 4;

    /// <summary>Calls <paramref name="work"/> for ranges that together are all items; on the caller's thread alone where one is allowed or enough.</summary>
    /// <param name="items">How many items there are.</param>
    /// <param name="threads">Most threads to use, at least 1.</param>
    /// <param name="work">Does the items from the first number up to the second.</param>
    public static void Run(int items, int threads, Action<int, int> work)
    {
        var parts = Math.Min(items, threads);
        if (parts == 1)
        {
            work(0, items);
        }
        else if (parts > 1)
        {
            var (pieces, taken) = (Math.Min((long)items, (long)PiecesOfAThread * parts), -1);
            Parallel.For(0, parts, new ParallelOptions { MaxDegreeOfParallelism = parts }, _ =>
            {
                for (var piece = (long)Interlocked.Increment(ref taken); piece < pieces; piece = Interlocked.Increment(ref taken))
                    work((int)(items * piece / pieces), (int)(items * (piece + 1) / pieces));
            });
        }
    }
}
