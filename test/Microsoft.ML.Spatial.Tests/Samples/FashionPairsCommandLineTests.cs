using System.Text.Json;
using Microsoft.ML.Data;
using Microsoft.ML.Spatial.Samples.FashionPairs;

namespace Microsoft.ML.Spatial.Tests.Samples;

[TestClass]
public sealed class FashionPairsCommandLineTests
{
    public required TestContext TestContext { get; set; }

    [TestMethod]
    [DataRow("--model", "RNN")]
    [DataRow("--transformation", "Crooked")]
    [DataRow("--epochs", "0")]
    [DataRow("--data-home", "ftp://example.org/data/")]
    public Task RefusesBadOptionsBeforeDoingAnything(params string[] arguments) => SampleConsole.AssertRefusedAsync(RunAsync(arguments));

    /// <summary>The whole of it, small: train, save, load again, predict the same, draw, report.</summary>
    [TestMethod]
    public async Task TrainsSavesReloadsAndReports()
    {
        await FashionMnistData.RealAsync();
        var output = Directory.CreateTempSubdirectory("fashion-pairs-").FullName;
        try
        {
            var (code, text) = await RunAsync(
                "--images", "96", "--epochs", "1", "--test-images", "50", "--batch", "32", "--threads", "2", "--transformation", "Projective", "--output", output);
            Assert.AreEqual(0, code, text);
            StringAssert.Contains(text, "another data set", StringComparison.Ordinal);

            using var results = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(output, "results.json"), TestContext.CancellationToken));
            Assert.AreEqual("Projective", results.RootElement.GetProperty("transformation").GetString());
            var models = results.RootElement.GetProperty("models").EnumerateArray().ToList();
            CollectionAssert.AreEqual(new[] { "CNN", "2xST-CNN" }, models.Select(m => m.GetProperty("model").GetString()).ToArray());
            foreach (var model in models)
            {
                Assert.IsTrue(model.GetProperty("isSameReloaded").GetBoolean());
                Assert.IsTrue(File.Exists(model.GetProperty("modelFile").GetString()));
                Assert.AreEqual(model.GetProperty("testWrong").GetInt32() * 2.0, model.GetProperty("testError").GetDouble(), 1e-9);
            }

            // Models of one size, so that the transformers and not more weights make the difference.
            var parameters = models.Select(m => m.GetProperty("parameters").GetDouble()).ToArray();
            Assert.AreEqual(1, parameters[1] / parameters[0], 0.1);
            using var sheet = MLImage.CreateFromFile(Path.Combine(output, "2xST-CNN", "prediction.png"));
            Assert.IsGreaterThan(800, sheet.Width);
        }
        finally
        {
            Directory.Delete(output, recursive: true);
        }
    }

    private Task<(int Code, string Text)> RunAsync(params string[] arguments) =>
        SampleConsole.RunAsync(console => CommandLine.RunAsync(arguments, console, TestContext.CancellationToken));
}
