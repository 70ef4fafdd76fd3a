namespace Microsoft.ML.Spatial.Functional.Kernels;

/// <summary>How the value between pixels is read.</summary>
internal enum Interpolation
{
    /// <summary>The nearest pixel.</summary>
    Nearest,

    /// <summary>Between four pixels.</summary>
    Linear,

    /// <summary>Between sixteen pixels.</summary>
    Cubic,
}
