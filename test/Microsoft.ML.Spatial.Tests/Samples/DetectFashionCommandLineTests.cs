using System.Text.Json;
using Microsoft.ML.Data;
using Microsoft.ML.Spatial.Samples.DetectFashion;
using Microsoft.ML.Spatial.Samples.DetectFashion.Data;

namespace Microsoft.ML.Spatial.Tests.Samples;

[TestClass]
public sealed class DetectFashionCommandLineTests
{
    public required TestContext TestContext { get; set; }

    [TestMethod]
    [DataRow("--model", "SSD")]
    [DataRow("--epochs", "0")]
    [DataRow("--images", "60001")]
    public Task RefusesBadOptionsBeforeDoingAnything(params string[] arguments) => SampleConsole.AssertRefusedAsync(RunAsync(arguments));

    /// <summary>The whole of it, small: train, save, load again, find the same, draw, report.</summary>
    [TestMethod]
    public async Task TrainsSavesReloadsAndReports()
    {
        var data = await FashionMnistData.RealAsync();
        var output = Directory.CreateTempSubdirectory("detect-fashion-").FullName;
        try
        {
            var (code, text) = await RunAsync("--images", "64", "--epochs", "2", "--test-images", "20", "--batch", "8", "--threads", "2", "--output", output, "--checkpoints", Path.Combine(output, "checkpoints"));
            Assert.AreEqual(0, code, text);
            Assert.IsTrue(File.Exists(Path.Combine(output, "checkpoints", "deformable", "training.checkpoint")));
            StringAssert.Contains(text, "measured elsewhere", StringComparison.Ordinal);

            using var results = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(output, "results.json"), TestContext.CancellationToken));
            var models = results.RootElement.GetProperty("models").EnumerateArray().ToList();
            CollectionAssert.AreEqual(new[] { "plain", "deformable" }, models.Select(m => m.GetProperty("model").GetString()).ToArray());

            // The parameters of the reference's networks; a deformable layer adds a 3x3 convolution to 27 channels.
            CollectionAssert.AreEqual(new long[] { 0, 2L * ((27 * 64 * 9) + 27) }, models.Select(m => m.GetProperty("parameters").GetInt64() - models[0].GetProperty("parameters").GetInt64()).ToArray());
            foreach (var model in models)
            {
                Assert.IsTrue(model.GetProperty("isSameReloaded").GetBoolean());
                Assert.AreEqual(2, model.GetProperty("epochs").GetArrayLength());
                var ml = new MLContext();
                var loaded = ml.Model.Load(model.GetProperty("modelFile").GetString()!, out _);
                using var freed = (IDisposable)loaded;
                var metrics = ml.MulticlassClassification.EvaluateDetections(loaded.Transform(FashionSceneView.Test(data, 20, 0)));
                Assert.AreEqual(metrics.AveragePrecision50, model.GetProperty("averagePrecision50").GetDouble(), 1e-12);
                Assert.AreEqual(metrics.AveragePrecision, model.GetProperty("averagePrecision").GetDouble(), 1e-12);
                Assert.AreEqual(metrics.AveragePrecision50, model.GetProperty("loosePrecision").EnumerateArray().Average(precision => precision.GetDouble()), 1e-9);
                Assert.AreEqual(metrics.AveragePrecision75, model.GetProperty("tightPrecision").EnumerateArray().Average(precision => precision.GetDouble()), 1e-9);
                Assert.AreEqual(metrics.ToString(), await File.ReadAllTextAsync(Path.Combine(output, model.GetProperty("model").GetString()!, "classes.txt"), TestContext.CancellationToken));
            }

            foreach (var picture in new[] { "detections.png", "precision-recall.png", "sampling-points.png" })
            {
                using var sheet = MLImage.CreateFromFile(Path.Combine(output, picture));
                Assert.IsGreaterThan(800, sheet.Width);
            }
        }
        finally
        {
            Directory.Delete(output, recursive: true);
        }
    }

    private Task<(int Code, string Text)> RunAsync(params string[] arguments) =>
        SampleConsole.RunAsync(console => CommandLine.RunAsync(arguments, console, TestContext.CancellationToken));
}
