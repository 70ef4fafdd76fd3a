using Microsoft.ML.Data;
using Microsoft.ML.Spatial.Samples.DistortedFashion.Data;
using Microsoft.ML.Spatial.Samples.FashionMnist.Data;
using Microsoft.ML.Spatial.Samples.FashionMnist.Generation;
using Microsoft.ML.Transforms.Image;

namespace Microsoft.ML.Spatial.Tests.Samples;

[TestClass]
public sealed class DistortedFashionViewTests
{
    private const int Rows = 300;

    private static readonly FashionMnistDataSet Data = FashionMnistData.Random(2500, 400);
    private static readonly Distortion Distortion = new Rotation();

    [TestMethod]
    public void SchemaHoldsLabelImageAndIndex()
    {
        var schema = Training().Schema;
        Assert.HasCount(3, schema);

        var label = schema["Label"];
        Assert.IsTrue(label.Type is KeyDataViewType { Count: 10 } key && key.RawType == typeof(uint));
        VBuffer<ReadOnlyMemory<char>> names = default;
        label.GetKeyValues(ref names);
        CollectionAssert.AreEqual(FashionMnistDataSet.ClassNames.ToArray(), names.DenseValues().Select(n => n.ToString()).ToArray());

        Assert.IsTrue(schema["Image"].Type is ImageDataViewType { Height: 28, Width: 28 });
        Assert.AreEqual(NumberDataViewType.Int64, schema["Index"].Type);
        Assert.AreEqual(Rows, Training().GetRowCount());
        Assert.IsTrue(Training().CanShuffle);
    }

    [TestMethod]
    public void EveryCursorOverImagesBeginsAnEpoch()
    {
        var view = Training();
        for (int epoch = 0; epoch < 3; epoch++)
        {
            foreach (var row in Read(view))
            {
                Assert.AreEqual(Data.Train.Label((int)row.Index) + 1u, row.Label);
                CollectionAssert.AreEqual(Drawn(Data.Train, 100, (int)row.Index, (long)epoch * Rows + row.Index, seed: 3), row.Picture);
            }

            Assert.AreEqual(epoch + 1, view.EpochsBegun);
        }
    }

    [TestMethod]
    public void CursorsOverOtherColumnsBeginNone()
    {
        var view = Training();
        using (var cursor = view.GetRowCursor([view.Schema["Label"], view.Schema["Index"]]))
        {
            var getter = cursor.GetGetter<uint>(view.Schema["Label"]);
            uint label = 0;
            int rows = 0;
            while (cursor.MoveNext())
            {
                getter(ref label);
                Assert.AreEqual(Data.Train.Label(rows++) + 1u, label);
            }

            Assert.AreEqual(Rows, rows);
            Assert.IsFalse(cursor.MoveNext());
        }

        view.GetRowCount();
        Assert.AreEqual(0, view.EpochsBegun);
    }

    [TestMethod]
    public void TestViewShowsTheSamePicturesEveryTime()
    {
        var view = DistortedFashionView.Test(Data, Distortion, 50, seed: 3);
        for (int pass = 0; pass < 2; pass++)
            foreach (var row in Read(view))
                CollectionAssert.AreEqual(Drawn(Data.Test, 200, (int)row.Index, row.Index, seed: 3), row.Picture);
    }

    [TestMethod]
    public void ValidationViewHoldsTheLastPicturesUnderDistortionsOfNoEpoch()
    {
        const int epochs = 4;
        var view = DistortedFashionView.Validation(Data, Distortion, Rows, epochs, seed: 3);
        Assert.AreEqual(DistortedFashionView.ValidationCount, view.GetRowCount());
        for (int pass = 0; pass < 2; pass++)
        {
            foreach (var (row, j) in Read(view).Take(20).Select((row, j) => (row, j)))
            {
                Assert.AreEqual(Data.Train.Count - DistortedFashionView.ValidationCount + j, row.Index);
                CollectionAssert.AreEqual(Drawn(Data.Train, 100, (int)row.Index, (long)epochs * Rows + j, seed: 3), row.Picture);
            }
        }

        Assert.IsTrue(DistortedFashionView.HoldsOut(Data, 500));
        Assert.IsFalse(DistortedFashionView.HoldsOut(Data, 501));
    }

    [TestMethod]
    public void ShufflingChangesTheOrderAndNothingElse()
    {
        var view = DistortedFashionView.Test(Data, Distortion, Rows, seed: 3);
        var straight = Read(view).ToDictionary(r => r.Index);
        var shuffled = Read(view, new Random(1));
        Assert.HasCount(Rows, shuffled.Select(r => r.Index).Distinct().ToList());
        CollectionAssert.AreNotEqual(straight.Keys.ToArray(), shuffled.Select(r => r.Index).ToArray());
        CollectionAssert.AreEqual(shuffled.Select(r => r.Index).ToArray(), Read(view, new Random(1)).Select(r => r.Index).ToArray());
        foreach (var row in shuffled)
        {
            Assert.AreEqual(straight[row.Index].Id, row.Id);
            Assert.AreEqual(straight[row.Index].Label, row.Label);
            CollectionAssert.AreEqual(straight[row.Index].Picture, row.Picture);
        }
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(2)]
    [DataRow(3)]
    [DataRow(8)]
    public void ASetOfCursorsIsOnePassInPieces(int count)
    {
        var view = Training();
        var cursors = view.GetRowCursorSet(view.Schema, count);
        Assert.AreEqual(1, view.EpochsBegun);
        var pieces = cursors.Select((cursor, part) => (Cursor: cursor, Rows: ReadAll(cursor, view.Schema), Part: part)).ToList();
        CollectionAssert.AreEqual(
            Enumerable.Range(0, Rows).Select(j => (long)j).ToArray(),
            pieces.SelectMany(p => p.Rows).OrderBy(r => r.Batch).Select(r => r.Index).ToArray(),
            "ordered by batch, the rows are those of one cursor");
        foreach (var row in pieces.SelectMany(p => p.Rows))
            CollectionAssert.AreEqual(Drawn(Data.Train, 100, (int)row.Index, row.Index, seed: 3), row.Picture);
    }

    [TestMethod]
    public void CursorsAtOnceEachHaveAnEpochOfTheirOwn()
    {
        const int cursors = 6;
        var view = Training();
        var passes = new List<Row>[cursors];
        Parallel.For(0, cursors, k => passes[k] = Read(view));

        var epochs = passes.Select(rows =>
        {
            int epoch = Enumerable.Range(0, cursors).Single(e => Drawn(Data.Train, 100, 0, (long)e * Rows, seed: 3).SequenceEqual(rows[0].Picture));
            foreach (var row in rows)
                CollectionAssert.AreEqual(Drawn(Data.Train, 100, (int)row.Index, (long)epoch * Rows + row.Index, seed: 3), row.Picture);
            return epoch;
        });
        CollectionAssert.AreEquivalent(Enumerable.Range(0, cursors).ToArray(), epochs.ToArray());
    }

    [TestMethod]
    public void ImagesAreOpaqueAndGrey()
    {
        var view = Training();
        using var cursor = view.GetRowCursor([view.Schema["Image"]]);
        var getter = cursor.GetGetter<MLImage>(view.Schema["Image"]);
        Assert.IsTrue(cursor.MoveNext());
        MLImage image = null!;
        getter(ref image);
        Assert.AreEqual(MLPixelFormat.Bgra32, image.PixelFormat);
        var first = image.Pixels.ToArray();
        for (int k = 0; k < first.Length; k += 4)
            Assert.IsTrue(first[k] == first[k + 1] && first[k] == first[k + 2] && first[k + 3] == 255);

        // Asked again, the same picture.
        MLImage again = null!;
        getter(ref again);
        Assert.AreNotSame(image, again);
        CollectionAssert.AreEqual(first, again.Pixels.ToArray());
        image.Dispose();
        again.Dispose();
    }

    [TestMethod]
    public void RefusesWhatACursorDoesNotDeliver()
    {
        var view = Training();
        using var cursor = view.GetRowCursor([view.Schema["Label"]]);
        Assert.IsFalse(cursor.IsColumnActive(view.Schema["Image"]));
        StringAssert.Contains(
            Assert.ThrowsExactly<InvalidOperationException>(() => cursor.GetGetter<MLImage>(view.Schema["Image"])).Message, "'Image'", StringComparison.Ordinal);
        StringAssert.Contains(
            Assert.ThrowsExactly<InvalidOperationException>(() => cursor.GetGetter<float>(view.Schema["Label"])).Message, "Single", StringComparison.Ordinal);

        var getter = cursor.GetGetter<uint>(view.Schema["Label"]);
        uint label = 0;
        Assert.ThrowsExactly<InvalidOperationException>(() => getter(ref label));
        while (cursor.MoveNext())
        {
        }

        Assert.ThrowsExactly<InvalidOperationException>(() => getter(ref label));
    }

    [TestMethod]
    [DataRow(0)]
    [DataRow(2501)]
    public void RefusesMorePicturesThanThereAre(int count) =>
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => DistortedFashionView.Training(Data, Distortion, count, seed: 0));

    private static DistortedFashionView Training() => DistortedFashionView.Training(Data, Distortion, Rows, seed: 3);

    private static byte[] Drawn(FashionMnistSplit split, int stream, int index, long counter, long seed)
    {
        var picture = new byte[Distortion.CanvasSide * Distortion.CanvasSide];
        Distortion.Draw(split.Image(index), new CounterUniforms(seed, stream, counter), Data.Train, picture);
        return picture;
    }

    private static List<Row> Read(IDataView view, Random? random = null)
    {
        using var cursor = view.GetRowCursor(view.Schema, random);
        return ReadAll(cursor, view.Schema);
    }

    private static List<Row> ReadAll(DataViewRowCursor cursor, DataViewSchema schema)
    {
        var labelGetter = cursor.GetGetter<uint>(schema["Label"]);
        var imageGetter = cursor.GetGetter<MLImage>(schema["Image"]);
        var indexGetter = cursor.GetGetter<long>(schema["Index"]);
        var idGetter = cursor.GetIdGetter();
        uint label = 0;
        long index = 0;
        MLImage image = null!;
        DataViewRowId id = default;
        var rows = new List<Row>();
        while (cursor.MoveNext())
        {
            Assert.AreEqual(rows.Count, cursor.Position);
            labelGetter(ref label);
            imageGetter(ref image);
            indexGetter(ref index);
            idGetter(ref id);
            var pixels = image.Pixels;
            var picture = new byte[pixels.Length / 4];
            for (int k = 0; k < picture.Length; k++)
                picture[k] = pixels[4 * k];
            rows.Add(new Row(index, label, id, cursor.Batch, picture));
        }

        image?.Dispose();
        return rows;
    }

    private sealed record Row(long Index, uint Label, DataViewRowId Id, long Batch, byte[] Picture);
}
