namespace Microsoft.ML.Spatial.Benchmarks;

/// <summary>Work too short to be timed by itself is done several times in a row.</summary>
internal static class Rounds
{
    private const double LeastSeconds = 0.06;

    /// <summary>A contender of this process whose timings are those of doing something once.</summary>
    /// <param name="name">What the table calls it.</param>
    /// <param name="work">What is timed.</param>
    public static Contender Of(string name, Action work)
    {
        var rounds = Count(work);
        var several = Contender.Here(name, () =>
        {
            for (var i = 0; i < rounds; i++)
                work();
        }, LetThreadsSleep);
        return new Contender(name, () =>
        {
            var timing = several.Run();
            return new Timing(timing.Wall / rounds, timing.Cpu / rounds);
        });
    }

    /// <summary>How often to do something so that it takes long enough to be timed.</summary>
    private static int Count(Action work)
    {
        work();
        var once = Contender.Here("", work);
        Contender.Interleave(3, once);
        return Math.Max(1, (int)Math.Ceiling(LeastSeconds / once.Wall));
    }

    /// <summary>Threads of OpenMP go on spinning for a while after their work, on a core that the next contender needs.</summary>
    public static void LetThreadsSleep() => Thread.Sleep(25);
}
