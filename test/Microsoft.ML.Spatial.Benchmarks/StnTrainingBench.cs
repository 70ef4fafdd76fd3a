using System.Text.Json.Nodes;
using Microsoft.ML.Spatial.Components;
using Microsoft.ML.Spatial.Modules;
using Microsoft.ML.Spatial.Training;

namespace Microsoft.ML.Spatial.Benchmarks;

/// <summary>
/// Training images a second: the whole ML.NET pipeline (a view of images, the trainer, its first look at the labels and the making of the network included)
/// against the training loop of the PyTorch reference over tensors in memory. Same pictures, network, batch, optimiser and number of threads.
/// </summary>
internal static class StnTrainingBench
{
    private const int Batch = 128;

    public static async Task Run(int threads, int repetitions)
    {
        var report = new BenchReport("stn-training", threads);
        var ml = new MLContext(0);
        var pictures = await Pictures.Make(Batch * 24);
        var view = pictures.View(ml);
        var folder = Directory.CreateTempSubdirectory("spatial-bench-");
        try
        {
            var (pixels, labels) = (Path.Combine(folder.FullName, "pixels"), Path.Combine(folder.FullName, "labels"));
            await File.WriteAllBytesAsync(pixels, pictures.Pixels());
            await File.WriteAllBytesAsync(labels, pictures.Labels());
            foreach (var (name, architecture, rectified) in new (string, SpatialArchitecture, int?)[] { ("ST-CNN", SpatialArchitecture.StCnn, 28), ("CNN", SpatialArchitecture.Cnn, null) })
            {
                using var peer = new PythonPeer("stn_training.py", new JsonObject
                {
                    ["pixels"] = pixels, ["labels"] = labels, ["n"] = pictures.Count, ["side"] = Pictures.Side, ["model"] = name,
                    ["batch"] = Batch, ["threads"] = threads, ["lr"] = 1e-3, ["locmul"] = 1.0,
                });
                var trainer = ml.MulticlassClassification.Trainers.SpatialTransformer(new SpatialTransformerTrainer.Options
                {
                    Architecture = architecture,
                    ImageChannels = 1,
                    RectifiedHeight = rectified,
                    RectifiedWidth = rectified,
                    Epochs = 1,
                    BatchSize = Batch,
                    LearningRateSchedule = LearningRateSchedule.Constant,
                    NumberOfThreads = threads,
                });
                var pytorch = new Contender("PyTorch", () => peer.Run());
                var pipeline = Contender.Here("ML.NET pipeline", () => trainer.Fit(view).Dispose());
                Contender.Interleave(repetitions, pytorch, pipeline);
                var @case = $"{name}, RTS {Pictures.Side}x{Pictures.Side}, batch {Batch}";
                report.Add(@case, pytorch, pictures.Count, "images/s");
                report.Add(@case, pipeline, pictures.Count, "images/s");
                report.Ratio(architecture == SpatialArchitecture.StCnn ? "images_per_second/pytorch" : "cnn_images_per_second/pytorch", pytorch, pipeline);
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }

        report.Save();
    }
}
