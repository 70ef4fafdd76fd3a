using System.Drawing;
using System.Globalization;
using Microsoft.ML.Spatial.Samples.DetectFashion.Data;
using Microsoft.ML.Spatial.Samples.DetectFashion.Generation;
using Microsoft.ML.Spatial.Samples.DetectFashion.Training;
using Microsoft.ML.Spatial.Samples.FashionMnist.Data;
using Microsoft.ML.Spatial.Visualization;

namespace Microsoft.ML.Spatial.Samples.DetectFashion.Reporting;

/// <summary>A contact sheet of the first test scenes: what is there, and what each detector found.</summary>
internal static class DetectionSheet
{
    private const int Samples = 12;
    private const int PictureSide = 3 * FashionScene.Side;
    private const float LeastScore = 0.3f;

    private static readonly Color TrueColor = Color.FromArgb(90, 230, 90);
    private static readonly Color FoundColor = Color.FromArgb(255, 160, 0);
    private static readonly Color TextColor = Color.FromArgb(235, 235, 235);

    /// <summary>Draws the sheet and saves it as PNG.</summary>
    /// <param name="test">The test scenes.</param>
    /// <param name="results">The detectors.</param>
    /// <param name="found">What each of them found in each scene.</param>
    /// <param name="path">The PNG file.</param>
    public static void Save(FashionSceneView test, IReadOnlyList<DetectorResult> results, IReadOnlyList<FoundObjects[]> found, string path)
    {
        var sheet = new ContactSheet(columns: 2)
        {
            Title = string.Create(CultureInfo.InvariantCulture, $"Left what is there (green), then what was found (orange, score from {LeastScore}): {string.Join(", ", results.Select(r => r.Model))}"),
            PictureSide = PictureSide,
            TextScale = 1,
        };
        foreach (var (scene, row) in test.Scenes.Take(Samples).Select((scene, row) => (scene, row)))
        {
            var picture = SheetPicture.FromValues(Array.ConvertAll(scene.Pixels, pixel => pixel / 255f), 1, FashionScene.Side, FashionScene.Side);
            sheet.Add(new SheetCell(
                [picture.With(True(scene)), .. found.Select(objects => picture.With(Found(objects[row])))],
                [new SheetCaption(string.Create(CultureInfo.InvariantCulture, $"Scene {row}"), TextColor)]));
        }

        sheet.Save(path);
    }

    private static SheetOverlay True(FashionScene scene) => scene.Objects.Aggregate(
        SheetOverlay.Empty,
        (overlay, one) => overlay.With(Frame(one.Box.Left, one.Box.Top, one.Box.Right, one.Box.Bottom, FashionMnistDataSet.ClassNames[one.Label], TrueColor)));

    private static SheetOverlay Found(FoundObjects objects) => Enumerable.Range(0, objects.Scores.Count(score => score >= LeastScore)).Aggregate(
        SheetOverlay.Empty,
        (overlay, k) => overlay.With(Frame(
            objects.Boxes[4 * k],
            objects.Boxes[4 * k + 1],
            objects.Boxes[4 * k + 2],
            objects.Boxes[4 * k + 3],
            string.Create(CultureInfo.InvariantCulture, $"{FashionMnistDataSet.ClassNames[(int)objects.Keys[k] - 1]} {100 * objects.Scores[k]:F0}"),
            FoundColor)));

    private static SheetOverlay Frame(float left, float top, float right, float bottom, string text, Color color)
    {
        PointF[] corners = [new(left, top), new(right, top), new(right, bottom), new(left, bottom)];
        return new([.. corners.Select((corner, k) => new SheetLine(corner, corners[(k + 1) % corners.Length], color))], [], [new SheetLabel(corners[0], text, color)]);
    }
}
