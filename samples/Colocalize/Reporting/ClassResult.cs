namespace Microsoft.ML.Spatial.Samples.Colocalize.Reporting;

/// <summary>What came of one class.</summary>
/// <param name="Class">The name of the class.</param>
/// <param name="TrainingPictures">The number of pictures trained on.</param>
/// <param name="Boxes">The number of test pictures, of one box each.</param>
/// <param name="Found">How many boxes overlap the true one by an IoU above 0.5.</param>
/// <param name="MeanOverlap">The mean IoU of all boxes.</param>
/// <param name="IsSameReloaded">Whether the saved model, loaded again, finds the same box in every test picture.</param>
/// <param name="TrainingLoss">The co-localisation loss of the last epoch, hinge plus overhang; null where none ended.</param>
/// <param name="TrainingSeconds">The wall time of the training.</param>
/// <param name="ModelFile">The saved model.</param>
internal sealed record ClassResult(
    string Class, int TrainingPictures, int Boxes, int Found, double MeanOverlap, bool IsSameReloaded, double? TrainingLoss, double TrainingSeconds, string ModelFile)
{
    /// <summary>Found boxes in percent.</summary>
    public double FoundShare => 100.0 * Found / Boxes;
}
