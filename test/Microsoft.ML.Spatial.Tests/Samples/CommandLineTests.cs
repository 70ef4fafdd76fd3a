using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.ML.Data;
using Microsoft.ML.Spatial.Samples.DistortedFashion;

namespace Microsoft.ML.Spatial.Tests.Samples;

[TestClass]
public sealed class CommandLineTests
{
    public required TestContext TestContext { get; set; }

    [TestMethod]
    [DataRow("--distortion", "XYZ")]
    [DataRow("--model", "RNN")]
    [DataRow("--epochs", "0")]
    [DataRow("--images", "60001")]
    [DataRow("--images", "many")]
    [DataRow("--batch", "-1")]
    [DataRow("--loc-factor", "-0.5")]
    [DataRow("--loc-factor", "NaN")]
    [DataRow("--data-home", "ftp://example.org/data/")]
    [DataRow("--data-home", "https://example.org/data")]
    [DataRow("--distortion", "R", "E")]
    [DataRow("--table", "--distortion", "R", "XYZ")]
    [DataRow("predict", "--distortion", "R")]
    [DataRow("predict", "--model", "none.zip")]
    public Task RefusesBadOptionsBeforeDoingAnything(params string[] arguments) => SampleConsole.AssertRefusedAsync(RunAsync(arguments));

    [TestMethod]
    public async Task SaysWhichFileANamedFolderLacks()
    {
        var folder = Path.Combine(Path.GetTempPath(), $"none-{Guid.NewGuid():N}");
        var (code, text) = await RunAsync("--data-folder", folder);
        Assert.AreEqual(1, code);
        StringAssert.Contains(text, "train-images-idx3-ubyte.gz", StringComparison.Ordinal);
        StringAssert.Contains(text, folder, StringComparison.Ordinal);
    }

    /// <summary>The whole of it, small: train two models, save, predict in other processes, draw, report.</summary>
    [TestMethod]
    public async Task TrainsSavesReloadsElsewhereAndReports()
    {
        await FashionMnistData.RealAsync();
        var output = Directory.CreateTempSubdirectory("distorted-fashion-").FullName;
        try
        {
            var (code, text) = await RunAsync(
                "--images", "300", "--epochs", "2", "--test-images", "120", "--batch", "32", "--threads", "2", "--model", "CNN", "ST-CNN", "--output", output);
            Assert.AreEqual(0, code, text);

            using var results = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(output, "results.json"), TestContext.CancellationToken));
            var models = results.RootElement.GetProperty("models").EnumerateArray().ToList();
            CollectionAssert.AreEqual(new[] { "CNN", "ST-CNN-Aff" }, models.Select(m => m.GetProperty("model").GetString()).ToArray());
            foreach (var model in models)
            {
                Assert.AreEqual(2, model.GetProperty("epochs").GetArrayLength());
                Assert.AreEqual(model.GetProperty("testError").GetDouble(), model.GetProperty("reloadedTestError").GetDouble());
                Assert.IsGreaterThan(0, model.GetProperty("imagesPerSecond").GetDouble());
                var folder = Path.GetDirectoryName(model.GetProperty("modelFile").GetString())!;
                using var sheet = MLImage.CreateFromFile(Path.Combine(folder, "prediction.png"));
                Assert.IsGreaterThan(800, sheet.Width);
            }

            StringAssert.Contains(text, "PyTorch reference", StringComparison.Ordinal);
            Assert.IsFalse(Directory.EnumerateFiles(output, "*.part", SearchOption.AllDirectories).Any());
        }
        finally
        {
            Directory.Delete(output, recursive: true);
        }
    }

    /// <summary>A grid, small: each cell trained once, and taken from its file the second time.</summary>
    [TestMethod]
    public async Task PrintsTheTableAndTakesItUpAgain()
    {
        await FashionMnistData.RealAsync();
        var output = Directory.CreateTempSubdirectory("distorted-fashion-").FullName;
        try
        {
            string[] settings = ["--table", "--distortion", "P", "E", "--images", "64", "--epochs", "1", "--test-images", "40", "--batch", "32", "--threads", "2", "--output", output];
            var (code, text) = await RunAsync([.. settings, "--model", "FCN", "ST-CNN"]);
            Assert.AreEqual(0, code, text);
            StringAssert.Contains(text, "published for distorted MNIST", StringComparison.Ordinal);
            StringAssert.Matches(text, TableRow("FCN", "3.1", "3.2"));
            StringAssert.Matches(text, TableRow("ST-CNN-Aff", "0.8", "1.2"));
            var factors = await ReadTableAsync(output, "localisationFactor", e => e.GetDouble());
            CollectionAssert.AreEqual(new[] { 1, 1, 0.3, 0.3 }, factors);

            var (codeAgain, textAgain) = await RunAsync([.. settings, "--model", "FCN", "CNN"]);
            Assert.AreEqual(0, codeAgain, textAgain);
            Assert.AreEqual(2, textAgain.Split("taken from").Length - 1, textAgain);
            CollectionAssert.AreEqual(
                new[] { "FCN", "CNN", "FCN", "CNN" },
                await ReadTableAsync(output, "models", e => e[0].GetProperty("model").GetString()));

            var (_, otherSeed) = await RunAsync([.. settings, "--model", "FCN", "--seed", "1"]);
            Assert.DoesNotContain("taken from", otherSeed);
        }
        finally
        {
            Directory.Delete(output, recursive: true);
        }
    }

    private static Regex TableRow(string model, params string[] published) =>
        new($@"{Regex.Escape(model)} +│{string.Concat(published.Select(p => $@" +\d+\.\d\d │ +{Regex.Escape(p)} │"))}");

    private async Task<T[]> ReadTableAsync<T>(string output, string property, Func<JsonElement, T> value)
    {
        using var table = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(output, "table.json"), TestContext.CancellationToken));
        return [.. table.RootElement.EnumerateArray().Select(e => value(e.GetProperty(property)))];
    }

    private Task<(int Code, string Text)> RunAsync(params string[] arguments) =>
        SampleConsole.RunAsync(console => CommandLine.RunAsync(arguments, console, TestContext.CancellationToken));
}
