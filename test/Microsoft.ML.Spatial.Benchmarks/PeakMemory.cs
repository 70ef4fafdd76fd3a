using System.Diagnostics;
using System.Globalization;

namespace Microsoft.ML.Spatial.Benchmarks;

/// <summary>
/// How much a process grows at most by a piece of work, above its inputs and results. Each piece runs in a process of its own, whose allocator holds no memory of
/// earlier ones.
/// </summary>
internal static class PeakMemory
{
    /// <summary>Bytes of a mebibyte.</summary>
    public const double Mebibyte = 1 << 20;

    /// <summary>Has a process of its own measure.</summary>
    /// <param name="arguments">The command of the measuring process, and what it is told.</param>
    /// <returns>Mebibytes.</returns>
    public static double InOwnProcess(params string[] arguments)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true };

        // Memory of any size worth counting comes from the system and goes back to it, so that none of an earlier piece is used again unseen.
        start.Environment["MALLOC_MMAP_THRESHOLD_"] = "65536";
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
            start.ArgumentList.Add(typeof(PeakMemory).Assembly.Location);
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        var answer = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return double.Parse(answer, CultureInfo.InvariantCulture);
    }

    /// <summary>In the measuring process: prints mebibytes.</summary>
    /// <param name="work">The work; something small like it goes before, so that code is compiled.</param>
    /// <param name="resultBytes">Bytes of its results.</param>
    public static void Measure(Action work, double resultBytes)
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();

        // Linux: 5 brings the highest size back to the present one.
        File.WriteAllText("/proc/self/clear_refs", "5");
        var before = Status("VmRSS");
        work();
        Console.WriteLine(((Status("VmHWM") - before - resultBytes) / Mebibyte).ToString(CultureInfo.InvariantCulture));
    }

    private static double Status(string field)
    {
        var line = File.ReadLines("/proc/self/status").Single(line => line.StartsWith(field, StringComparison.Ordinal));
        return 1024 * double.Parse(line.Split(':')[1].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture);
    }
}
