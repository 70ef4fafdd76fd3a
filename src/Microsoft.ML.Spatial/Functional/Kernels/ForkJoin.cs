using System.Runtime.ExceptionServices;

namespace Microsoft.ML.Spatial.Functional.Kernels;

/// <summary>Divides equal pieces of work among threads.</summary>
/// <remarks>
/// The threads are kept, and look for work a little while after they had some, as those of OpenMP do: kernels follow each other within less time than it takes to wake a thread
/// from its sleep, in a virtual machine above all. Whoever comes first takes the next piece, the caller too, so nobody waits for a thread that comes late.
/// </remarks>
internal static class ForkJoin
{
    private const int PiecesOfAThread = 4;

    // One piece of work at a time has the team; another caller's goes by the thread pool meanwhile.
    private static readonly Lock Team = new();
    private static int _workers;

    /// <summary>Calls <paramref name="work"/> for ranges that together are all items; on the caller's thread alone where one is allowed or enough.</summary>
    /// <param name="items">How many items there are.</param>
    /// <param name="threads">Most threads to use, at least 1.</param>
    /// <param name="work">Does the items from the first number up to the second.</param>
    public static void Run(int items, int threads, Action<int, int> work)
    {
        var parts = Math.Min(items, threads);
        if (parts <= 1)
        {
            if (parts == 1)
                work(0, items);
            return;
        }

        var job = new Job(items, Math.Min(items, PiecesOfAThread * parts), parts - 1, work);
        if (!Team.TryEnter())
        {
            Parallel.For(0, parts, new ParallelOptions { MaxDegreeOfParallelism = parts }, _ => job.Help());
            job.End();
            return;
        }

        try
        {
            for (; _workers < parts - 1; _workers++)
                new Thread(Worker.Run) { IsBackground = true, Name = nameof(ForkJoin) }.Start();
            Worker.Give(job);
            job.Help();
            job.End();
        }
        finally
        {
            Worker.Take();
            Team.Exit();
        }
    }

    /// <summary>Pieces of one call, taken by whoever comes.</summary>
    private sealed class Job(int items, int pieces, int helpers, Action<int, int> work)
    {
        private int _taken = -1;
        private int _joined;
        private int _inside;
        private int _isClosed;
        private ExceptionDispatchInfo? _error;

        /// <summary>Takes pieces until there are none. What a piece throws comes out of <see cref="End"/>.</summary>
        public void Help()
        {
            try
            {
                for (long piece = Interlocked.Increment(ref _taken); piece < pieces; piece = Interlocked.Increment(ref _taken))
                    work((int)(items * piece / pieces), (int)(items * (piece + 1) / pieces));
            }
#pragma warning disable CA1031 // it is thrown again on the caller's thread
            catch (Exception error)
#pragma warning restore CA1031
            {
                Interlocked.CompareExchange(ref _error, ExceptionDispatchInfo.Capture(error), null);
            }
        }

        /// <summary>Helps where one more may, and the caller has not ended.</summary>
        public void Join()
        {
            if (Interlocked.Increment(ref _joined) > helpers)
                return;
            Interlocked.Increment(ref _inside);
            if (Volatile.Read(ref _isClosed) == 0)
                Help();
            Interlocked.Decrement(ref _inside);
        }

        /// <summary>Lets nobody else in, waits for who is, and throws what they threw.</summary>
        public void End()
        {
            Interlocked.Exchange(ref _isClosed, 1);
            var wait = default(SpinWait);
            while (Volatile.Read(ref _inside) > 0)
                wait.SpinOnce(sleep1Threshold: -1);
            _error?.Throw();
        }
    }

    /// <summary>A thread of the team.</summary>
    private static class Worker
    {
        // So many looks take about half a millisecond.
        private const int Looks = 2000;
        private const int LooksBetweenYields = 16;
        private const int SpinsOfALook = 20;

        private static readonly SemaphoreSlim Wake = new(0);
        private static int _sleeping;
        private static Job? _job;

        /// <summary>Offers a job to all threads of the team.</summary>
        public static void Give(Job job)
        {
            Interlocked.Exchange(ref _job, job);
            var sleeping = Interlocked.Exchange(ref _sleeping, 0);
            if (sleeping > 0)
                Wake.Release(sleeping);
        }

        /// <summary>Takes the job back, and what it holds with it.</summary>
        public static void Take() => Interlocked.Exchange(ref _job, null);

        public static void Run()
        {
            Job? seen = null;
            while (true)
            {
                for (var look = 0; look < Looks && ReferenceEquals(Volatile.Read(ref _job), seen); look++)
                {
                    Thread.SpinWait(SpinsOfALook);
                    if (look % LooksBetweenYields == 0)
                        Thread.Yield();
                }

                if (ReferenceEquals(Volatile.Read(ref _job), seen))
                {
                    // Who gives a job after this sees a sleeper; who gave one before is seen here.
                    Interlocked.Increment(ref _sleeping);
                    if (ReferenceEquals(Volatile.Read(ref _job), seen))
                        Wake.Wait();
                    continue;
                }

                seen = Volatile.Read(ref _job);
                seen?.Join();
            }
        }
    }
}
