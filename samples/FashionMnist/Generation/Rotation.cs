namespace Microsoft.ML.Spatial.Samples.FashionMnist.Generation;

/// <summary>R: a rotation by t = (2u0 - 1) * 90 degrees, on a canvas of the picture's own size.</summary>
internal sealed class Rotation : Warp
{
    /// <inheritdoc/>
    public override string Name => "R";

    /// <inheritdoc/>
    public override string Description => "rotation within 90 degrees either way";

    /// <inheritdoc/>
    public override int Id => 0;

    /// <inheritdoc/>
    public override int CanvasSide => 28;

    /// <inheritdoc/>
    protected override void Map(CounterUniforms uniforms, Span<double> qx, Span<double> qy) =>
        MapSimilarity((2 * uniforms[0] - 1) * (90 * (Math.PI / 180)), 1, 0, 0, qx, qy);
}
