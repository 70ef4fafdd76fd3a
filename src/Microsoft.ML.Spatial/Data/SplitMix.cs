namespace Microsoft.ML.Spatial.Data;

/// <summary>The mixing function of SplitMix64 (Steele, Lea and Flood 2014), a hash of 64 bits whose every bit depends on all of them.</summary>
internal static class SplitMix
{
    public static ulong Mix(ulong z)
    {
        unchecked
        {
            z += 0x9E3779B97F4A7C15;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            return z ^ (z >> 31);
        }
    }

    /// <summary>A hash as a number in [0, 1).</summary>
    public static double Uniform(ulong hash) => (hash >> 11) * (1.0 / (1UL << 53));
}
