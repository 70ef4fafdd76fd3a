namespace Microsoft.ML.Spatial.Components;

/// <summary>What <c>Fit</c> does with a row whose image is missing, cannot be decoded, has a refused size or holds a value that is not finite.</summary>
/// <remarks>An <c>MLImage</c> column is read here, row by row. Where a transform upstream reads the images (<c>ExtractPixels</c>) and fails, <c>Fit</c> fails.</remarks>
public enum InvalidImages
{
    /// <summary>Stop with an error that names the row.</summary>
    Fail,

    /// <summary>Leave the row out, count it in <see cref="Training.TrainingEpoch.SkippedImages"/> and warn once an epoch.</summary>
    Skip,
}
