using Microsoft.ML.Data;
using Microsoft.ML.Spatial.Samples.Colocalize.Data;
using Microsoft.ML.Spatial.Samples.FashionMnist.Generation;

namespace Microsoft.ML.Spatial.Tests.Samples;

[TestClass]
public sealed class CommonClassViewTests
{
    /// <summary>Every row is a picture of the class, drawn with its place in the file as counter, and the true box holds it.</summary>
    [TestMethod]
    [DataRow(false, 104)]
    [DataRow(true, 204)]
    public void ShowsTheClassAloneTheSameInEveryPass(bool test, int stream)
    {
        // Clutter is cut from any of 60,000 training pictures.
        var data = FashionMnistData.Random(60000, 100);
        var file = test ? data.Test : data.Train;
        var view = test ? CommonClassView.Test(data, 90, 3, 5) : CommonClassView.Training(data, 90, 3, 5);
        int[] indices = [.. Enumerable.Range(0, 90).Where(index => file.Label(index) == 3)];
        Assert.AreEqual(indices.Length, view.Count);
        var expected = new byte[60 * 60];
        for (int pass = 0; pass < 2; pass++)
        {
            using var cursor = view.GetRowCursor(view.Schema);
            var getter = cursor.GetGetter<MLImage>(view.Schema["Image"]);
            MLImage image = null!;
            while (cursor.MoveNext())
            {
                int row = (int)cursor.Position;
                getter(ref image);
                new TranslatedClutter().Draw(file.Image(indices[row]), new CounterUniforms(5, stream, indices[row]), data.Train, expected);
                for (int k = 0; k < expected.Length; k++)
                    Assert.AreEqual((expected[k], expected[k], expected[k], (byte)255), (image.Pixels[4 * k], image.Pixels[4 * k + 1], image.Pixels[4 * k + 2], image.Pixels[4 * k + 3]));

                var box = view.TrueBox(row);
                Assert.AreEqual((28.0, 28.0), (box.Width, box.Height));
                for (int k = 0; k < 28 * 28; k++)
                    Assert.IsGreaterThanOrEqualTo(file.Image(indices[row])[k], expected[((int)box.Top + k / 28) * 60 + (int)box.Left + k % 28]);
            }

            image.Dispose();
        }
    }

    [TestMethod]
    public void RefusesAClassWithoutPairs() =>
        StringAssert.Contains(Assert.ThrowsExactly<InvalidDataException>(() => CommonClassView.Test(FashionMnistData.Random(10, 1), 1, 3, 0)).Message, "Dress");
}
