using System.Globalization;

namespace Microsoft.ML.Spatial.Samples.DistortedFashion.Reporting;

/// <summary>
/// Test errors of a PyTorch program of the same recipe: 60,000 images distorted afresh in each epoch, Adam 1e-3, cosine, batch 128,
/// localisation learning-rate factor 1 (0.3 on E), the full 10,000 test images; one value for each seed.
/// </summary>
internal static class ReferenceFigures
{
    private static readonly (string Distortion, string Model, int Epochs, double[] Errors)[] Figures =
    [
        ("R", "FCN", 5, [20.75]),
        ("R", "CNN", 5, [17.50]),
        ("R", "ST-CNN-Aff", 5, [17.69]),
        ("RTS", "FCN", 5, [31.17]),
        ("RTS", "CNN", 5, [23.53, 24.20]),
        ("RTS", "ST-CNN-Aff", 5, [18.26, 17.58]),
        ("RTS", "ST-CNN-TPS", 5, [17.52]),
        ("P", "FCN", 5, [40.12]),
        ("P", "CNN", 5, [27.27]),
        ("P", "ST-CNN-Aff", 5, [22.88]),
        ("P", "ST-CNN-TPS", 5, [22.56]),
        ("E", "FCN", 5, [20.57]),
        ("E", "CNN", 5, [15.93]),
        ("E", "ST-CNN-Aff", 5, [15.24]),
        ("E", "ST-CNN-TPS", 5, [15.55]),
        ("TC", "FCN", 2, [41.02]),
        ("TC", "CNN", 2, [26.85]),
        ("TC", "ST-CNN-Aff", 4, [20.66]),
    ];

    /// <summary>The reference's errors, with its number of epochs; a dash where there are none.</summary>
    public static string For(string distortion, string model)
    {
        var figure = Figures.SingleOrDefault(f => f.Distortion == distortion && f.Model == model);
        return figure.Errors is null
            ? "-"
            : string.Create(CultureInfo.InvariantCulture, $"{string.Join(", ", figure.Errors.Select(e => e.ToString("F2", CultureInfo.InvariantCulture)))} ({figure.Epochs} epochs)");
    }
}
