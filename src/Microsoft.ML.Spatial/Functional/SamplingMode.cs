namespace Microsoft.ML.Spatial.Functional;

/// <summary>How the value between pixels is read.</summary>
public enum SamplingMode
{
    /// <summary>
    /// The value of the nearest pixel, <c>U[⌊y + 0.5⌋, ⌊x + 0.5⌋]</c> in pixel coordinates (Jaderberg et al. 2015, equation 4).
    /// Coordinates receive no gradient.
    /// </summary>
    Nearest = 0,

    /// <summary>
    /// The bilinear kernel <c>Σ U·max(0, 1−|x−m|)·max(0, 1−|y−n|)</c> (Jaderberg et al. 2015, equation 5); of a volume, the trilinear one.
    /// </summary>
    Bilinear = 1,

    /// <summary>
    /// Cubic convolution over 4 x 4 pixels with a = −0.75, as PyTorch's <c>grid_sample(mode="bicubic")</c>: smooth in the coordinates, and it may go
    /// a little beyond the picture's values. Pictures only (Keys 1981, Cubic convolution interpolation for digital image processing).
    /// </summary>
    Bicubic = 2,
}
