using System.Text.Json;
using Microsoft.ML.Data;
using Microsoft.ML.Spatial.Samples.Colocalize;
using Microsoft.ML.Spatial.Samples.Colocalize.Data;
using Microsoft.ML.Spatial.Samples.FashionMnist.Data;
using Microsoft.ML.Spatial.Samples.FashionMnist.Generation;

namespace Microsoft.ML.Spatial.Tests.Samples;

[TestClass]
public sealed class ColocalizeCommandLineTests
{
    public required TestContext TestContext { get; set; }

    [TestMethod]
    [DataRow("--class", "Hat")]
    [DataRow("--epochs", "0")]
    public Task RefusesBadOptionsBeforeDoingAnything(params string[] arguments) => SampleConsole.AssertRefusedAsync(RunAsync(arguments));

    /// <summary>The whole of it, small: train, save, load again, find the same, draw, report.</summary>
    [TestMethod]
    public async Task TrainsSavesReloadsAndReports()
    {
        var data = await FashionMnistData.RealAsync();
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
                var overlaps = Overlaps(one.GetProperty("modelFile").GetString()!, data, one.GetProperty("class").GetString()!, 200);
                Assert.AreEqual(overlaps.Length, one.GetProperty("boxes").GetInt32());
                Assert.AreEqual(overlaps.Count(overlap => overlap > 0.5), one.GetProperty("found").GetInt32());
                Assert.AreEqual(overlaps.Average(overlap => overlap > 0.5 ? 100 : 0), one.GetProperty("foundShare").GetDouble(), 1e-9);
                Assert.AreEqual(overlaps.Average(), one.GetProperty("meanOverlap").GetDouble(), 1e-6);
            }

            using var sheet = MLImage.CreateFromFile(Path.Combine(output, "T-shirt-top", "found.png"));
            Assert.IsGreaterThan(800, sheet.Width);
        }
        finally
        {
            Directory.Delete(output, recursive: true);
        }
    }

    /// <summary>The IoU of each window of a saved model and the place where the test picture's item was put: two squares of 28 pixels.</summary>
    private static double[] Overlaps(string model, FashionMnistDataSet data, string name, int images)
    {
        var ml = new MLContext();
        var label = FashionMnistDataSet.ClassNames.ToList().IndexOf(name);
        var loaded = ml.Model.Load(model, out _);
        using var freed = (IDisposable)loaded;
        var windows = loaded.Transform(CommonClassView.Test(data, images, label, seed: 0)).GetColumn<float[]>("Theta").ToArray();
        int[] indices = [.. Enumerable.Range(0, images).Where(index => data.Test.Label(index) == label)];
        return [.. windows.Zip(indices, (window, index) =>
        {
            Assert.AreEqual(28 / 60.0, window[0], 1e-6);
            var uniforms = new CounterUniforms(0, 204, index);
            var (row, column) = (Math.Floor(33 * uniforms[0]), Math.Floor(33 * uniforms[1]));
            var common = Math.Max(0, 28 - Math.Abs((30 * (window[1] + 1)) - 14 - column)) * Math.Max(0, 28 - Math.Abs((30 * (window[2] + 1)) - 14 - row));
            return common / ((2 * 28 * 28) - common);
        })];
    }

    private Task<(int Code, string Text)> RunAsync(params string[] arguments) =>
        SampleConsole.RunAsync(console => CommandLine.RunAsync(arguments, console, TestContext.CancellationToken));
}
