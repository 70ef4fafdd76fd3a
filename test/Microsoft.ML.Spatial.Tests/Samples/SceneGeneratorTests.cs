using System.Globalization;
using System.Security.Cryptography;
using Microsoft.ML.Spatial.Samples.DetectFashion.Generation;

namespace Microsoft.ML.Spatial.Tests.Samples;

/// <summary>Scenes against those of the reference program (Python and NumPy), whose numbers <c>scenes_expected.py</c> prints.</summary>
[TestClass]
public sealed class SceneGeneratorTests
{
    [TestMethod]
    [DataRow("train", 0, 0, 538782, "947cbf5ba5b77792", "6:26,53,58,89 8:42,10,69,39")]
    [DataRow("train", 1, 0, 491537, "19894e18b99e2305", "5:66,41,95,50 9:30,46,55,73 0:51,5,81,42")]
    [DataRow("train", 2, 0, 351529, "482acd72086d1b6b", "9:45,37,89,73 2:5,13,28,42")]
    [DataRow("train", 7, 0, 477020, "94181fa205ab772e", "3:46,40,68,79 0:19,7,42,30")]
    [DataRow("train", 1234, 0, 671843, "9060099e6ba84566", "5:5,46,44,77 4:37,0,52,21 7:60,70,81,83")]
    [DataRow("train", 1999, 0, 513245, "7f891698bdac1746", "6:25,60,50,86 4:34,14,65,51")]
    [DataRow("train", 0, 1, 559140, "528e4119c15e152d", "0:55,15,89,59 4:26,35,50,65")]
    [DataRow("train", 77, 123456789, 707796, "63b8d27e6d7a642d", "3:14,35,47,71 8:24,0,47,38 1:48,10,87,50 6:60,57,84,96")]
    [DataRow("test", 0, 0, 393521, "d7185f0505df46cb", "8:30,43,66,75")]
    [DataRow("test", 1, 0, 320541, "2a2ec7a6fe6c444c", "4:20,17,36,37 1:76,20,92,65")]
    [DataRow("test", 2, 0, 467786, "dafe0c1d128117b3", "4:70,34,96,60 4:42,52,61,72")]
    [DataRow("test", 7, 0, 523001, "e2b3ce73bc34e8d2", "6:48,49,82,84 8:34,11,77,56")]
    [DataRow("test", 1234, 0, 279837, "823e3307a3d37cf0", "7:47,8,76,20")]
    [DataRow("test", 1999, 0, 537121, "5141c33d8247f1e9", "0:17,14,46,48 5:51,50,81,72 6:4,36,21,55 4:47,9,74,44")]
    [DataRow("test", 0, 1, 573141, "ba788080b571c23c", "6:25,1,41,20 4:19,42,55,82 0:59,5,87,35 9:5,8,31,41")]
    [DataRow("test", 77, 123456789, 732527, "eaeead41a0048d68", "4:39,14,71,48 0:66,59,94,95 8:0,2,38,43")]
    public async Task DrawsTheReferencesScene(string split, int index, int seed, int sum, string digest, string objects)
    {
        var scene = (await GeneratorAsync(split, seed)).Draw(index);
        Assert.AreEqual(objects, string.Join(' ', scene.Objects.Select(one => string.Create(CultureInfo.InvariantCulture, $"{one.Label}:{one.Box.Left},{one.Box.Top},{one.Box.Right},{one.Box.Bottom}"))));
        Assert.AreEqual(sum, scene.Pixels.Sum(pixel => pixel));
        Assert.AreEqual(digest, Convert.ToHexStringLower(SHA256.HashData(scene.Pixels))[..16]);
    }

    /// <summary>Every pixel and every item of many scenes.</summary>
    [TestMethod]
    [DataRow("train", 300, 734, "9797b78d22b9461f3032ac26d570afafbbebaa35f3969de6d9bd83737216f595")]
    [DataRow("test", 300, 701, "fbfead4f73beffcb72e799face803eb974e5af77a35449d531322622579ed60c")]
    public async Task DrawsTheReferencesScenes(string split, int scenes, int objects, string digest)
    {
        var generator = await GeneratorAsync(split, 0);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var count = 0;
        for (int index = 0; index < scenes; index++)
        {
            var scene = generator.Draw(index);
            hash.AppendData(scene.Pixels);
            foreach (var (box, label) in scene.Objects)
                hash.AppendData([(byte)label, (byte)box.Left, (byte)box.Top, (byte)box.Right, (byte)box.Bottom]);
            count += scene.Objects.Count;
        }

        Assert.AreEqual(objects, count);
        Assert.AreEqual(digest, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    [TestMethod]
    [DataRow(10, 0, 20, 10, false)]
    [DataRow(0, 12, 10, 20, false)]
    [DataRow(8, 0, 18, 10, true)]
    [DataRow(9, 0, 19, 10, false)]
    [DataRow(7, 7, 11, 11, true)]
    [DataRow(8, 8, 12, 12, false)]
    [DataRow(-20, -20, 30, 30, true)]
    public void ItemsMayHideEachOtherALittle(int left, int top, int right, int bottom, bool crowds)
    {
        // 20 of 180 and 10 of 190 common pixels of the union; 9 and 4 of the 16 of the smaller box.
        var (box, other) = (new SceneBox(0, 0, 10, 10), new SceneBox(left, top, right, bottom));
        Assert.AreEqual(crowds, box.Crowds(other));
        Assert.AreEqual(crowds, other.Crowds(box));
    }

    private static async Task<SceneGenerator> GeneratorAsync(string split, int seed)
    {
        var data = await FashionMnistData.RealAsync();
        return split == "train" ? new SceneGenerator(data.Train, seed, 300) : new SceneGenerator(data.Test, seed, 400);
    }
}
