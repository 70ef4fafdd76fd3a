using System.Drawing;
using System.Globalization;
using Microsoft.ML.Spatial.Samples.DetectFashion.Data;
using Microsoft.ML.Spatial.Samples.DetectFashion.Generation;
using Microsoft.ML.Spatial.Samples.DetectFashion.Training;
using Microsoft.ML.Spatial.Samples.FashionMnist.Data;
using Microsoft.ML.Spatial.Samples.FashionMnist.Reporting;
using Microsoft.ML.Spatial.Visualization;

namespace Microsoft.ML.Spatial.Samples.DetectFashion.Reporting;

/// <summary>A contact sheet of the first test scenes: what is there, and what each detector found.</summary>
internal static class DetectionSheet
{
    /// <summary>How many scenes are drawn.</summary>
    public const int Samples = 12;

    /// <summary>The side of a scene as it is drawn.</summary>
    public const int PictureSide = 3 * FashionScene.Side;

    private const float LeastScore = 0.3f;

    // Text stands above its frame.
    private const float TextRise = 4;

    private static readonly Color TrueColor = Color.FromArgb(0, 200, 255);
    private static readonly Color TextColor = Color.FromArgb(235, 235, 235);

    /// <summary>Draws the sheet and saves it as PNG.</summary>
    /// <param name="test">The test scenes.</param>
    /// <param name="outcomes">The detectors.</param>
    /// <param name="path">The PNG file.</param>
    public static void Save(FashionSceneView test, IReadOnlyList<DetectorOutcome> outcomes, string path)
    {
        var sheet = new ContactSheet(columns: 2)
        {
            Title = string.Create(CultureInfo.InvariantCulture, $"Left what is there; then what was found with a score from {LeastScore}, right (green) or wrong (red): {string.Join(", ", outcomes.Select(outcome => outcome.Result.Model))}"),
            PictureSide = PictureSide,
            TextScale = 1,
        };
        foreach (var (scene, row) in test.Scenes.Take(Samples).Select((scene, row) => (scene, row)))
        {
            var picture = Picture(scene);
            sheet.Add(new SheetCell([picture.With(True(scene)), .. outcomes.Select(outcome => picture.With(Found(outcome.Found[row], scene)))], [Caption(row)]));
        }

        sheet.Save(path);
    }

    /// <summary>A scene without anything drawn over it.</summary>
    public static SheetPicture Picture(FashionScene scene) => SheetPicture.FromValues(Array.ConvertAll(scene.Pixels, pixel => pixel / 255f), 1, FashionScene.Side, FashionScene.Side);

    /// <summary>Which scene it is.</summary>
    public static SheetCaption Caption(int row) => new(string.Create(CultureInfo.InvariantCulture, $"Scene {row}"), TextColor);

    /// <summary>Where an item is, and what.</summary>
    public static SheetOverlay True(SceneObject one) => Frame(one.Box.ToPixelBox(), FashionMnistDataSet.ClassNames[one.Label], TrueColor);

    private static SheetOverlay True(FashionScene scene) => scene.Objects.Aggregate(SheetOverlay.Empty, (overlay, one) => overlay.With(True(one)));

    private static SheetOverlay Found(FoundObjects objects, FashionScene scene) => objects.Shown(LeastScore).Aggregate(
        SheetOverlay.Empty,
        (overlay, k) =>
        {
            var (box, label) = (objects.Box(k), (int)objects.Keys[k] - 1);
            var isRight = scene.Objects.Any(one => one.Label == label && one.Box.ToPixelBox().IntersectionOverUnion(box) > DetectorResult.LooseOverlap);
            return overlay.With(Frame(box, string.Create(CultureInfo.InvariantCulture, $"{FashionMnistDataSet.ClassNames[label]} {100 * objects.Scores[k]:F0}"), SheetColors.Of(isRight)));
        });

    private static SheetOverlay Frame(PixelBox box, string text, Color color)
    {
        var (left, top, right, bottom) = ((float)box.Left, (float)box.Top, (float)(box.Left + box.Width), (float)(box.Top + box.Height));
        PointF[] corners = [new(left, top), new(right, top), new(right, bottom), new(left, bottom)];
        return new([.. corners.Select((corner, k) => new SheetLine(corner, corners[(k + 1) % corners.Length], color))], [], [new SheetLabel(new PointF(left, top - TextRise), text, color)]);
    }
}
