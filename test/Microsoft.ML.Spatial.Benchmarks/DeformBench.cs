using System.Globalization;
using System.Text.Json.Nodes;
using TorchSharp;

namespace Microsoft.ML.Spatial.Benchmarks;

/// <summary>
/// Deformable convolution (v2, with mask) against torchvision's operator in a child process, and against its composition from <c>grid_sample</c> and the plain convolution
/// of the same libtorch in this process: forward, and forward + backward to input, offsets, mask and weight; with 1 and with 2 threads.
/// </summary>
internal static class DeformBench
{
    /// <summary>Name of the command of the process that measures memory.</summary>
    public const string MemoryCommand = "deform-memory";

    private static readonly string[] Passes = ["forward", "forward_backward"];

    public static void Run(int repetitions)
    {
        var report = new BenchReport("deform", 1);
        Dictionary<(string Pass, string Way), double>[]? alone = null;
        foreach (var threads in new[] { 1, 2 })
        {
            torch.set_num_threads(threads);
            var suffix = threads == 1 ? "" : string.Create(CultureInfo.InvariantCulture, $"_{threads}_threads");
            using var torchvision = new PythonPeer("deform_ops.py", new JsonObject { ["threads"] = threads });
            var cases = DeformCase.Shape.All.Select(shape => Measure(report, torchvision, shape, threads, repetitions)).ToArray();
            double Mean(string pass, string peer) => Math.Exp(cases.Average(times => Math.Log(times[(pass, peer)] / times[(pass, "ours")])));
            foreach (var pass in Passes)
            {
                report.Ratio($"{pass}/torchvision{suffix}", Mean(pass, "torchvision"));
                report.Ratio($"{pass}/conv2d{suffix}", Mean(pass, "conv2d"));
                report.Ratio($"{pass}/grid_sample{suffix}", Mean(pass, "grid_sample"));
            }

            if (alone is not null)
            {
                foreach (var pass in Passes)
                    report.Ratio($"{pass}/one_thread{suffix}", Math.Exp(cases.Zip(alone, (times, one) => Math.Log(one[(pass, "ours")] / times[(pass, "ours")])).Average()));
            }

            alone ??= cases;
            report.Ratio($"worst/torchvision{suffix}", cases.SelectMany(times => Passes.Select(pass => times[(pass, "torchvision")] / times[(pass, "ours")])).Min());
        }

        foreach (var way in new[] { "ours", "grid_sample", "conv2d" })
            report.Memory($"{DeformCase.Shape.Large.Name}/{way}", PeakMemory.InOwnProcess(MemoryCommand, way));
        report.Save();
    }

    /// <summary>The process that measures the memory of a forward and backward pass.</summary>
    /// <param name="arguments">The command and the way.</param>
    public static void MeasureMemory(string[] arguments)
    {
        torch.set_num_threads(1);
        using (var small = new DeformCase(DeformCase.Shape.Large with { Pictures = 1, Side = 8 }))
            small.ForwardBackward(arguments[1]);
        using var large = new DeformCase(DeformCase.Shape.Large);
        PeakMemory.Measure(() => large.ForwardBackward(arguments[1]), large.ResultBytes);
    }

    private static Dictionary<(string Pass, string Way), double> Measure(BenchReport report, PythonPeer torchvision, DeformCase.Shape shape, int threads, int repetitions)
    {
        using var ways = new DeformCase(shape);
        torchvision.Run(shape.Json.ToJsonString());
        var times = new Dictionary<(string, string), double>();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{shape.Name}: differs from grid_sample by {ways.Difference("ours", "grid_sample"):E1} of the largest value"));
        foreach (var pass in Passes)
        {
            void Once(string way)
            {
                if (pass == "forward")
                    ways.Forward(way);
                else
                    ways.ForwardBackward(way);
            }

            Contender[] contenders =
            [
                new Contender("torchvision", () =>
                {
                    Rounds.LetThreadsSleep();
                    return torchvision.Run(pass);
                }),
                .. ways.Ways.Keys.Select(way => Rounds.Of(way, () => Once(way))),
            ];
            Contender.Interleave(repetitions, contenders);
            foreach (var contender in contenders)
            {
                report.Add(string.Create(CultureInfo.InvariantCulture, $"{shape.Name} {pass}, {threads} thr."), contender, shape.Pictures, "images/s");
                times[(pass, contender.Name)] = contender.Wall;
            }
        }

        return times;
    }
}
