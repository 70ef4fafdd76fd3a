namespace Microsoft.ML.Spatial.Modules;

/// <summary>How a network of fixed depth copes with pictures of any size: a side is halved until it is small enough.</summary>
internal static class Halving
{
    private const long LargestSide = 32;

    /// <summary>The least power of two that brings a side down to at most <paramref name="largest"/> pixels. All halvings are done by one pooling of this size.</summary>
    internal static long Factor(long side, long largest = LargestSide)
    {
        long factor = 1;
        while (side / factor > largest)
            factor *= 2;
        return factor;
    }
}
