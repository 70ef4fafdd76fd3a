namespace Microsoft.ML.Spatial.Training;

/// <summary>The seed of what is random in one epoch of a training.</summary>
internal static class EpochSeed
{
    /// <summary>A number that depends on both.</summary>
    public static int Of(int seed, int epoch) => unchecked((seed * 486187739) + (epoch * 16777619));
}
