using System.Globalization;
using TorchSharp;

namespace Microsoft.ML.Spatial.Benchmarks;

/// <summary>
/// The fused warps against <c>affine_grid</c> + <c>grid_sample</c> of the same libtorch, in the same process: forward, and forward + backward to input and
/// theta; bilinear, zeros outside; with 1 and with 2 threads.
/// </summary>
internal static class WarpBench
{
    public static void Run(int repetitions)
    {
        var report = new BenchReport("warp", 1);
        foreach (var threads in new[] { 1, 2 })
        {
            torch.set_num_threads(threads);
            var suffix = threads == 1 ? "" : string.Create(CultureInfo.InvariantCulture, $"_{threads}_threads");
            var cases = WarpCase.Shapes.Select(shape => Measure(report, shape, threads, repetitions)).ToArray();
            double Mean(string pass, string peer, string ours) => Math.Exp(cases.Average(times => Math.Log(times[(pass, peer)] / times[(pass, ours)])));
            double Worst(string pass, string peer, string ours) => cases.Min(times => times[(pass, peer)] / times[(pass, ours)]);
            foreach (var pass in new[] { "forward", "forward_backward" })
            {
                report.Ratio($"affine_{pass}/libtorch{suffix}", Mean(pass, "libtorch", "affine"));
                report.Ratio($"affine_{pass}_worst/libtorch{suffix}", Worst(pass, "libtorch", "affine"));
                report.Ratio($"grid_{pass}/libtorch{suffix}", Mean(pass, "libtorch grid", "grid"));
                report.Ratio($"projective_{pass}/affine{suffix}", Mean(pass, "affine", "projective"));
                report.Ratio($"tps_{pass}/affine{suffix}", Mean(pass, "affine", "tps"));
            }
        }

        foreach (var shape in WarpCase.Shapes)
            WarpMemory.Report(report, shape);
        report.Save();
    }

    private static Dictionary<(string Pass, string Warp), double> Measure(BenchReport report, long[] shape, int threads, int repetitions)
    {
        using var warps = new WarpCase(shape);
        var times = new Dictionary<(string, string), double>();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{warps.Name}: affine differs from libtorch by {warps.Difference("affine", "libtorch"):E1}, grid by {warps.Difference("grid", "libtorch grid"):E1} of the largest value"));
        foreach (var (pass, run) in new (string, Action<string>)[] { ("forward", warps.Forward), ("forward_backward", warps.ForwardBackward) })
        {
            var contenders = warps.Warps.Keys.Select(warp => Rounds.Of(warp, () => run(warp))).ToArray();
            Contender.Interleave(repetitions, contenders);
            foreach (var contender in contenders)
            {
                report.Add(string.Create(CultureInfo.InvariantCulture, $"{warps.Name} {pass}, {threads} thr."), contender, shape[0], "images/s");
                times[(pass, contender.Name)] = contender.Wall;
            }
        }

        return times;
    }
}
