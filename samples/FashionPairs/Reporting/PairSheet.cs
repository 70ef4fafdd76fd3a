using System.Globalization;
using Microsoft.ML.Data;
using Microsoft.ML.Spatial.Samples.FashionMnist.Data;
using Microsoft.ML.Spatial.Samples.FashionMnist.Reporting;
using Microsoft.ML.Spatial.Samples.FashionPairs.Data;
using Microsoft.ML.Spatial.Samples.FashionPairs.Training;
using Microsoft.ML.Spatial.Visualization;

namespace Microsoft.ML.Spatial.Samples.FashionPairs.Reporting;

/// <summary>A contact sheet of what each transformer looked at in the first test pictures.</summary>
internal static class PairSheet
{
    private const int Samples = 24;
    private const int PictureSide = 126;

    /// <summary>Predicts the first test pictures and saves the sheet as PNG.</summary>
    /// <param name="model">The model, with transformers.</param>
    /// <param name="data">The data set.</param>
    /// <param name="options">What the transformers may do, and the seed of the distortions.</param>
    /// <param name="pair">What was trained.</param>
    /// <param name="error">The model's test error in percent, for the title.</param>
    /// <param name="path">The PNG file.</param>
    public static void Save(ITransformer model, FashionMnistDataSet data, PairOptions options, PairModel pair, double error, string path)
    {
        var test = FashionPairsView.Test(data, Math.Min(Samples, options.Run.TestImages), options.Run.DataSeed);
        var predictions = model.Transform(test);
        var schema = predictions.Schema;
        var sheet = new ContactSheet(columns: 3)
        {
            Title = string.Create(
                CultureInfo.InvariantCulture,
                $"{pair.Name}, test error {error:F2} %: what each transformer took (orange: upper edge) and made of it"),
            PictureSide = PictureSide,
        };

        var columns = new[] { DrawnPicturesView.ImageColumnName, "PredictedLabel", PairTraining.ThetaColumnName, PairTraining.RectifiedColumnName }.Select(name => schema[name]).ToArray();
        using var cursor = predictions.GetRowCursor(columns);
        var imageGetter = cursor.GetGetter<MLImage>(columns[0]);
        var predictedGetter = cursor.GetGetter<uint>(columns[1]);
        var thetaGetter = cursor.GetGetter<VBuffer<float>>(columns[2]);
        var rectifiedGetter = cursor.GetGetter<VBuffer<float>>(columns[3]);
        MLImage image = null!;
        uint predicted = 0;
        VBuffer<float> theta = default, rectified = default;
        try
        {
            while (cursor.MoveNext())
            {
                imageGetter(ref image);
                predictedGetter(ref predicted);
                thetaGetter(ref theta);
                rectifiedGetter(ref rectified);
                List<SheetPicture> pictures = [];
                for (int k = 0; k < pair.Transformers; k++)
                {
                    pictures.Add(SheetPicture.FromImage(image, ThetaOverlay.Outline(options.Transformation, Part(theta, k, pair.Transformers), image.Width, image.Height)));
                    pictures.Add(SheetPicture.FromValues(Part(rectified, k, pair.Transformers), 3, FashionMnistSplit.Side, FashionMnistSplit.Side));
                }

                sheet.Add(new SheetCell(pictures, Captions(test, (int)cursor.Position, (int)predicted - 1)));
            }
        }
        finally
        {
            image?.Dispose();
        }

        sheet.Save(path);
    }

    private static float[] Part(VBuffer<float> values, int part, int parts)
    {
        float[] dense = [.. values.DenseValues()];
        int length = dense.Length / parts;
        return dense[(part * length)..((part + 1) * length)];
    }

    private static SheetCaption[] Captions(FashionPairsView test, int row, int predicted)
    {
        var names = FashionMnistDataSet.ClassNames;
        int first = test.FirstLabel(row), second = test.SecondLabel(row);
        var color = SheetColors.Of(predicted == first + second);
        return [new(string.Create(CultureInfo.InvariantCulture, $"{names[first]} {first} + {names[second]} {second} = {first + second} -> {predicted}"), color)];
    }
}
