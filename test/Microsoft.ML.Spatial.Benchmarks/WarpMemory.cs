using System.Diagnostics;
using System.Globalization;
using TorchSharp;

namespace Microsoft.ML.Spatial.Benchmarks;

/// <summary>
/// How much a process grows at most by one forward and backward pass, above input, output and their gradients. Each pass runs in a process of its own, whose
/// allocator holds no memory of earlier ones; a small warp goes before, so that code is compiled.
/// </summary>
internal static class WarpMemory
{
    /// <summary>Name of the command of the measuring process.</summary>
    public const string Command = "warp-memory";

    private const double Mebibyte = 1 << 20;

    /// <summary>Measures a shape in processes of their own, and adds what they say to the report.</summary>
    public static void Report(BenchReport report, long[] shape)
    {
        var name = string.Join('x', shape.Select(side => side.ToString(CultureInfo.InvariantCulture)));
        report.Memory($"{name}/output", sizeof(float) * shape.Aggregate(1L, (product, side) => product * side) / Mebibyte);
        foreach (var warp in new[] { "libtorch", "affine", "projective", "tps" })
        {
            var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true };

            // Memory of any size worth counting comes from the system and goes back to it, so that none of an earlier warp is used again unseen.
            start.Environment["MALLOC_MMAP_THRESHOLD_"] = "65536";
            if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
                start.ArgumentList.Add(typeof(WarpMemory).Assembly.Location);
            foreach (var argument in new[] { Command, warp, name })
                start.ArgumentList.Add(argument);
            using var process = Process.Start(start)!;
            var answer = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            report.Memory($"{name}/{warp}", double.Parse(answer, CultureInfo.InvariantCulture));
        }
    }

    /// <summary>The measuring process: prints mebibytes.</summary>
    /// <param name="arguments">The command, the warp and the shape.</param>
    public static void Measure(string[] arguments)
    {
        torch.set_num_threads(1);
        var shape = arguments[2].Split('x').Select(side => long.Parse(side, CultureInfo.InvariantCulture)).ToArray();
        using (var small = new WarpCase([2, shape[1], 8, 8]))
            small.ForwardBackward(arguments[1]);
        using var warps = new WarpCase(shape);
        GC.Collect();
        GC.WaitForPendingFinalizers();

        // Linux: 5 brings the highest size back to the present one.
        File.WriteAllText("/proc/self/clear_refs", "5");
        var before = Status("VmRSS");
        warps.ForwardBackward(arguments[1]);
        var results = 2 * sizeof(float) * warps.OutputElements;
        Console.WriteLine(((Status("VmHWM") - before - results) / Mebibyte).ToString(CultureInfo.InvariantCulture));
    }

    private static double Status(string field)
    {
        var line = File.ReadLines("/proc/self/status").Single(line => line.StartsWith(field, StringComparison.Ordinal));
        return 1024 * double.Parse(line.Split(':')[1].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture);
    }
}
