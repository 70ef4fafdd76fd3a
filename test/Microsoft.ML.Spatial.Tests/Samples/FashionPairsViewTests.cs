using Microsoft.ML.Data;
using Microsoft.ML.Spatial.Samples.FashionMnist.Data;
using Microsoft.ML.Spatial.Samples.FashionMnist.Generation;
using Microsoft.ML.Spatial.Samples.FashionPairs.Data;
using Microsoft.ML.Transforms.Image;

namespace Microsoft.ML.Spatial.Tests.Samples;

[TestClass]
public sealed class FashionPairsViewTests
{
    private const int Rows = 150;
    private const int Seed = 3;

    private static readonly FashionMnistDataSet Data = FashionMnistData.Random(2500, 400);

    [TestMethod]
    public void TheClassesAreTheSums()
    {
        var schema = FashionPairsView.Training(Data, Rows, Seed).Schema;
        Assert.IsTrue(schema["Label"].Type is KeyDataViewType { Count: 19 });
        VBuffer<ReadOnlyMemory<char>> names = default;
        schema["Label"].GetKeyValues(ref names);
        CollectionAssert.AreEqual(Enumerable.Range(0, 19).Select(sum => $"{sum}").ToArray(), names.DenseValues().Select(n => n.ToString()).ToArray());
        Assert.IsTrue(schema["Image"].Type is ImageDataViewType { Height: 42, Width: 42 });
    }

    /// <summary>Every pixel and label, from the documented streams and counters; the pairs are the same in every epoch and the distortions are not.</summary>
    [TestMethod]
    public void EachItemHasItsOwnChannelAndDistortionAfreshInEveryEpoch()
    {
        var view = FashionPairsView.Training(Data, Rows, Seed);
        for (int epoch = 0; epoch < 2; epoch++)
            Check(view, Data.Train, 100, 0, 0, (long)epoch * Rows);
        Assert.AreEqual(2, view.EpochsBegun);
    }

    [TestMethod]
    public void TestViewShowsTheSamePairsEveryTime()
    {
        var view = FashionPairsView.Test(Data, 60, Seed);
        for (int pass = 0; pass < 2; pass++)
            Check(view, Data.Test, 200, 0, 0, 0);
    }

    [TestMethod]
    public void ValidationViewPairsTheLastPicturesUnderDistortionsOfNoEpoch()
    {
        var view = FashionPairsView.Validation(Data, Rows, 4, Seed);
        Assert.AreEqual(2000, view.GetRowCount());
        Check(view, Data.Train, 100, 500, 4 * Rows, 4 * Rows);
    }

    [TestMethod]
    public void PartnersAreSpreadOverTheFile()
    {
        var view = FashionPairsView.Test(Data, 400, Seed);
        var counts = new int[19];
        for (int row = 0; row < view.Count; row++)
            counts[view.FirstLabel(row) + view.SecondLabel(row)]++;
        // The sum of two even labels is triangular about 9: 40 of 400 expected there, and 4 at the ends.
        Assert.IsTrue(counts[9] is > 15 and < 70, $"{counts[9]}");
        Assert.IsGreaterThan(14, counts.Count(c => c > 0));
    }

    private static void Check(FashionPairsView view, FashionMnistSplit split, int stream, int first, long pairCounter, long counter)
    {
        var distortion = new RotationTranslationScale();
        var one = new byte[42 * 42];
        var two = new byte[42 * 42];
        using var cursor = view.GetRowCursor(view.Schema);
        var labelGetter = cursor.GetGetter<uint>(view.Schema["Label"]);
        var imageGetter = cursor.GetGetter<MLImage>(view.Schema["Image"]);
        uint label = 0;
        MLImage image = null!;
        int row = 0;
        for (; row < 150 && cursor.MoveNext(); row++)
        {
            labelGetter(ref label);
            imageGetter(ref image);
            int partner = first + (int)(view.Count * new CounterUniforms(Seed, stream + 200, pairCounter + row)[0]);
            Assert.AreEqual(split.Label(first + row) + split.Label(partner) + 1u, label);

            distortion.Draw(split.Image(first + row), new CounterUniforms(Seed, stream + 1, counter + row), Data.Train, one);
            distortion.Draw(split.Image(partner), new CounterUniforms(Seed, stream + 201, counter + row), Data.Train, two);
            var pixels = image.Pixels;
            Assert.AreEqual(MLPixelFormat.Bgra32, image.PixelFormat);
            for (int k = 0; k < one.Length; k++)
            {
                if ((pixels[4 * k], pixels[4 * k + 1], pixels[4 * k + 2], pixels[4 * k + 3]) != (0, two[k], one[k], 255))
                    Assert.Fail($"row {row}, pixel {k}");
            }
        }

        image.Dispose();
        Assert.AreEqual(Math.Min(150, view.Count), row);
    }
}
