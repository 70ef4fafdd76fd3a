using System.IO.Compression;
using System.Security.Cryptography;
using Microsoft.ML.Spatial.Samples.FashionMnist.Generation;

namespace Microsoft.ML.Spatial.Tests.Samples;

[TestClass]
public sealed class DistortionTests
{
    /// <summary>The first 100 pictures of a file, against the sums and SHA-256 of the reference program.</summary>
    [TestMethod]
    [DataRow("R", false, 5640689, "5f7dc03f3ba14074ca948e17eadf8021c371c7fefae9e21db1759bec3cc9dae0")]
    [DataRow("R", true, 5773994, "cda8a8ac6b735cb02750ed868af3cda863a64aeda418556cbf26fe8b85b78be1")]
    [DataRow("RTS", false, 5126533, "f347d3952f7303a4ff32cd11737c6ca7c76e7bac0c8e02cd2bcda219d9989883")]
    [DataRow("RTS", true, 5337472, "ccfb910110b49226784fdbfb3b8317fed28d2bc781b3024a7e79d784ca7efb75")]
    [DataRow("P", false, 4171068, "21c032a63d0a729758277e7ed4f0abd92d2d9ac94fd9e7469d8fdb9fff4e5e2b")]
    [DataRow("P", true, 4483302, "59b99ebe5c9f488a1c4049de772c560ca7130368b6b4694a69e4b4b8cd8c0f2a")]
    [DataRow("E", false, 5556700, "77cabdbee07a4e967292b2faf73d510461904b1b03b81aaf3481f5231e817f41")]
    [DataRow("E", true, 5734505, "4722565312a2a3f86a3a31f26238c315edcc14331a22bf05d59ea118cb1074a9")]
    [DataRow("TC", false, 7493600, "4231550475a46345a505046319a03268127a071d97c38d00747e67489ee7650e")]
    [DataRow("TC", true, 7571013, "b49a7df40de87b8d86827d5e952e2eab29c01948cf731c13d8424eaffe7dbf08")]
    public async Task DrawsTheReferencesPictures(string name, bool isTest, int sum, string sha256)
    {
        const int count = 100;
        var data = await FashionMnistData.RealAsync();
        var split = isTest ? data.Test : data.Train;
        var distortion = Distortion.Named(name);
        int size = distortion.CanvasSide * distortion.CanvasSide;
        var pictures = new byte[count * size];
        for (int i = 0; i < count; i++)
            distortion.Draw(split.Image(i), new CounterUniforms(0, (isTest ? 200 : 100) + distortion.Id, i), data.Train, pictures.AsSpan(i * size, size));

        if (Convert.ToHexStringLower(SHA256.HashData(pictures)) == sha256)
            return;

        // A mathematical library that rounds a cosine otherwise may change a pixel by one here and there, and nothing more.
        Assert.AreEqual(sum, pictures.Sum(p => (long)p), 1e-5 * sum);
        if (isTest)
            AssertNear(Expected(name), pictures[..size]);
    }

    [TestMethod]
    [DataRow("R")]
    [DataRow("RTS")]
    [DataRow("P")]
    [DataRow("E")]
    [DataRow("TC")]
    public async Task DrawsTheStoredPicture(string name)
    {
        var data = await FashionMnistData.RealAsync();
        var distortion = Distortion.Named(name);
        var picture = new byte[distortion.CanvasSide * distortion.CanvasSide];
        Array.Fill(picture, (byte)99);
        distortion.Draw(data.Test.Image(0), new CounterUniforms(0, 200 + distortion.Id, 0), data.Train, picture);
        AssertNear(Expected(name), picture);
    }

    /// <summary>The same formula written out plainly, a pixel at a time.</summary>
    [TestMethod]
    public void RotationTranslationScaleFollowsItsFormula()
    {
        var data = FashionMnistData.Random(1, 1);
        var source = data.Train.Image(0).ToArray();
        var distortion = new RotationTranslationScale();
        var picture = new byte[42 * 42];
        for (int i = 0; i < 20; i++)
        {
            var u = new CounterUniforms(5, 101, i);
            distortion.Draw(source, u, data.Train, picture);
            double t = (2 * u[0] - 1) * Math.PI / 4, s = 0.7 + 0.5 * u[1];
            for (int r = 0; r < 42; r++)
            {
                for (int c = 0; c < 42; c++)
                {
                    double px = c - 20.5 - (2 * u[2] - 1) * 7, py = r - 20.5 - (2 * u[3] - 1) * 7;
                    double x = 13.5 + (px * Math.Cos(t) + py * Math.Sin(t)) / s, y = 13.5 + (-px * Math.Sin(t) + py * Math.Cos(t)) / s;
                    double value = 0;
                    for (int n = 0; n < 28; n++)
                        for (int m = 0; m < 28; m++)
                            value += source[n * 28 + m] * Math.Max(0, 1 - Math.Abs(x - m)) * Math.Max(0, 1 - Math.Abs(y - n));
                    Assert.AreEqual(value, picture[r * 42 + c], 0.5 + 1e-9, $"sample {i}, row {r}, column {c}");
                }
            }
        }
    }

    [TestMethod]
    public void NamesAreFoundInAnyCaseAndStreamsDiffer()
    {
        foreach (var distortion in Distortion.All)
            Assert.AreSame(distortion, Distortion.Named(distortion.Name.ToLowerInvariant()));
        Assert.AreEqual(Distortion.All.Count, Distortion.All.Select(d => d.Id).Distinct().Count());
    }

    private static byte[] Expected(string name)
    {
        var base64 = name switch { "R" => ExpectedPictures.R, "RTS" => ExpectedPictures.RTS, "P" => ExpectedPictures.P, "E" => ExpectedPictures.E, _ => ExpectedPictures.TC };
        using var content = new GZipStream(new MemoryStream(Convert.FromBase64String(base64)), CompressionMode.Decompress);
        using var picture = new MemoryStream();
        content.CopyTo(picture);
        return picture.ToArray();
    }

    private static void AssertNear(byte[] expected, byte[] actual)
    {
        Assert.HasCount(expected.Length, actual);
        for (int k = 0; k < expected.Length; k++)
            Assert.IsTrue(Math.Abs(expected[k] - actual[k]) <= 1, $"pixel {k} is {actual[k]} instead of {expected[k]}");
    }
}
