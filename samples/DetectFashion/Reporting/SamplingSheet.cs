using Microsoft.ML.Spatial.Samples.DetectFashion.Data;
using Microsoft.ML.Spatial.Samples.DetectFashion.Generation;
using Microsoft.ML.Spatial.Samples.DetectFashion.Training;
using Microsoft.ML.Spatial.Visualization;

namespace Microsoft.ML.Spatial.Samples.DetectFashion.Reporting;

/// <summary>A contact sheet of items of the first test scenes with the points that each deformable detector reads to say what is at their centres.</summary>
internal static class SamplingSheet
{
    private const int ItemsOfScene = 2;

    /// <summary>Draws the sheet and saves it as PNG.</summary>
    /// <param name="test">The test scenes.</param>
    /// <param name="outcomes">The deformable detectors.</param>
    /// <param name="path">The PNG file.</param>
    public static void Save(FashionSceneView test, IReadOnlyList<DetectorOutcome> outcomes, string path)
    {
        var sheet = new ContactSheet(columns: outcomes.Count == 1 ? 3 : 1)
        {
            Title = $"What deformable convolutions read (red) for the centre of an item (green): {string.Join(", ", outcomes.Select(outcome => outcome.Result.Model))}",
            PictureSide = DetectionSheet.PictureSide,
            TextScale = 1,
        };
        foreach (var (scene, row) in test.Scenes.Take(DetectionSheet.Samples).Select((scene, row) => (scene, row)))
        {
            for (int item = 0; item < Math.Min(ItemsOfScene, scene.Objects.Count); item++)
            {
                sheet.Add(new SheetCell(
                    [.. outcomes.Select(outcome => DetectionSheet.Picture(scene).With(Points(scene.Objects[item], outcome.Sampled[row].Points[item])))],
                    [DetectionSheet.Caption(row)]));
            }
        }

        sheet.Save(path);
    }

    private static SheetOverlay Points(SceneObject one, IReadOnlyList<(double Y, double X)> points)
    {
        var box = one.Box.ToPixelBox();
        return SamplingOverlay.Samples((box.Top + (box.Height / 2) - 0.5, box.Left + (box.Width / 2) - 0.5), 1, points, 1).With(DetectionSheet.True(one));
    }
}
