using System.Text.Json;
using Microsoft.ML.Data;
using Microsoft.ML.Spatial.Samples.DistortedFashion;
using Spectre.Console;

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
    [DataRow("predict", "--distortion", "R")]
    [DataRow("predict", "--model", "none.zip")]
    public async Task RefusesBadOptionsBeforeDoingAnything(params string[] arguments)
    {
        var (code, text) = await RunAsync(arguments);
        Assert.AreNotEqual(0, code);
        Assert.AreEqual("", text);
    }

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
            CollectionAssert.AreEqual(new[] { "CNN", "ST-CNN" }, models.Select(m => m.GetProperty("model").GetString()).ToArray());
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

    private async Task<(int Code, string Text)> RunAsync(params string[] arguments)
    {
        using var writer = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, Interactive = InteractionSupport.No, Out = new AnsiConsoleOutput(writer) });
        console.Profile.Width = 1000;
        int code = await CommandLine.RunAsync(arguments, console, TestContext.CancellationToken);
        return (code, writer.ToString());
    }
}
