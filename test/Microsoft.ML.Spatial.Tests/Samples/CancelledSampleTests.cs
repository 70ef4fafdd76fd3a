using Microsoft.ML.Spatial.Samples.FashionMnist.Hosting;
using Spectre.Console;
using Colocalize = Microsoft.ML.Spatial.Samples.Colocalize;
using DetectFashion = Microsoft.ML.Spatial.Samples.DetectFashion;
using DistortedFashion = Microsoft.ML.Spatial.Samples.DistortedFashion;
using FashionPairs = Microsoft.ML.Spatial.Samples.FashionPairs;

namespace Microsoft.ML.Spatial.Tests.Samples;

/// <summary>A Ctrl+C before the first model: the sample writes a report without models, and its exit code is that of a cancelled program.</summary>
[TestClass]
public sealed class CancelledSampleTests
{
    [TestMethod]
    public Task Colocalizes() => EndsAsync(Colocalize.CommandLine.RunAsync, "results.json");

    [TestMethod]
    public Task DetectsFashion() => EndsAsync(DetectFashion.CommandLine.RunAsync, "results.json");

    [TestMethod]
    public Task DistortsFashion() => EndsAsync(DistortedFashion.CommandLine.RunAsync, "results.json");

    [TestMethod]
    public Task FillsTheTable() => EndsAsync(DistortedFashion.CommandLine.RunAsync, "table.json", "--table");

    [TestMethod]
    public Task PairsFashion() => EndsAsync(FashionPairs.CommandLine.RunAsync, "results.json");

    private static async Task EndsAsync(Func<string[], IAnsiConsole, CancellationToken, Task<int>> sample, string report, params string[] arguments)
    {
        await FashionMnistData.RealAsync();
        var parent = Directory.CreateTempSubdirectory("cancelled-").FullName;
        try
        {
            var output = Path.Combine(parent, "none", "yet");
            var (code, text) = await SampleConsole.RunAsync(console => sample([.. arguments, "--output", output], console, new CancellationToken(canceled: true)));
            Assert.AreEqual(SampleProgram.Cancelled, code, text);
            Assert.IsTrue(File.Exists(Path.Combine(output, report)), text);
        }
        finally
        {
            Directory.Delete(parent, recursive: true);
        }
    }
}
