using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;
using Microsoft.ML.Spatial.Components;
using Microsoft.ML.Spatial.Data;
using Microsoft.ML.Spatial.FreshProcess;
using TorchSharp;

namespace Microsoft.ML.Spatial.Tests.Components;

[TestClass]
public sealed class ScoringTests
{
    private static readonly MLContext Ml = new(1);
    private static SpatialTransformerClassifier _model = null!;

    [ClassInitialize]
    public static void Fit(TestContext context) => _model = Ml.MulticlassClassification.Trainers.SpatialTransformer(Shapes.RichOptions()).Fit(Shapes.Keyed(Ml, 120));

    [ClassCleanup]
    public static void Free() => _model.Dispose();

    [TestMethod]
    [DataRow(0)]
    [DataRow(1)]
    [DataRow(15)]
    [DataRow(16)]
    [DataRow(33)]
    public void BatchedScoresAreTheNetworksScoresRowByRow(int count)
    {
        var rows = ShapeRows.Make(count, 21);
        var scored = _model.Transform(Ml.Data.LoadFromEnumerable(rows));
        var scores = Shapes.Vectors(scored, "Score");
        var thetas = Shapes.Vectors(scored, "Theta");
        var rectified = Shapes.Vectors(scored, "Rectified");
        var labels = scored.GetColumn<uint>("PredictedLabel").ToArray();
        Assert.HasCount(count, scores);
        for (var i = 0; i < count; i++)
        {
            using var scope = torch.NewDisposeScope();
            using var noGradient = torch.no_grad();
            var output = _model.Model.Network.Run(torch.from_array(rows[i].Image, torch.CPU).reshape(1, 1, Shapes.Side, Shapes.Side));
            AssertClose(output.Logits.softmax(1), scores[i]);
            AssertClose(output.Theta!, thetas[i]);
            AssertClose(output.Rectified!, rectified[i]);
            Assert.AreEqual((uint)Array.IndexOf(scores[i], scores[i].Max()) + 1, labels[i]);
        }
    }

    [TestMethod]
    public void ColumnsPassedOnStayWithTheirRows()
    {
        var rows = ShapeRows.Make(40, 22);
        var scored = _model.Transform(Ml.Data.LoadFromEnumerable(rows));
        var i = 0;
        foreach (var row in Ml.Data.CreateEnumerable<PassedRow>(scored, reuseRowObject: true))
        {
            Assert.AreEqual(rows[i].Name, row.Name);
            CollectionAssert.AreEqual(rows[i].Image, row.Image);
            Assert.HasCount(3, row.Score);
            i++;
        }

        Assert.AreEqual(40, i);
    }

    [TestMethod]
    public void PositionsAndIdsStayWithTheirRows()
    {
        var view = Ml.Data.LoadFromEnumerable(ShapeRows.Make(40, 22));
        using var plain = view.GetRowCursor(view.Schema);
        var scored = _model.Transform(view);
        using var cursor = scored.GetRowCursor(scored.Schema);
        var (plainId, scoredId) = (plain.GetIdGetter(), cursor.GetIdGetter());
        DataViewRowId expected = default, actual = default;
        Assert.AreEqual(-1, cursor.Position);
        while (plain.MoveNext())
        {
            Assert.IsTrue(cursor.MoveNext());
            plainId(ref expected);
            scoredId(ref actual);
            Assert.AreEqual(plain.Position, cursor.Position);
            Assert.AreEqual(plain.Batch, cursor.Batch);
            Assert.AreEqual(expected, actual);
        }

        Assert.IsFalse(cursor.MoveNext());
    }

    [TestMethod]
    public void TransformIsLazyAndReadsOnlyWhatIsAskedFor()
    {
        var watched = new WatchedView(Ml.Data.LoadFromEnumerable(ShapeRows.Make(40, 22)));
        var scored = _model.Transform(watched);
        Assert.IsEmpty(watched.Cursors);
        Assert.AreEqual(40, scored.GetColumn<string>("Name").Count());
        CollectionAssert.AreEqual(new[] { "Name" }, watched.Cursors[0]);
        _ = scored.GetColumn<float[]>("Theta").ToArray();
        CollectionAssert.AreEqual(new[] { "Image" }, watched.Cursors[1]);
    }

    [TestMethod]
    public void ACursorReadsAheadOneBatch()
    {
        var watched = new WatchedView(Ml.Data.LoadFromEnumerable(ShapeRows.Make(40, 22)));
        var scored = _model.Transform(watched);
        using var cursor = scored.GetRowCursor([scored.Schema["Score"]]);
        Assert.IsTrue(cursor.MoveNext());
        Assert.AreEqual(16, watched.Moves);
    }

    [TestMethod]
    public void OnlyActiveColumnsHaveGetters()
    {
        var scored = _model.Transform(Ml.Data.LoadFromEnumerable(ShapeRows.Make(4, 22)));
        using var cursor = scored.GetRowCursor([scored.Schema["Score"]]);
        Assert.IsTrue(cursor.IsColumnActive(scored.Schema["Score"]));
        Assert.IsFalse(cursor.IsColumnActive(scored.Schema["Theta"]));
        Assert.ThrowsExactly<InvalidOperationException>(() => cursor.GetGetter<VBuffer<float>>(scored.Schema["Theta"]));
        Assert.ThrowsExactly<InvalidOperationException>(() => cursor.GetGetter<float>(scored.Schema["Score"]));
    }

    [TestMethod]
    public void SeveralCursorsAtOnceAgree()
    {
        var scored = _model.Transform(Ml.Data.LoadFromEnumerable(ShapeRows.Make(100, 23)));
        var expected = Shapes.Vectors(scored, "Score");
        var results = new float[4][][];
        Parallel.For(0, 4, new ParallelOptions { MaxDegreeOfParallelism = 4 }, i => results[i] = Shapes.Vectors(scored, "Score"));
        foreach (var result in results)
        {
            for (var row = 0; row < expected.Length; row++)
            {
                CollectionAssert.AreEqual(expected[row], result[row]);
            }
        }
    }

    [TestMethod]
    public void ACursorSetGivesEveryRowOnce()
    {
        var scored = _model.Transform(Ml.Data.LoadFromEnumerable(ShapeRows.Make(100, 23)));
        var expected = Shapes.Vectors(scored, "Score").Select(score => score[0]).Order().ToArray();
        var seen = new List<float>();
        foreach (var cursor in scored.GetRowCursorSet([scored.Schema["Score"]], 3))
        {
            using (cursor)
            {
                var getter = cursor.GetGetter<VBuffer<float>>(scored.Schema["Score"]);
                var score = default(VBuffer<float>);
                while (cursor.MoveNext())
                {
                    getter(ref score);
                    seen.Add(score.GetItemOrDefault(0));
                }
            }
        }

        CollectionAssert.AreEqual(expected, seen.Order().ToArray());
    }

    [TestMethod]
    public void ABadImageFailsAtItsRowAfterTheRowsBeforeIt()
    {
        var rows = ShapeRows.Make(40, 24);
        rows[20].Image[5] = float.NaN;
        var scored = _model.Transform(Ml.Data.LoadFromEnumerable(rows));
        var clean = Shapes.Vectors(_model.Transform(Ml.Data.LoadFromEnumerable(ShapeRows.Make(40, 24))), "Score");
        using var cursor = scored.GetRowCursor([scored.Schema["Score"], scored.Schema["Name"]]);
        var scoreGetter = cursor.GetGetter<VBuffer<float>>(scored.Schema["Score"]);
        var nameGetter = cursor.GetGetter<ReadOnlyMemory<char>>(scored.Schema["Name"]);
        var score = default(VBuffer<float>);
        var name = default(ReadOnlyMemory<char>);
        for (var row = 0; row < 40; row++)
        {
            Assert.IsTrue(cursor.MoveNext());
            nameGetter(ref name);
            Assert.AreEqual(rows[row].Name, name.ToString());
            if (row == 20)
            {
                var error = Assert.ThrowsExactly<InvalidDataException>(() => scoreGetter(ref score));
                StringAssert.Contains(error.Message, "'Image', row 20");
                StringAssert.Contains(error.Message, "NaN");
            }
            else
            {
                scoreGetter(ref score);
                for (var i = 0; i < 3; i++)
                {
                    Assert.AreEqual(clean[row][i], score.GetItemOrDefault(i), 1e-5f);
                }
            }
        }

        Assert.IsFalse(cursor.MoveNext());
    }

    [TestMethod]
    public void AFailingSourceFailsAfterTheRowsBeforeIt()
    {
        static IEnumerable<ShapeRow> Rows()
        {
            foreach (var row in ShapeRows.Make(20, 24))
            {
                yield return row;
            }

            throw new TimeoutException("the source is gone");
        }

        var scored = _model.Transform(Ml.Data.LoadFromEnumerable(Rows()));
        using var cursor = scored.GetRowCursor([scored.Schema["Score"]]);
        for (var row = 0; row < 20; row++)
        {
            Assert.IsTrue(cursor.MoveNext());
        }

        var error = Assert.Throws<Exception>(() => cursor.MoveNext());
        StringAssert.Contains(error.ToString(), "the source is gone");
    }

    [TestMethod]
    public void PredictionEnginesOnSeveralThreadsAgreeWithOne()
    {
        var rows = ShapeRows.Make(60, 25);
        using var one = Engine();
        var expected = rows.Select(row => one.Predict(row).Score).ToArray();
        Parallel.For(0, 4, new ParallelOptions { MaxDegreeOfParallelism = 4 }, _ =>
        {
            using var engine = Engine();
            for (var i = 0; i < rows.Length; i++)
            {
                CollectionAssert.AreEqual(expected[i], engine.Predict(rows[i]).Score);
            }
        });

        static PredictionEngine<ShapeRow, ScoreRow> Engine() => Ml.Model.CreatePredictionEngine<ShapeRow, ScoreRow>(_model, new PredictionEngineOptions { OwnsTransformer = false });
    }

    [TestMethod]
    public void APredictionEngineGivesWhatTransformGives()
    {
        var rows = ShapeRows.Make(20, 26);
        var expected = Shapes.Vectors(_model.Transform(Ml.Data.LoadFromEnumerable(rows)), "Score");
        using var engine = Ml.Model.CreatePredictionEngine<ShapeRow, ScoreRow>(_model, new PredictionEngineOptions { OwnsTransformer = false });
        for (var i = 0; i < rows.Length; i++)
        {
            var score = engine.Predict(rows[i]).Score;
            for (var c = 0; c < 3; c++)
            {
                Assert.AreEqual(expected[i][c], score[c], 1e-5f);
            }
        }
    }

    [TestMethod]
    public void APredictionEngineRefusesABadImageAndGoesOn()
    {
        using var engine = Ml.Model.CreatePredictionEngine<ShapeRow, ScoreRow>(_model, new PredictionEngineOptions { OwnsTransformer = false });
        var bad = ShapeRows.Make(1, 1)[0];
        var good = bad.Image.ToArray();
        bad.Image[7] = float.PositiveInfinity;
        StringAssert.Contains(Assert.ThrowsExactly<InvalidDataException>(() => engine.Predict(bad)).Message, "'Image'");
        Assert.HasCount(3, engine.Predict(new ShapeRow { Image = good }).Score);
    }

    [TestMethod]
    public void PicturesOfOtherSizesAreResizedOrRefused()
    {
        var big = Shapes.Picture(Enumerable.Repeat(0.6f, 30 * 20).ToArray(), 30, 20);
        var rows = new[] { new AnyPicture { Image = big } };
        var view = Ml.Data.LoadFromEnumerable(rows);
        var model = _model.Model;
        using var cursor = view.GetRowCursor(view.Schema);
        Assert.IsTrue(cursor.MoveNext());
        var planes = new float[Shapes.Side * Shapes.Side];
        using (var reader = ImageReader.Create(cursor, view.Schema["Image"], model.Settings.Shape, ImageResizing.Resize))
        {
            reader.Read(planes);
        }

        foreach (var value in planes)
        {
            Assert.AreEqual(153f / 255f, value, 1e-6f);
        }

        using var again = view.GetRowCursor(view.Schema);
        Assert.IsTrue(again.MoveNext());
        using var refusing = ImageReader.Create(again, view.Schema["Image"], model.Settings.Shape, ImageResizing.Refuse);
        var error = Assert.ThrowsExactly<InvalidDataException>(() => refusing.Read(planes));
        StringAssert.Contains(error.Message, "30 high and 20 wide");
        StringAssert.Contains(error.Message, "12 and 12");
    }

    [TestMethod]
    public void AModelResizesPicturesOrRefusesThem()
    {
        var rows = PictureRow.Make(24, 2);
        var view = Ml.Data.LoadFromEnumerable(rows);
        var keyed = Ml.Transforms.Conversion.MapValueToKey("Label", "Name").Fit(view).Transform(view);
        var pictures = Ml.Data.LoadFromEnumerable(new[] { new AnyPicture { Image = Shapes.Picture(Enumerable.Repeat(0.6f, 600).ToArray(), 30, 20) }, new AnyPicture { Image = rows[0].Image } });
        using var resizing = Ml.MulticlassClassification.Trainers.SpatialTransformer(new SpatialTransformerTrainer.Options { Epochs = 1, ImageChannels = 1 }).Fit(keyed);
        Assert.HasCount(2, Shapes.Vectors(resizing.Transform(pictures), "Score"));

        using var refusing = Ml.MulticlassClassification.Trainers.SpatialTransformer(new SpatialTransformerTrainer.Options { Epochs = 1, ImageChannels = 1, Resizing = ImageResizing.Refuse }).Fit(keyed);
        var error = Assert.ThrowsExactly<InvalidDataException>(() => Shapes.Vectors(refusing.Transform(pictures), "Score"));
        StringAssert.Contains(error.Message, "'Image', row 0");
        StringAssert.Contains(error.Message, "30 high and 20 wide");
    }

    [TestMethod]
    public void ADisposedModelSaysSo()
    {
        var model = Ml.MulticlassClassification.Trainers.SpatialTransformer(Shapes.Options()).Fit(Shapes.Keyed(Ml, 12));
        var scored = model.Transform(Ml.Data.LoadFromEnumerable(ShapeRows.Make(4, 1)));
        model.Dispose();
        model.Dispose();
        Assert.ThrowsExactly<ObjectDisposedException>(() => Shapes.Vectors(scored, "Score"));
    }

    private static void AssertClose(torch.Tensor expected, float[] actual)
    {
        var values = expected.contiguous().data<float>().ToArray();
        Assert.HasCount(values.Length, actual);
        for (var i = 0; i < values.Length; i++)
        {
            Assert.AreEqual(values[i], actual[i], 1e-5f);
        }
    }

    private sealed class PassedRow
    {
        public string Name { get; set; } = "";

        public float[] Image { get; set; } = [];

        public float[] Score { get; set; } = [];
    }

    private sealed class ScoreRow
    {
        public float[] Score { get; set; } = [];
    }

    private sealed class AnyPicture
    {
        [ImageType]
        public MLImage Image { get; set; } = null!;
    }
}
