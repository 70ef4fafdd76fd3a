using Microsoft.ML.Data;
using Microsoft.ML.Spatial.Components;
using Microsoft.ML.Spatial.FreshProcess;

namespace Microsoft.ML.Spatial.Tests.Components;

/// <summary>Small data and quick options for the tests of components.</summary>
internal static class Shapes
{
    public const int Side = ShapeRows.Side;

    public static IDataView View(MLContext ml, int count = 90, int seed = 3) => ml.Data.LoadFromEnumerable(ShapeRows.Make(count, seed));

    /// <summary>The view with its names mapped to keys.</summary>
    public static IDataView Keyed(MLContext ml, int count = 90, int seed = 3)
    {
        var view = View(ml, count, seed);
        return ml.Transforms.Conversion.MapValueToKey("Label", "Name").Fit(view).Transform(view);
    }

    public static SpatialTransformerTrainer.Options Options() => StandardFit.Options();

    public static SpatialTransformerTrainer.Options RichOptions()
    {
        var options = StandardFit.Options();
        options.ThetaColumnName = "Theta";
        options.RectifiedColumnName = "Rectified";
        options.RectifiedHeight = 8;
        options.RectifiedWidth = 10;
        return options;
    }

    public static SpatialTransformerEstimator.Options EstimatorOptions(RectifiedOutputKind kind = RectifiedOutputKind.Vector) => new()
    {
        ImageHeight = Side,
        ImageWidth = Side,
        Epochs = 2,
        BatchSize = 16,
        LearningRate = 3e-3,
        OutputKind = kind,
        ThetaColumnName = "Theta",
        RectifiedHeight = 8,
        RectifiedWidth = 10,
    };

    /// <summary>Reads a column of vectors.</summary>
    public static float[][] Vectors(IDataView view, string column) => view.GetColumn<float[]>(column).ToArray();

    /// <summary>A grey picture as ML.NET holds it.</summary>
    public static MLImage Picture(float[] values, int height, int width, MLPixelFormat format = MLPixelFormat.Bgra32)
    {
        var pixels = new byte[height * width * 4];
        for (var i = 0; i < values.Length; i++)
        {
            var value = (byte)((values[i] * 255) + 0.5f);
            pixels.AsSpan(4 * i, 3).Fill(value);
            pixels[(4 * i) + 3] = byte.MaxValue;
        }

        return MLImage.CreateFromPixels(width, height, format, pixels);
    }
}
