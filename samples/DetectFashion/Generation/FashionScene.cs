namespace Microsoft.ML.Spatial.Samples.DetectFashion.Generation;

/// <summary>A grey picture with the items in it.</summary>
/// <param name="Pixels">96 x 96 pixels, row-major.</param>
/// <param name="Objects">The items, in the order in which they were put there.</param>
internal sealed record FashionScene(byte[] Pixels, IReadOnlyList<SceneObject> Objects)
{
    /// <summary>The side of a scene in pixels.</summary>
    public const int Side = 96;
}
