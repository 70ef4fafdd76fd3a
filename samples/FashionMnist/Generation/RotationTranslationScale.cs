namespace Microsoft.ML.Spatial.Samples.FashionMnist.Generation;

/// <summary>
/// RTS: a rotation by t = (2u0 - 1) * 45 degrees, a scale s = 0.7 + 0.5 u1 and a shift of ((2u2 - 1) * 7, (2u3 - 1) * 7) pixels
/// on a 42 x 42 canvas.
/// </summary>
internal sealed class RotationTranslationScale : Warp
{
    /// <inheritdoc/>
    public override string Name => "RTS";

    /// <inheritdoc/>
    public override string Description => "rotation within 45 degrees either way, scale 0.7 to 1.2, anywhere on 42 x 42";

    /// <inheritdoc/>
    public override int Id => 1;

    /// <inheritdoc/>
    public override int CanvasSide => 42;

    /// <inheritdoc/>
    protected override void Map(CounterUniforms uniforms, Span<double> qx, Span<double> qy) =>
        MapSimilarity(
            (2 * uniforms[0] - 1) * (45 * (Math.PI / 180)),
            0.7 + 0.5 * uniforms[1],
            (2 * uniforms[2] - 1) * 7,
            (2 * uniforms[3] - 1) * 7,
            qx,
            qy);
}
