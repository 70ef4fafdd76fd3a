using Microsoft.ML.Spatial.Samples.FashionMnist.Data;

namespace Microsoft.ML.Spatial.Samples.DetectFashion.Generation;

/// <summary>A box of whole pixels.</summary>
/// <param name="Left">The first column of pixels.</param>
/// <param name="Top">The first row.</param>
/// <param name="Right">The first column outside.</param>
/// <param name="Bottom">The first row outside.</param>
internal readonly record struct SceneBox(int Left, int Top, int Right, int Bottom)
{
    // Together they keep two items from hiding each other.
    private const double MostOverUnion = 0.10;
    private const double MostOverOne = 0.25;

    /// <summary>The same box as a place and a size.</summary>
    public PixelBox ToPixelBox() => new(Left, Top, Right - Left, Bottom - Top);

    /// <summary>Whether this and another box have too much in common for two items: an intersection above 0.10 of the union, or above 0.25 of either.</summary>
    public bool Crowds(SceneBox other)
    {
        int width = Math.Min(Right, other.Right) - Math.Max(Left, other.Left), height = Math.Min(Bottom, other.Bottom) - Math.Max(Top, other.Top);
        if (width <= 0 || height <= 0)
            return false;
        double common = width * height, own = Area, others = other.Area;
        return common / (own + others - common) > MostOverUnion || common / own > MostOverOne || common / others > MostOverOne;
    }

    private int Area => (Right - Left) * (Bottom - Top);
}
