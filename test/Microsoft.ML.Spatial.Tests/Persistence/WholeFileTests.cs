using System.Text;
using Microsoft.ML.Spatial.Persistence;
using Microsoft.ML.Spatial.Tests.Data;

namespace Microsoft.ML.Spatial.Tests.Persistence;

[TestClass]
public sealed class WholeFileTests
{
    private readonly TemporaryFolder _folder = new();

    [TestCleanup]
    public void RemoveFolder() => _folder.Dispose();

    [TestMethod]
    public void ANewFileTakesThePlaceOfTheOld()
    {
        var path = _folder.Path("new", "file.txt");
        WholeFile.Write(path, stream => stream.Write(Encoding.UTF8.GetBytes("a longer first")));
        WholeFile.Write(path, stream => stream.Write(Encoding.UTF8.GetBytes("second")));
        Assert.AreEqual("second", File.ReadAllText(path));
        Assert.HasCount(1, Directory.GetFiles(_folder.Path("new")));
    }

    [TestMethod]
    public void AFailureLeavesTheOldFileAndNothingElse()
    {
        var path = _folder.Write("file.txt", "old");
        Assert.ThrowsExactly<InvalidDataException>(() => WholeFile.Write(path, stream =>
        {
            stream.WriteByte(1);
            throw new InvalidDataException();
        }));
        Assert.AreEqual("old", File.ReadAllText(path));
        Assert.HasCount(1, Directory.GetFiles(_folder.Root));
    }
}
