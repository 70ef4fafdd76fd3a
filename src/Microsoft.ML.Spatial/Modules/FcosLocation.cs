namespace Microsoft.ML.Spatial.Modules;

/// <summary>A position of the features that looks for an object.</summary>
/// <param name="X">The pixel of the image it stands for, across.</param>
/// <param name="Y">The same, down.</param>
/// <param name="Stride">Pixels from one position to the next.</param>
/// <param name="LeastReach">It looks for objects of which the farthest side is farther than this, in pixels.</param>
/// <param name="MostReach">And no farther than this.</param>
internal readonly record struct FcosLocation(float X, float Y, int Stride, float LeastReach, float MostReach)
{
    // The sizes of objects go to levels by the farthest side: up to 8 strides, those of the last level without end (64, 128, 256, 512 for strides 8 to 64; Tian et al. 2019, section 3.2).
    private const float ReachOfStride = 8;

    /// <summary>All positions, the finest level first, row by row.</summary>
    /// <param name="levels">The levels.</param>
    /// <param name="height">Height of the images in pixels.</param>
    /// <param name="width">Width of the images in pixels.</param>
    public static FcosLocation[] All(IReadOnlyList<FeatureLevel> levels, int height, int width)
    {
        var locations = new List<FcosLocation>();
        for (var level = 0; level < levels.Count; level++)
        {
            var stride = levels[level].Stride;
            var least = level == 0 ? 0 : ReachOfStride * levels[level - 1].Stride;
            var most = level == levels.Count - 1 ? float.PositiveInfinity : ReachOfStride * stride;
            for (var y = 0; y < height; y += stride)
            {
                for (var x = 0; x < width; x += stride)
                    locations.Add(new FcosLocation(x + (stride / 2), y + (stride / 2), stride, least, most));
            }
        }

        return [.. locations];
    }
}
