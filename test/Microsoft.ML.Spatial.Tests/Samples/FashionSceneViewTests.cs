using Microsoft.ML.Data;
using Microsoft.ML.Spatial.Samples.DetectFashion.Data;
using Microsoft.ML.Spatial.Samples.DetectFashion.Generation;
using Microsoft.ML.Spatial.Samples.FashionMnist.Data;
using Microsoft.ML.Transforms.Image;

namespace Microsoft.ML.Spatial.Tests.Samples;

[TestClass]
public sealed class FashionSceneViewTests
{
    private const int Rows = 40;
    private const int Seed = 3;

    private static readonly FashionMnistDataSet Data = FashionMnistData.Random(500, 300);

    [TestMethod]
    public void HasTheColumnsOfObjectDetection()
    {
        var view = FashionSceneView.Training(Data, Rows, Seed);
        var schema = view.Schema;
        Assert.IsTrue(schema["Label"].Type is VectorDataViewType { Size: 0, ItemType: KeyDataViewType { Count: 10 } });
        Assert.IsTrue(schema["BoundingBoxes"].Type is VectorDataViewType { Size: 0, ItemType: NumberDataViewType });
        Assert.IsTrue(schema["Image"].Type is ImageDataViewType { Height: 96, Width: 96 });
        VBuffer<ReadOnlyMemory<char>> names = default;
        schema["Label"].GetKeyValues(ref names);
        CollectionAssert.AreEqual(FashionMnistDataSet.ClassNames.ToArray(), names.DenseValues().Select(n => n.ToString()).ToArray());
        Assert.AreEqual(Rows, view.GetRowCount());
    }

    [TestMethod]
    [DataRow(false, 300)]
    [DataRow(true, 400)]
    public void ShowsTheGeneratorsScenesTheSameInEveryPass(bool test, int stream)
    {
        var view = test ? FashionSceneView.Test(Data, Rows, Seed) : FashionSceneView.Training(Data, Rows, Seed);
        var generator = new SceneGenerator(test ? Data.Test : Data.Train, Seed, stream);
        for (int pass = 0; pass < 2; pass++)
        {
            // A shuffled pass holds every scene once, with its own objects.
            var seen = Read(view, pass == 0 ? null : new Random(5), (index, image, boxes, labels) =>
            {
                var scene = generator.Draw((int)index);
                for (int k = 0; k < scene.Pixels.Length; k++)
                    Assert.AreEqual((scene.Pixels[k], scene.Pixels[k], scene.Pixels[k], (byte)255), (image.Pixels[4 * k], image.Pixels[4 * k + 1], image.Pixels[4 * k + 2], image.Pixels[4 * k + 3]));
                CollectionAssert.AreEqual(scene.Objects.Select(one => (uint)one.Label + 1).ToArray(), labels);
                CollectionAssert.AreEqual(scene.Objects.SelectMany(one => new float[] { one.Box.Left, one.Box.Top, one.Box.Right, one.Box.Bottom }).ToArray(), boxes);
            });
            long[] inOrder = [.. Enumerable.Range(0, Rows)];
            CollectionAssert.AreEquivalent(inOrder, seen);
            Assert.AreEqual(pass == 0, seen.SequenceEqual(inOrder));
        }
    }

    [TestMethod]
    public void CursorsStayAtTheEndAndRefuseWhatWasNotAskedFor()
    {
        var view = FashionSceneView.Test(Data, 2, Seed);
        using var cursor = view.GetRowCursor([view.Schema["Label"]]);
        var labels = cursor.GetGetter<VBuffer<uint>>(view.Schema["Label"]);
        VBuffer<uint> value = default;
        Assert.ThrowsExactly<InvalidOperationException>(() => labels(ref value));
        Assert.IsTrue(cursor.MoveNext() && cursor.MoveNext());
        Assert.AreEqual(1, cursor.Position);
        for (int k = 0; k < 3; k++)
            Assert.IsFalse(cursor.MoveNext());
        Assert.AreEqual(-1, cursor.Position);
        Assert.ThrowsExactly<InvalidOperationException>(() => cursor.GetGetter<MLImage>(view.Schema["Image"]));
        Assert.ThrowsExactly<InvalidOperationException>(() => cursor.GetGetter<uint>(view.Schema["Label"]));
    }

    private static long[] Read(FashionSceneView view, Random? random, Action<long, MLImage, float[], uint[]> check)
    {
        using var cursor = view.GetRowCursor(view.Schema, random);
        var indexGetter = cursor.GetGetter<long>(view.Schema["Index"]);
        var imageGetter = cursor.GetGetter<MLImage>(view.Schema["Image"]);
        var boxGetter = cursor.GetGetter<VBuffer<float>>(view.Schema["BoundingBoxes"]);
        var labelGetter = cursor.GetGetter<VBuffer<uint>>(view.Schema["Label"]);
        long index = 0;
        MLImage image = null!;
        VBuffer<float> boxes = default;
        VBuffer<uint> labels = default;
        var seen = new List<long>();
        while (cursor.MoveNext())
        {
            indexGetter(ref index);
            imageGetter(ref image);
            boxGetter(ref boxes);
            labelGetter(ref labels);
            check(index, image, [.. boxes.DenseValues()], [.. labels.DenseValues()]);
            seen.Add(index);
        }

        image.Dispose();
        return [.. seen];
    }
}
