using System.Diagnostics;

namespace Microsoft.ML.Spatial.Benchmarks;

/// <summary>One side of a comparison: it does the same work each time it is run and says how long that took.</summary>
internal sealed class Contender(string name, Func<Timing> run)
{
    public string Name => name;

    public List<Timing> Timings { get; } = [];

    /// <summary>Median wall seconds of a repetition.</summary>
    public double Wall => Median(Timings.Select(timing => timing.Wall));

    /// <summary>Median processor seconds of a repetition.</summary>
    public double Cpu => Median(Timings.Select(timing => timing.Cpu));

    /// <summary>A contender that works in this process.</summary>
    /// <param name="name">What the table calls it.</param>
    /// <param name="work">What is timed.</param>
    /// <param name="prepare">What goes before each repetition, untimed.</param>
    public static Contender Here(string name, Action work, Action? prepare = null) => new(name, () =>
    {
        prepare?.Invoke();
        var process = Process.GetCurrentProcess();
        var cpu = process.TotalProcessorTime;
        var watch = Stopwatch.StartNew();
        work();
        var wall = watch.Elapsed.TotalSeconds;
        process.Refresh();
        return new Timing(wall, (process.TotalProcessorTime - cpu).TotalSeconds);
    });

    /// <summary>Runs contenders in turn, once unmeasured to warm up and then the number of times asked for.</summary>
    public static void Interleave(int repetitions, params Contender[] contenders)
    {
        for (var repetition = -1; repetition < repetitions; repetition++)
        {
            foreach (var contender in contenders)
            {
                var timing = contender.Run();
                if (repetition >= 0)
                {
                    contender.Timings.Add(timing);
                }
            }
        }
    }

    /// <summary>Does the work once, unrecorded.</summary>
    public Timing Run() => run();

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[(sorted.Length / 2) - 1] + sorted[sorted.Length / 2]) / 2;
    }
}
