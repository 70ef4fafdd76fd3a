using System.Globalization;
using Microsoft.ML.Data;
using Microsoft.ML.Spatial.Components;
using Microsoft.ML.Spatial.Modules;
using Microsoft.ML.Spatial.Samples.Colocalize.Data;
using Microsoft.ML.Spatial.Samples.Colocalize.Training;
using Microsoft.ML.Spatial.Samples.FashionMnist.Data;
using Microsoft.ML.Spatial.Samples.FashionMnist.Reporting;
using Microsoft.ML.Spatial.Visualization;

namespace Microsoft.ML.Spatial.Samples.Colocalize.Reporting;

/// <summary>A contact sheet of the boxes found in the first test pictures: the true box in green, the found one as an outline, and what it shows.</summary>
internal static class BoxSheet
{
    private const int Samples = 24;
    private const int PictureSide = 120;

    /// <summary>Draws the first test pictures and saves the sheet as PNG.</summary>
    public static void Save(ITransformer model, CommonClassView test, IReadOnlyList<FoundBox> boxes, string name, ClassResult result, string path)
    {
        var sheet = new ContactSheet(columns: 4)
        {
            Title = string.Create(CultureInfo.InvariantCulture, $"{name}: {result.FoundShare:F1} % found. Green: true box; outline: found, without labels"),
            PictureSide = PictureSide,
        };
        var scored = model.Transform(test);
        var columns = new[] { scored.Schema[DrawnPicturesView.ImageColumnName], scored.Schema[new SpatialTransformerEstimator.Options().OutputColumnName] };
        using var cursor = scored.GetRowCursor(columns);
        var imageGetter = cursor.GetGetter<MLImage>(columns[0]);
        var foundGetter = cursor.GetGetter<VBuffer<float>>(columns[1]);
        MLImage image = null!;
        VBuffer<float> found = default;
        try
        {
            for (int row = 0; row < Samples && cursor.MoveNext(); row++)
            {
                imageGetter(ref image);
                foundGetter(ref found);
                using var marked = Mark(image, test.TrueBox(row));
                sheet.Add(new SheetCell(
                    [
                        SheetPicture.FromImage(marked, ThetaOverlay.Outline(TransformationKind.Attention, boxes[row].Theta, image.Width, image.Height)),
                        SheetPicture.FromValues([.. found.DenseValues()], 1, FashionMnistSplit.Side, FashionMnistSplit.Side),
                    ],
                    [new SheetCaption(string.Create(CultureInfo.InvariantCulture, $"IoU {boxes[row].Overlap:F2}"), SheetColors.Of(boxes[row].Overlap > FoundBox.Enough))]));
            }
        }
        finally
        {
            image?.Dispose();
        }

        sheet.Save(path);
    }

    /// <summary>A copy of a picture with the frame of a box in green.</summary>
    private static MLImage Mark(MLImage image, PixelBox box)
    {
        byte[] pixels = [.. image.Pixels];
        int left = (int)box.Left, top = (int)box.Top, right = left + (int)box.Width - 1, bottom = top + (int)box.Height - 1;
        for (int r = top; r <= bottom; r++)
        {
            for (int c = left; c <= right; c += r == top || r == bottom ? 1 : right - left)
            {
                var pixel = pixels.AsSpan(4 * (r * image.Width + c), 3);
                pixel.Clear();
                pixel[1] = 190;
            }
        }

        return MLImage.CreateFromPixels(image.Width, image.Height, image.PixelFormat, pixels);
    }
}
