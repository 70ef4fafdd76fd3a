namespace Microsoft.ML.Spatial.Components;

/// <summary>The form in which <see cref="SpatialTransformerRectifier"/> hands out a rectified image.</summary>
public enum RectifiedOutputKind
{
    /// <summary>A float vector of dimensions [T * C, H, W], T being the number of parallel transformers, in the units of the input (an <c>MLImage</c> is read as pixel / 255).</summary>
    Vector,

    /// <summary>An <c>MLImage</c> (Bgra32, alpha 255); values are clamped to [0, 1] and scaled to 0..255. Needs 1 or 3 channels (T * C).</summary>
    Image,
}
