using System.Text.Json;
using Microsoft.ML.Data;
using Microsoft.ML.Spatial.Samples.Colocalize;

namespace Microsoft.ML.Spatial.Tests.Samples;

[TestClass]
public sealed class ColocalizeCommandLineTests
{
    public required TestContext TestContext { get; set; }

    [TestMethod]
    [DataRow("--class", "Hat")]
    [DataRow("--epochs", "0")]
    public async Task RefusesBadOptionsBeforeDoingAnything(params string[] arguments)
    {
        var (code, text) = await RunAsync(arguments);
        Assert.AreNotEqual(0, code);
        Assert.AreEqual("", text);
    }

    /// <summary>The whole of it, small: train, save, load again, find the same, draw, report.</summary>
    [TestMethod]
    public async Task TrainsSavesReloadsAndReports()
    {
        await FashionMnistData.RealAsync();
        var output = Directory.CreateTempSubdirectory("colocalize-").FullName;
        try
        {
            var (code, text) = await RunAsync(
                "--class", "T-shirt/top", "Bag", "--images", "600", "--test-images", "200", "--epochs", "1", "--batch", "32", "--threads", "1", "--output", output);
            Assert.AreEqual(0, code, text);
            using var results = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(output, "results.json"), TestContext.CancellationToken));
            var classes = results.RootElement.GetProperty("classes").EnumerateArray().ToList();
            CollectionAssert.AreEqual(new[] { "T-shirt/top", "Bag" }, classes.Select(c => c.GetProperty("class").GetString()).ToArray());
            foreach (var one in classes)
            {
                Assert.IsTrue(one.GetProperty("isSameReloaded").GetBoolean());
                Assert.IsTrue(File.Exists(one.GetProperty("modelFile").GetString()));
                Assert.AreEqual(one.GetProperty("found").GetInt32() * 100.0 / one.GetProperty("boxes").GetInt32(), one.GetProperty("foundShare").GetDouble(), 1e-9);
            }

            using var sheet = MLImage.CreateFromFile(Path.Combine(output, "T-shirt-top", "found.png"));
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
