using System.Globalization;
using Microsoft.ML.Data;
using Microsoft.ML.Spatial.Components;
using Microsoft.ML.Spatial.Samples.DistortedFashion.Data;
using Microsoft.ML.Spatial.Samples.DistortedFashion.Training;
using Microsoft.ML.Spatial.Samples.FashionMnist.Data;
using Microsoft.ML.Spatial.Samples.FashionMnist.Generation;
using Microsoft.ML.Spatial.Samples.FashionMnist.Reporting;
using Microsoft.ML.Spatial.Visualization;

namespace Microsoft.ML.Spatial.Samples.DistortedFashion.Reporting;

/// <summary>A contact sheet of a model's first predictions on the test images.</summary>
internal static class PredictionSheet
{
    private const int Samples = 24;
    private const int PictureSide = 210;

    /// <summary>Predicts the first test images and saves the sheet as PNG.</summary>
    /// <param name="model">The pipeline, as ML.NET loads it; with a transformer it delivers theta and the rectified picture, which are then shown.</param>
    /// <param name="data">The data set.</param>
    /// <param name="distortion">The distortion.</param>
    /// <param name="seed">The seed of the distortions.</param>
    /// <param name="name">The model's name, for the title.</param>
    /// <param name="error">The model's test error in percent, for the title.</param>
    /// <param name="path">The PNG file.</param>
    public static void Save(ITransformer model, FashionMnistDataSet data, Distortion distortion, int seed, string name, double error, string path)
    {
        var predictions = model.Transform(DistortedFashionView.Test(data, distortion, Samples, seed));
        var schema = predictions.Schema;
        var theta = schema.GetColumnOrNull(ModelTraining.ThetaColumnName);
        var rectified = schema.GetColumnOrNull(ModelTraining.RectifiedColumnName);
        var kind = ((IEnumerable<ITransformer>)model).OfType<SpatialTransformerClassifier>().Single().NetworkSpec.Transformation;
        var transforms = theta is not null && rectified is not null;
        var shown = !transforms ? "input" : "input with the outline of what the transformer took (orange: its upper edge), rectified";
        var sheet = new ContactSheet(columns: transforms ? 4 : 6)
        {
            Title = string.Create(CultureInfo.InvariantCulture, $"{distortion.Name} {name}, test error {error:F2} %: {shown}; true -> predicted"),
            PictureSide = PictureSide,
        };

        var columns = new[] { schema[DistortedFashionView.LabelColumnName], schema[DistortedFashionView.ImageColumnName], schema["PredictedLabel"], schema["Score"] };
        using var cursor = predictions.GetRowCursor([.. columns, .. new[] { theta, rectified }.OfType<DataViewSchema.Column>()]);
        var labelGetter = cursor.GetGetter<uint>(columns[0]);
        var imageGetter = cursor.GetGetter<MLImage>(columns[1]);
        var predictedGetter = cursor.GetGetter<uint>(columns[2]);
        var scoreGetter = cursor.GetGetter<VBuffer<float>>(columns[3]);
        var thetaGetter = theta is { } t ? cursor.GetGetter<VBuffer<float>>(t) : null;
        var rectifiedGetter = rectified is { } r ? cursor.GetGetter<VBuffer<float>>(r) : null;
        uint label = 0, predicted = 0;
        MLImage image = null!;
        VBuffer<float> score = default, thetaValue = default, rectifiedValue = default;
        try
        {
            while (cursor.MoveNext())
            {
                labelGetter(ref label);
                imageGetter(ref image);
                predictedGetter(ref predicted);
                scoreGetter(ref score);
                List<SheetPicture> pictures = [];
                if (thetaGetter is not null && rectifiedGetter is not null)
                {
                    thetaGetter(ref thetaValue);
                    rectifiedGetter(ref rectifiedValue);
                    pictures.Add(SheetPicture.FromImage(image, ThetaOverlay.Outline(kind, Dense(thetaValue), image.Width, image.Height)));
                    pictures.Add(SheetPicture.FromValues(Dense(rectifiedValue), 1, FashionMnistSplit.Side, FashionMnistSplit.Side));
                }
                else
                {
                    pictures.Add(SheetPicture.FromImage(image));
                }

                sheet.Add(new SheetCell(pictures, Captions(label, predicted, Dense(score).Max(), pictures.Count > 1)));
            }
        }
        finally
        {
            image?.Dispose();
        }

        sheet.Save(path);
    }

    private static float[] Dense(VBuffer<float> values) => [.. values.DenseValues()];

    /// <summary>One line where two pictures give room for it, two lines otherwise.</summary>
    private static SheetCaption[] Captions(uint label, uint predicted, float probability, bool isWide)
    {
        var color = SheetColors.Of(label == predicted);
        var truth = FashionMnistDataSet.ClassNames[(int)label - 1];
        var prediction = string.Create(CultureInfo.InvariantCulture, $"-> {FashionMnistDataSet.ClassNames[(int)predicted - 1]} {100 * probability:F0}%");
        return isWide ? [new($"{truth} {prediction}", color)] : [new(truth, color), new(prediction, color)];
    }
}
