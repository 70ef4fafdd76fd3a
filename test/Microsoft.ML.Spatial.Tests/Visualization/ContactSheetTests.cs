using System.Drawing;
using Microsoft.ML.Data;
using Microsoft.ML.Spatial.Modules;
using Microsoft.ML.Spatial.Visualization;

namespace Microsoft.ML.Spatial.Tests.Visualization;

[TestClass]
public sealed class ContactSheetTests
{
    private const int Margin = 16;

    [TestMethod]
    public void PicturesAreEnlargedByAWholeFactorAndStandInAGrid()
    {
        var sheet = new ContactSheet(columns: 2) { PictureSide = 20 };
        foreach (float grey in new[] { 0.2f, 0.4f, 0.6f })
            sheet.Add(new SheetCell([Flat(grey, 6)], [new SheetCaption("a", Color.White)]));
        var canvas = sheet.Draw();

        // 6 pixels within 20: factor 3, cells 18 wide.
        Assert.AreEqual(Margin + 2 * (18 + Margin), canvas.Width);
        Assert.AreEqual(51, Blue(canvas, Margin, Margin));
        Assert.AreEqual(51, Blue(canvas, Margin + 17, Margin + 17));
        Assert.AreNotEqual(51, Blue(canvas, Margin + 18, Margin));
        Assert.AreEqual(102, Blue(canvas, Margin + 18 + Margin, Margin));
        int cellHeight = (canvas.Height - Margin) / 2 - Margin;
        Assert.AreEqual(153, Blue(canvas, Margin, Margin + cellHeight + Margin));
    }

    [TestMethod]
    public void OutlinesStayOffTheNextPicture()
    {
        var outline = ThetaOverlay.Outline(TransformationKind.Affine, [3, 0, 0, 0, 0.5f, 0], 6, 6);
        var sheet = new ContactSheet(columns: 1) { PictureSide = 18 };
        sheet.Add(new SheetCell([SheetPicture.FromValues(new float[36], 1, 6, 6, outline), Flat(0.2f, 6)], []));
        var canvas = sheet.Draw();
        // A quarter of the way down runs the upper edge, in its own colour, and stops before the second picture.
        Assert.AreEqual(Color.FromArgb(255, 160, 0).B, Blue(canvas, Margin + 9, Margin + 4));
        for (int y = 0; y < 18; y++)
            for (int x = 0; x < 18; x++)
                Assert.AreEqual(51, Blue(canvas, Margin + 18 + 6 + x, Margin + y));
    }

    [TestMethod]
    public void WideCaptionsAndTitlesMakeRoom()
    {
        var sheet = new ContactSheet(columns: 1) { PictureSide = 6, TextScale = 1 };
        sheet.Add(new SheetCell([Flat(1, 6)], [new SheetCaption(new string('m', 50), Color.White)]));
        Assert.AreEqual(2 * Margin + 299, sheet.Draw().Width);

        var titled = new ContactSheet(columns: 3) { Title = new string('m', 80), TextScale = 1 };
        Assert.AreEqual(2 * Margin + 479, titled.Draw().Width);
    }

    [TestMethod]
    public void SavesAndReplacesAPng()
    {
        var folder = Directory.CreateTempSubdirectory("sheet-").FullName;
        try
        {
            var path = Path.Combine(folder, "sheet.png");
            File.WriteAllText(path, "something older");
            var sheet = new ContactSheet(columns: 2) { Title = "Title" };
            sheet.Add(new SheetCell([Flat(0.2f, 28)], []));
            sheet.Save(path);

            Assert.HasCount(1, Directory.GetFiles(folder));
            using var expected = sheet.ToImage();
            using var image = MLImage.CreateFromFile(path);
            Assert.AreEqual(expected.Width, image.Width);
            Assert.AreEqual(expected.Height, image.Height);
            int centre = 4 * (image.Height / 2 * image.Width + Margin + 10);
            Assert.AreEqual(51, image.Pixels[centre]);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [TestMethod]
    public void RefusesSizesThatAreNotPositive()
    {
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new ContactSheet(columns: 0));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new ContactSheet(columns: 1) { PictureSide = 0 });
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new ContactSheet(columns: 1) { TextScale = -1 });
        Assert.ThrowsExactly<ArgumentNullException>(() => new ContactSheet(columns: 1).Add(null!));
    }

    private static SheetPicture Flat(float grey, int side) => SheetPicture.FromValues([.. Enumerable.Repeat(grey, side * side)], 1, side, side);

    private static int Blue(Canvas canvas, int x, int y) => canvas.Pixels[4 * (y * canvas.Width + x)];
}
