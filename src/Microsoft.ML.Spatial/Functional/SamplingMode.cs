namespace Microsoft.ML.Spatial.Functional;

/// <summary>How the value between pixels is read.</summary>
public enum SamplingMode
{
    /// <summary>
    /// The value of the nearest pixel, <c>U[⌊y + 0.5⌋, ⌊x + 0.5⌋]</c> in pixel coordinates (Jaderberg et al. 2015, equation 4).
    /// Coordinates receive no gradient.
    /// </summary>
    Nearest = 0,

    /// <summary>The bilinear kernel <c>Σ U·max(0, 1−|x−m|)·max(0, 1−|y−n|)</c> (Jaderberg et al. 2015, equation 5).</summary>
    Bilinear = 1,
}
