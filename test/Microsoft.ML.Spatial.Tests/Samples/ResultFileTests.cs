using Microsoft.ML.Spatial.Samples.FashionMnist.Hosting;

namespace Microsoft.ML.Spatial.Tests.Samples;

[TestClass]
public sealed class ResultFileTests
{
    private sealed record Result(string Name, double? Value);

    [TestMethod]
    public async Task ReadsWhatItWroteAndNamesAFileThatIsNone()
    {
        var folder = Directory.CreateTempSubdirectory("result-file-").FullName;
        try
        {
            var path = Path.Combine(folder, "made", "result.json");
            await ResultFile.WriteAsync(path, new Result("first", 1.5));
            await ResultFile.WriteAsync(path, new Result("second", null));
            Assert.AreEqual(new Result("second", null), await ResultFile.ReadAsync<Result>(path));
            Assert.HasCount(1, Directory.GetFiles(Path.GetDirectoryName(path)!));

            File.WriteAllText(path, "{ \"name\": ");
            var e = await Assert.ThrowsExactlyAsync<InvalidDataException>(() => ResultFile.ReadAsync<Result>(path));
            StringAssert.Contains(e.Message, path, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
