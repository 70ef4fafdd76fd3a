namespace Microsoft.ML.Spatial.Modules;

/// <summary>How a network of fixed depth copes with pictures of any size: a side is halved until it is at most 32 pixels.</summary>
internal static class Halving
{
    private const long LargestSide = 32;

    /// <summary>The least power of two that brings a side down to at most 32 pixels. All halvings are done by one pooling of this size.</summary>
    internal static long Factor(long side)
    {
        long factor = 1;
        while (side / factor > LargestSide)
            factor *= 2;
        return factor;
    }
}
