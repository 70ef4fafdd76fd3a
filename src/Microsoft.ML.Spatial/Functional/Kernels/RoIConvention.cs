namespace Microsoft.ML.Spatial.Functional.Kernels;

/// <summary>Where an RoI lies on the feature map, and where in a bin its samples.</summary>
internal enum RoIConvention
{
    /// <summary>Pixel 0 has its centre at 0; no side is below 1. Samples at the middle of equal parts of a bin, read up to 1 pixel outside and zero beyond.</summary>
    Plain,

    /// <summary>The same, with pixel 0 from 0 to 1, and sides of any length.</summary>
    Aligned,

    /// <summary>
    /// Image coordinates are whole pixels, both ends included. Samples at the first corner of equal parts of a bin; those over 0.5 pixels outside do not count.
    /// </summary>
    Cornered,
}
