namespace Microsoft.ML.Spatial.Samples.DistortedFashion.Reporting;

/// <summary>Test errors in percent that Jaderberg et al. 2015 (arXiv 1506.02025, table 1) publish for distorted MNIST: another data set than this program's.</summary>
internal static class PublishedFigures
{
    private static readonly string[] Distortions = ["R", "RTS", "P", "E", "TC"];

    private static readonly Dictionary<string, double[]> Errors = new()
    {
        ["FCN"] = [2.1, 5.2, 3.1, 3.2, 13.2],
        ["CNN"] = [1.2, 0.8, 1.5, 1.4, 3.5],
        ["ST-FCN-Aff"] = [1.2, 0.8, 1.5, 2.7, 2.0],
        ["ST-FCN-Proj"] = [1.3, 0.9, 1.4, 2.6],
        ["ST-FCN-TPS"] = [1.1, 0.8, 1.4, 2.4],
        ["ST-CNN-Aff"] = [0.7, 0.5, 0.8, 1.2, 1.7],
        ["ST-CNN-Proj"] = [0.8, 0.6, 0.8, 1.3],
        ["ST-CNN-TPS"] = [0.7, 0.5, 0.8, 1.1],
    };

    /// <summary>A published error; null where there is none.</summary>
    public static double? For(string distortion, string model)
    {
        int place = Array.IndexOf(Distortions, distortion);
        return place >= 0 && Errors.TryGetValue(model, out var errors) && place < errors.Length ? errors[place] : null;
    }
}
