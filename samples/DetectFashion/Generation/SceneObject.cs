namespace Microsoft.ML.Spatial.Samples.DetectFashion.Generation;

/// <summary>An item of a scene.</summary>
/// <param name="Box">Where it is.</param>
/// <param name="Label">Its class, from 0.</param>
internal readonly record struct SceneObject(SceneBox Box, int Label);
