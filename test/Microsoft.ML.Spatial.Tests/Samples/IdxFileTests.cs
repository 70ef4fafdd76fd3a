using Microsoft.ML.Spatial.Samples.FashionMnist.Data;

namespace Microsoft.ML.Spatial.Tests.Samples;

[TestClass]
public sealed class IdxFileTests
{
    private static readonly byte[] Whole = [0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 3, 1, 2, 3, 4, 5, 6];

    [TestMethod]
    public void ReadsSizesAndValues()
    {
        var file = Read(Whole);
        CollectionAssert.AreEqual(new[] { 2, 3 }, file.Shape);
        CollectionAssert.AreEqual(new byte[] { 1, 2, 3, 4, 5, 6 }, file.Values);
    }

    [TestMethod]
    public void RefusesEveryTruncation()
    {
        for (int length = 0; length < Whole.Length; length++)
        {
            var e = Assert.ThrowsExactly<InvalidDataException>(() => Read(Whole[..length]));
            StringAssert.Contains(e.Message, "truncated", StringComparison.Ordinal);
        }
    }

    [TestMethod]
    public void RefusesWhatIsNoSuchFile()
    {
        byte[][] wrong =
        [
            [.. Whole, 7],
            [1, .. Whole[1..]],
            [0, 0, 9, .. Whole[3..]],
            [0, 0, 8, 3, .. Whole[4..]],
            [0, 0, 8, 2, 0, 0, 0, 0, 0, 0, 0, 3],
            [0, 0, 8, 2, 0xFF, 0, 0, 2, 0, 0, 0, 3],
            [0, 0, 8, 2, 0x7F, 0, 0, 2, 0x7F, 0, 0, 3],
        ];
        foreach (var bytes in wrong)
            Assert.ThrowsExactly<InvalidDataException>(() => Read(bytes));
    }

    private static IdxFile Read(byte[] bytes) => IdxFile.Read(new MemoryStream(bytes), 2);
}
