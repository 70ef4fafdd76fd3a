namespace Microsoft.ML.Spatial.Components;

/// <summary>
/// What a loader or <c>Fit</c> does with a box that reaches outside its image (by more than a hundredth of a pixel, which is the rounding of files), or whose width or height is not above 0.
/// A number that is not finite is an error whatever this says.
/// </summary>
public enum InvalidBoxes
{
    /// <summary>Stop with an error that names the file or the row, the object and the box.</summary>
    Fail,

    /// <summary>Cut the box off at the edges of the image; leave the object out where nothing is left. One warning tells how many there were of each.</summary>
    Clip,

    /// <summary>Leave the object out. One warning tells how many there were.</summary>
    Skip,
}
