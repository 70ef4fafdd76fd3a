namespace Microsoft.ML.Spatial.Samples.Colocalize.Reporting;

/// <summary>What came of a run, as results.json holds it.</summary>
/// <param name="Images">How many pictures of the training file were looked through.</param>
/// <param name="TestImages">The same of the test file.</param>
/// <param name="Epochs">The number of epochs asked for.</param>
/// <param name="Batch">The number of pictures in a step.</param>
/// <param name="Seed">The seed of weights, order and random windows.</param>
/// <param name="DataSeed">The seed of places and clutter.</param>
/// <param name="Threads">The number of threads that computed.</param>
/// <param name="Seconds">The wall time of the run.</param>
/// <param name="Classes">The classes.</param>
internal sealed record ColocalizeReport(
    int Images, int TestImages, int Epochs, int Batch, int Seed, int DataSeed, int Threads, double Seconds, IReadOnlyList<ClassResult> Classes)
{
    /// <summary>Boxes found of all classes, in percent; null where there are none.</summary>
    public double? FoundShare => OfBoxes(100.0 * Classes.Sum(c => c.Found));

    /// <summary>The mean IoU of the boxes of all classes; null where there are none.</summary>
    public double? MeanOverlap => OfBoxes(Classes.Sum(c => c.MeanOverlap * c.Boxes));

    private double? OfBoxes(double sum) => Classes.Sum(c => c.Boxes) is > 0 and var boxes ? sum / boxes : null;
}
