using System.IO.Compression;
using System.Security.Cryptography;
using Microsoft.ML.Spatial.Samples.FashionMnist.Data;

namespace Microsoft.ML.Spatial.Tests.Samples;

[TestClass]
public sealed class FashionMnistFilesTests
{
    private static readonly string[] Names = ["first.gz", "second.gz", "third.gz"];

    private readonly Dictionary<string, byte[]> _compressed = [];
    private readonly List<FashionMnistFile> _files = [];
    private string _folder = "";
    private LocalServer _server = null!;

    public required TestContext TestContext { get; set; }

    [TestInitialize]
    public void Prepare()
    {
        _folder = Directory.CreateTempSubdirectory("fashion-files-").FullName;
        _server = new LocalServer();
        for (int k = 0; k < Names.Length; k++)
        {
            var content = new byte[5000 + k];
            new Random(k).NextBytes(content);
            _compressed[Names[k]] = Compress(content);
            _files.Add(new FashionMnistFile(Names[k], content.Length, Convert.ToHexStringLower(SHA256.HashData(content))));
            _server.Answer(Names[k], _compressed[Names[k]], _compressed[Names[k]].Length);
        }
    }

    [TestCleanup]
    public async Task CleanUp()
    {
        await _server.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [TestMethod]
    public async Task DownloadsAllFilesAndThenTakesThemFromTheCache()
    {
        Assert.AreEqual(_folder, await Files().LocateAsync(TestContext.CancellationToken));
        foreach (var name in Names)
            CollectionAssert.AreEqual(_compressed[name], await File.ReadAllBytesAsync(Path.Combine(_folder, name), TestContext.CancellationToken));
        AssertHolds(Names);

        await Files().LocateAsync(TestContext.CancellationToken);
        Assert.HasCount(3, _server.Requests);
    }

    [TestMethod]
    public async Task ResumesWithTheFilesThatAreMissingOrDamaged()
    {
        await File.WriteAllBytesAsync(Path.Combine(_folder, Names[0]), _compressed[Names[0]], TestContext.CancellationToken);
        await File.WriteAllBytesAsync(Path.Combine(_folder, Names[1]), _compressed[Names[1]][..100], TestContext.CancellationToken);

        await Files().LocateAsync(TestContext.CancellationToken);

        CollectionAssert.AreEqual(Names[1..], _server.Requests.ToArray());
        CollectionAssert.AreEqual(_compressed[Names[1]], await File.ReadAllBytesAsync(Path.Combine(_folder, Names[1]), TestContext.CancellationToken));
    }

    [TestMethod]
    public async Task TakesTheInstalledFilesWhereAllAreThere()
    {
        foreach (var name in Names)
            await File.WriteAllBytesAsync(Path.Combine(_folder, name), _compressed[name], TestContext.CancellationToken);
        var files = new FashionMnistFiles { Files = _files, InstalledFolder = _folder, CacheFolder = Path.Combine(_folder, "none"), Home = _server.Address };

        Assert.AreEqual(_folder, await files.LocateAsync(TestContext.CancellationToken));
        Assert.IsEmpty(_server.Requests);
    }

    [TestMethod]
    public async Task ComparesTheContentNotItsCompression()
    {
        using var other = new MemoryStream();
        using (var source = new GZipStream(new MemoryStream(_compressed[Names[0]]), CompressionMode.Decompress))
        using (var target = new GZipStream(other, CompressionLevel.NoCompression))
            source.CopyTo(target);
        _server.Answer(Names[0], other.ToArray(), other.ToArray().Length);

        await Files().LocateAsync(TestContext.CancellationToken);
        AssertHolds(Names);
    }

    [TestMethod]
    public async Task RefusesAFileWithOtherContent()
    {
        var wrong = Compress(new byte[_files[1].Length]);
        _server.Answer(Names[1], wrong, wrong.Length);

        var e = await Assert.ThrowsExactlyAsync<InvalidDataException>(() => Files().LocateAsync(TestContext.CancellationToken));
        StringAssert.Contains(e.Message, Names[1], StringComparison.Ordinal);
        StringAssert.Contains(e.Message, _files[1].Sha256, StringComparison.Ordinal);
        AssertHolds(Names[0]);
    }

    [TestMethod]
    [DataRow(4999)]
    [DataRow(5003)]
    public async Task RefusesAFileOfAnotherLength(int length)
    {
        var wrong = Compress(new byte[length]);
        _server.Answer(Names[1], wrong, wrong.Length);

        var e = await Assert.ThrowsExactlyAsync<InvalidDataException>(() => Files().LocateAsync(TestContext.CancellationToken));
        StringAssert.Contains(e.Message, "instead of 5001", StringComparison.Ordinal);
        AssertHolds(Names[0]);
    }

    [TestMethod]
    public async Task RefusesWhatIsNoCompressedFile()
    {
        var page = "<html>Log in first</html>"u8.ToArray();
        _server.Answer(Names[0], page, page.Length);

        var e = await Assert.ThrowsExactlyAsync<InvalidDataException>(() => Files().LocateAsync(TestContext.CancellationToken));
        StringAssert.Contains(e.Message, "cannot be decompressed", StringComparison.Ordinal);
        AssertHolds();
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public async Task RefusesATruncatedDownload(bool lengthIsStated)
    {
        var whole = _compressed[Names[0]];
        _server.Answer(Names[0], whole[..1000], lengthIsStated ? whole.Length : null);

        // With a stated length the connection's end is the fault; without one, only the content can show it.
        var e = await Assert.ThrowsAsync<Exception>(() => Files().LocateAsync(TestContext.CancellationToken));
        Assert.IsTrue(lengthIsStated ? e is IOException : e is InvalidDataException, e.ToString());
        StringAssert.Contains(e.Message, Names[0], StringComparison.Ordinal);
        AssertHolds();
    }

    [TestMethod]
    public async Task SaysThatAFileIsNotThereAndWhatToDo()
    {
        var files = new FashionMnistFiles { Files = [.. _files, new("fourth.gz", 1, "")], InstalledFolder = "", CacheFolder = _folder, Home = _server.Address };

        var e = await Assert.ThrowsExactlyAsync<IOException>(() => files.LocateAsync(TestContext.CancellationToken));
        StringAssert.Contains(e.Message, "fourth.gz", StringComparison.Ordinal);
        StringAssert.Contains(e.Message, "404", StringComparison.Ordinal);
        StringAssert.Contains(e.Message, "--data-folder", StringComparison.Ordinal);
        AssertHolds(Names);
    }

    [TestMethod]
    public async Task SaysThatNobodyAnswers()
    {
        var address = _server.Address;
        await _server.DisposeAsync();
        var files = new FashionMnistFiles { Files = _files, InstalledFolder = "", CacheFolder = _folder, Home = address };

        var e = await Assert.ThrowsExactlyAsync<IOException>(() => files.LocateAsync(TestContext.CancellationToken));
        StringAssert.Contains(e.Message, address.ToString(), StringComparison.Ordinal);
        AssertHolds();
    }

    [TestMethod]
    public async Task StopsWhenCancelled()
    {
        await Assert.ThrowsAsync<OperationCanceledException>(() => Files().LocateAsync(new CancellationToken(canceled: true)));
        AssertHolds();
    }

    private static byte[] Compress(byte[] content)
    {
        using var stream = new MemoryStream();
        using (var compressing = new GZipStream(stream, CompressionLevel.Optimal))
            compressing.Write(content);
        return stream.ToArray();
    }

    private FashionMnistFiles Files() => new() { Files = _files, InstalledFolder = "", CacheFolder = _folder, Home = _server.Address };

    /// <summary>The folder holds these files and no others: no parts of downloads are left behind.</summary>
    private void AssertHolds(params string[] names) =>
        CollectionAssert.AreEquivalent(names, Directory.GetFiles(_folder).Select(Path.GetFileName).ToArray());
}
