using System.Globalization;
using TorchSharp;

namespace Microsoft.ML.Spatial.Benchmarks;

/// <summary>Peak memory of one forward and backward pass of a warp, above input, output and their gradients.</summary>
internal static class WarpMemory
{
    /// <summary>Name of the command of the measuring process.</summary>
    public const string Command = "warp-memory";

    /// <summary>Measures a shape in processes of their own, and adds what they say to the report.</summary>
    public static void Report(BenchReport report, long[] shape)
    {
        var name = string.Join('x', shape.Select(side => side.ToString(CultureInfo.InvariantCulture)));
        report.Memory($"{name}/output", sizeof(float) * shape.Aggregate(1L, (product, side) => product * side) / PeakMemory.Mebibyte);
        foreach (var warp in new[] { "libtorch", "affine", "projective", "tps" })
            report.Memory($"{name}/{warp}", PeakMemory.InOwnProcess(Command, warp, name));
    }

    /// <summary>The measuring process.</summary>
    /// <param name="arguments">The command, the warp and the shape.</param>
    public static void Measure(string[] arguments)
    {
        torch.set_num_threads(1);
        var shape = arguments[2].Split('x').Select(side => long.Parse(side, CultureInfo.InvariantCulture)).ToArray();
        using (var small = new WarpCase([2, shape[1], 8, 8]))
            small.ForwardBackward(arguments[1]);
        using var warps = new WarpCase(shape);
        PeakMemory.Measure(() => warps.ForwardBackward(arguments[1]), 2 * sizeof(float) * warps.OutputElements);
    }
}
