using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.ML.Spatial.Functional;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Spatial.Benchmarks;

/// <summary>
/// The poolings of RoIs against torchvision's <c>roi_align</c>, <c>ps_roi_align</c> and <c>roi_pool</c> in a child process, on the same values: forward, and forward +
/// backward to input and offsets, with 1 and with 2 threads. 2000 RoIs on one map of 50x68 of stride 16, 7x7 bins, adaptive sampling, or 4x4 samples of a bin where
/// the deformable position-sensitive form has so many. In the ratios of the deformable forms <c>align</c> and <c>psroi</c> are torchvision's plain forms, and those
/// with <c>own</c> ours.
/// </summary>
internal static class RoIBench
{
    private const int RoIs = 2000, Height = 50, Width = 68, Bins = 7, Channels = 256;

    // The multiple of 49 next to 256.
    private const int PositionSensitiveChannels = 245;

    private const double Scale = 1 / 16.0;

    private const int WarmUps = 10;

    public static void Run(int repetitions)
    {
        var report = new BenchReport("roi", 1);
        var folder = Directory.CreateTempSubdirectory("spatial-bench-");
        try
        {
            foreach (var threads in new[] { 1, 2 })
            {
                set_num_threads(threads);
                foreach (var backward in new[] { false, true })
                    Measure(report, threads, backward, repetitions, folder.FullName);
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }

        report.Save();
    }

    private static void Measure(BenchReport report, int threads, bool backward, int repetitions, string folder)
    {
        using var scope = NewDisposeScope();
        var random = new Random(7);
        Tensor Uniform(double least, double most, params long[] shape)
        {
            var values = new float[shape.Aggregate(1L, (product, side) => product * side)];
            for (var i = 0; i < values.Length; i++)
                values[i] = (float)(least + ((most - least) * random.NextDouble()));
            return from_array(values, CPU).reshape(shape);
        }

        var (input, sensitive) = (Uniform(-1, 1, 1, Channels, Height, Width), Uniform(-1, 1, 1, PositionSensitiveChannels, Height, Width));
        var (gradient, sensitiveGradient) = (Uniform(-1, 1, RoIs, Channels, Bins, Bins), Uniform(-1, 1, RoIs, PositionSensitiveChannels / (Bins * Bins), Bins, Bins));
        var offsets = Uniform(-1, 1, RoIs, 2, Bins, Bins);
        var corners = new float[5 * RoIs];
        for (var k = 0; k < RoIs; k++)
        {
            // Sides of 32 to 400 pixels of the image, evenly by their logarithm, inside the image.
            double Side() => 32 * Math.Pow(400 / 32.0, random.NextDouble());
            var (w, h) = (Side(), Side());
            var (x, y) = (random.NextDouble() * ((Width / Scale) - w), random.NextDouble() * ((Height / Scale) - h));
            (corners[(5 * k) + 1], corners[(5 * k) + 2], corners[(5 * k) + 3], corners[(5 * k) + 4]) = ((float)x, (float)y, (float)(x + w), (float)(y + h));
        }

        var rois = from_array(corners, CPU).reshape(RoIs, 5);
        foreach (var tensor in new[] { input, sensitive, offsets })
            tensor.requires_grad_();
        string Saved(string name, Tensor tensor)
        {
            var path = Path.Combine(folder, name);
            using var values = tensor.detach();
            File.WriteAllBytes(path, values.bytes);
            return path;
        }

        var pass = backward ? "forward_backward" : "forward";
        PythonPeer Peer(string op, Tensor of, Tensor by, int ratio) => new("roi_ops.py", new JsonObject
        {
            ["op"] = op, ["input"] = Saved("input", of), ["rois"] = Saved("rois", rois), ["gradient"] = Saved("gradient", by),
            ["input_shape"] = ShapeOf(of), ["rois_shape"] = ShapeOf(rois), ["gradient_shape"] = ShapeOf(by),
            ["size"] = Bins, ["scale"] = Scale, ["ratio"] = ratio, ["aligned"] = true, ["backward"] = backward, ["rounds"] = 1, ["threads"] = threads,
        });
        Contender Ours(string name, Tensor leaf, Tensor by, Func<Tensor, Tensor> pool)
        {
            void Work()
            {
                using var inner = NewDisposeScope();
                if (!backward)
                {
                    using var noGradient = no_grad();
                    pool(leaf);
                    return;
                }

                (leaf.grad, offsets.grad) = (null, null);
                pool(leaf.view(leaf.shape)).backward([by]);
            }

            // Code is compiled anew once it has run for a while.
            for (var i = 0; i < WarmUps; i++)
                Work();
            return Rounds.Of(name, Work);
        }

        using var align = Peer("roi_align", input, gradient, -1);
        using var psAlign = Peer("ps_roi_align", sensitive, sensitiveGradient, -1);
        using var psAlign4 = Peer("ps_roi_align", sensitive, sensitiveGradient, 4);
        using var max = Peer("roi_pool", input, gradient, -1);
        Contender[] contenders =
        [
            new("torchvision align", () => align.Run()), Ours("align", input, gradient, x => SpatialOps.RoIAlign(x, rois, Bins, Bins, Scale, -1, aligned: true)),
            Ours("deform", input, gradient, x => SpatialOps.DeformRoIPool(x, rois, offsets, Bins, Bins, Scale)),
            new("torchvision psalign", () => psAlign.Run()), Ours("psalign", sensitive, sensitiveGradient, x => SpatialOps.PSRoIAlign(x, rois, Bins, Bins, Scale)),
            new("torchvision psalign 4x4", () => psAlign4.Run()),
            Ours("deform ps", sensitive, sensitiveGradient, x => SpatialOps.DeformPSRoIPool(x, rois, offsets, PositionSensitiveChannels / (Bins * Bins), Bins, Bins, Scale)),
            new("torchvision pool", () => max.Run()), Ours("pool", input, gradient, x => SpatialOps.RoIPool(x, rois, Bins, Bins, Scale)),
        ];
        Contender.Interleave(repetitions, contenders);
        foreach (var contender in contenders)
            report.Add(string.Create(CultureInfo.InvariantCulture, $"{pass}, {threads} thr."), contender, RoIs, "RoIs/s");

        var times = contenders.ToDictionary(contender => contender.Name);
        var suffix = threads == 1 ? "" : string.Create(CultureInfo.InvariantCulture, $"_{threads}_threads");
        void Ratio(string ours, string peer, string key) => report.Ratio(key + suffix, times[peer], times[ours]);
        Ratio("align", "torchvision align", $"align_{pass}/torchvision");
        Ratio("psalign", "torchvision psalign", $"psroi_{pass}/torchvision");
        Ratio("pool", "torchvision pool", $"pool_{pass}/torchvision");
        Ratio("deform", "torchvision align", $"deform_{pass}/align");
        Ratio("deform ps", "torchvision psalign", $"deform_psroi_{pass}/psroi");
        Ratio("deform ps", "torchvision psalign 4x4", $"deform_psroi_{pass}/psroi_4x4");
        Ratio("deform", "align", $"deform_{pass}/own_align");
        Ratio("deform ps", "psalign", $"deform_psroi_{pass}/own_psroi");
    }

    private static JsonArray ShapeOf(Tensor tensor) => [.. tensor.shape.Select(side => JsonValue.Create(side))];
}
