using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using Microsoft.ML.Spatial.Components;
using Microsoft.ML.Spatial.Samples.DetectFashion.Data;
using Microsoft.ML.Spatial.Samples.DetectFashion.Generation;
using Microsoft.ML.Spatial.Samples.FashionMnist.Data;
using Microsoft.ML.Spatial.Training;

namespace Microsoft.ML.Spatial.Benchmarks;

/// <summary>
/// Training images a second of detectors: the whole ML.NET pipeline (a view of images, the trainer, its first look at the objects and the making of the network included) against the training loop
/// of the PyTorch reference over tensors in memory: plain, and deformable with torchvision's operator and with its composition from <c>grid_sample</c>. Same scenes, network, batch, optimiser and
/// number of threads.
/// </summary>
internal static class DetectorTrainingBench
{
    private const int Batch = 16;
    private const int Items = 4;

    public static async Task Run(int threads, int repetitions)
    {
        var report = new BenchReport("detector-training", threads);
        var ml = new MLContext(0);
        var folder = Directory.CreateTempSubdirectory("spatial-bench-");
        try
        {
            var data = FashionMnistDataSet.Read(await new FashionMnistFiles().LocateAsync(CancellationToken.None));
            var view = FashionSceneView.Training(data, Batch * 40, seed: 0);
            var setup = await Files(view, folder.FullName);
            PythonPeer Peer(string last, string impl)
            {
                var own = (JsonObject)setup.DeepClone();
                (own["threads"], own["last"], own["impl"]) = (threads, last, impl);
                return new PythonPeer("detector_training.py", own);
            }

            Contender Ours(int deformableLayers)
            {
                var trainer = ml.MulticlassClassification.Trainers.DeformableDetector(new DeformableDetectorTrainer.Options
                {
                    DeformableLayers = deformableLayers,
                    ImageChannels = 1,
                    Epochs = 1,
                    BatchSize = Batch,
                    LearningRateSchedule = LearningRateSchedule.Constant,
                    NumberOfThreads = threads,
                });
                return Contender.Here("ML.NET pipeline", () => trainer.Fit(view).Dispose());
            }

            using var plainPeer = Peer("plain", "gs");
            using var torchvisionPeer = Peer("deform", "tv");
            using var composedPeer = Peer("deform", "gs");
            var (plain, torchvision, composed) = (new Contender("PyTorch", () => plainPeer.Run()), new Contender("PyTorch, torchvision", () => torchvisionPeer.Run()), new Contender("PyTorch, grid_sample", () => composedPeer.Run()));
            var (ourPlain, ourDeformable) = (Ours(0), Ours(2));
            Contender.Interleave(repetitions, plain, ourPlain, torchvision, composed, ourDeformable);
            foreach (var contender in new[] { plain, ourPlain })
                report.Add($"plain, scenes 96x96, batch {Batch}", contender, view.Count, "images/s");
            foreach (var contender in new[] { torchvision, composed, ourDeformable })
                report.Add($"deformable, scenes 96x96, batch {Batch}", contender, view.Count, "images/s");
            report.Ratio("plain/pytorch", plain, ourPlain);
            report.Ratio("deformable/torchvision", torchvision, ourDeformable);
            report.Ratio("deformable/grid_sample", composed, ourDeformable);
        }
        finally
        {
            folder.Delete(recursive: true);
        }

        report.Save();
    }

    /// <summary>Writes the scenes as the peers read them.</summary>
    private static async Task<JsonObject> Files(FashionSceneView view, string folder)
    {
        var (boxes, labels) = (new float[view.Count * Items * 4], new long[view.Count * Items]);
        Array.Fill(labels, -1);
        for (var scene = 0; scene < view.Count; scene++)
        {
            for (var item = 0; item < view.Scenes[scene].Objects.Count; item++)
            {
                var (box, label) = (view.Scenes[scene].Objects[item].Box, view.Scenes[scene].Objects[item].Label);
                labels[(scene * Items) + item] = label;
                float[] sides = [box.Left, box.Top, box.Right, box.Bottom];
                sides.CopyTo(boxes, 4 * ((scene * Items) + item));
            }
        }

        var paths = new JsonObject { ["n"] = view.Count, ["batch"] = Batch };
        foreach (var (name, bytes) in new (string, byte[])[]
        {
            ("pixels", [.. view.Scenes.SelectMany(scene => scene.Pixels)]), ("boxes", MemoryMarshal.AsBytes(boxes.AsSpan()).ToArray()), ("labels", MemoryMarshal.AsBytes(labels.AsSpan()).ToArray()),
        })
        {
            paths[name] = Path.Combine(folder, name);
            await File.WriteAllBytesAsync(Path.Combine(folder, name), bytes);
        }

        return paths;
    }
}
